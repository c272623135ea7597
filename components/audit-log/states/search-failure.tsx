"use client"

import { useLog } from "@/components/audit-log/log-context"
import type { FetchFailure } from "@/components/audit-log/request"
import { FailureNotice } from "./failure-notice"

const headings: Readonly<Record<string, string>> = {
  "rate-limited": "Too many searches at once",
  unavailable: "The database is away",
  timeout: "The search took longer than it may",
}

/** A search that did not answer: never shown as "no events". The question stays, and can be asked again. */
export function SearchFailure({ failure }: { readonly failure: FetchFailure }) {
  const { refresh } = useLog()
  return (
    <FailureNotice
      failure={failure}
      what={headings[failure.code] ?? "The log could not be searched"}
      onRetry={refresh}
    />
  )
}
