"use client"

import Link from "next/link"
import { usePathname } from "next/navigation"

const tabs = [
  { label: "Policy", path: "" },
  { label: "Producers", path: "/producers" },
  { label: "History", path: "/history" },
] as const

/** The tabs of Capture; each is a page with its own url. */
export function CaptureTabs({ slug }: { readonly slug: string }) {
  const pathname = usePathname()
  return (
    <nav aria-label="Capture" className="flex gap-5 overflow-x-auto border-b">
      {tabs.map(({ label, path }) => {
        const href = `/${slug}/admin/settings/capture${path}`
        return (
          <Link
            key={path}
            href={href}
            aria-current={pathname === href ? "page" : undefined}
            className="-mb-px flex h-9 items-center border-b-2 border-transparent text-sm font-medium whitespace-nowrap text-muted-foreground transition-colors hover:text-foreground focus-visible:outline-offset-[-2px] aria-[current]:border-primary aria-[current]:text-foreground"
          >
            {label}
          </Link>
        )
      })}
    </nav>
  )
}
