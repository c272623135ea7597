"use client"

import { useEvents } from "@/components/audit-log/events-context"
import { useLogQuery } from "@/components/audit-log/query-context"
import type { FetchFailure } from "@/components/audit-log/request"
import { Button } from "@/components/ui/button"
import { FailureNotice } from "./failure-notice"

const headings: Readonly<Record<string, string>> = {
  "rate-limited": "Too many searches at once",
  unavailable: "The database is away",
  unreachable: "The server could not be reached",
  timeout: "The search took longer than it may",
}

function headingOf({ code }: FetchFailure): string {
  return headings[code] ?? "The log could not be searched"
}

/** A failed search: never shown as "no events". The query stays, and can be repeated. */
export function SearchFailure({ failure }: { readonly failure: FetchFailure }) {
  const { retry } = useLogQuery()
  return <FailureNotice failure={failure} what={headingOf(failure)} onRetry={retry} />
}

/** A failed query while other rows are displayed: they stay, with a note which query they belong to. */
export function UnansweredQuery({ failure }: { readonly failure: FetchFailure }) {
  const { retry, cancel } = useLogQuery()
  const hasRows = (useEvents()?.pages.rows.length ?? 0) > 0
  return (
    <FailureNotice
      failure={failure}
      what={headingOf(failure)}
      onRetry={retry}
      otherAction={
        <Button size="sm" variant="ghost" onClick={cancel}>
          Go back
        </Button>
      }
    >
      {hasRows ? <p>The events below still match the previous filters.</p> : null}
    </FailureNotice>
  )
}
