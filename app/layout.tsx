import "./globals.css"
import { GeistMono } from "geist/font/mono"
import { GeistSans } from "geist/font/sans"
import type { Metadata, Viewport } from "next"
import { cookies } from "next/headers"
import type { ReactNode } from "react"
import { parseTheme, themeCookie } from "@/components/theme/theme"
import { ToastRegion } from "@/components/ui/toast"
import { buildId } from "@/lib/http/build"

export const metadata: Metadata = {
  title: { default: "Auditorium", template: "%s · Auditorium" },
  description: "Who did what, to what, when, from where and with which outcome.",
  robots: { index: false, follow: false },
}

export const viewport: Viewport = {
  width: "device-width",
  initialScale: 1,
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#f9fafb" },
    { media: "(prefers-color-scheme: dark)", color: "#0d0e12" },
  ],
}

/** The frame of every page: language, fonts and theme. Reading the cookie makes each page dynamic. */
export default async function RootLayout({ children }: { readonly children: ReactNode }) {
  const theme = parseTheme((await cookies()).get(themeCookie)?.value)
  return (
    <html
      lang="en"
      data-build={buildId}
      data-theme={theme === "system" ? undefined : theme}
      className={`${GeistSans.variable} ${GeistMono.variable}`}
    >
      {/* Not among the metadata: that is rendered again with every change of the url, and the icon loaded again. */}
      <head>
        <link rel="icon" href="/favicon.svg" type="image/svg+xml" sizes="any" />
      </head>
      <body>
        {children}
        <ToastRegion />
      </body>
    </html>
  )
}
