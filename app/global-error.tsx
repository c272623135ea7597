"use client"

import "./globals.css"
import { Failed, type FailedProps } from "@/components/navigation/failed"

/** Replaces the whole document when the frame itself failed. */
export default function GlobalErrorPage({ error, retry }: FailedProps) {
  return (
    <html lang="en">
      <head>
        <title>Error · Auditorium</title>
      </head>
      <body>
        <main>
          <Failed error={error} retry={retry} />
        </main>
      </body>
    </html>
  )
}
