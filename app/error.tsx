"use client"

import { Failed, type FailedProps } from "@/components/navigation/failed"

export default function ErrorPage({ error, retry }: FailedProps) {
  return (
    <main>
      <Failed error={error} retry={retry} />
    </main>
  )
}
