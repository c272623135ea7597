"use client"

import { useMemo } from "react"
import { queryAddress } from "@/components/audit-log/query/address"
import { type RelatedQuery, relatedQueries } from "@/components/audit-log/query/related"
import { ValueText } from "@/components/audit-log/values/value-text"
import type { AuditEvent } from "@/lib/audit/event/event"
import type { AuditQuery } from "@/lib/audit/query/query"
import type { BoundedCount } from "@/lib/audit/store"
import { useCounts } from "./use-counts"

export interface RelatedProps {
  readonly slug: string
  readonly event: AuditEvent
  readonly zone: string
  /** The event stays open beside the result. */
  readonly keepsEvent?: boolean
  /** Runs the query in place; without it the links lead to another page. */
  readonly onFollow?: (query: AuditQuery) => void
}

/** Links from an event to related queries, each with the number of its events. */
export function Related({ slug, event, zone, keepsEvent, onFollow }: RelatedProps) {
  const related = useMemo(() => relatedQueries(event, zone), [event, zone])
  const counts = useCounts(slug, related)
  return (
    <nav aria-label="Related events">
      <ul className="grid grid-cols-1 gap-0.5">
        {related.map((each, index) => (
          <li key={each.label}>
            <a
              href={queryAddress(slug, each.query, keepsEvent ? event.id : null)}
              title={`${each.label}: ${each.range}`}
              className="-mx-2 flex min-h-7 items-baseline gap-2 rounded-sm px-2 py-1 text-sm hover:bg-muted"
              onClick={press => {
                if (!onFollow || press.metaKey || press.ctrlKey || press.shiftKey || press.altKey) return
                press.preventDefault()
                onFollow(each.query)
              }}
            >
              <RelatedWords related={each} count={counts[index] ?? null} />
            </a>
          </li>
        ))}
      </ul>
    </nav>
  )
}

interface RelatedWordsProps {
  readonly related: RelatedQuery
  readonly count: BoundedCount | null
}

function RelatedWords({ related, count }: RelatedWordsProps) {
  const { label, range, value } = related
  return (
    <>
      <span className="shrink-0 text-link">{label === "Around this" ? `${label} (${range})` : label}</span>
      {value === null ? null : (
        <span className="min-w-0 flex-initial text-muted-foreground">
          <ValueText text={value} truncate />
        </span>
      )}
      <span className="ml-auto shrink-0 text-muted-foreground tabular-nums">
        {count === null ? null : (
          <>
            ({countWords(count)})
            <span className="sr-only">{count.count === 1 && count.exact ? " event" : " events"}</span>
          </>
        )}
      </span>
    </>
  )
}

const numbers = new Intl.NumberFormat("en")

/** A count that was stopped at its bound. */
function countWords({ count, exact }: BoundedCount): string {
  return `${numbers.format(count)}${exact ? "" : "+"}`
}
