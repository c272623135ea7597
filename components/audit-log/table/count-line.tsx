"use client"

import { useEffect, useState } from "react"
import type { EventsView } from "@/components/audit-log/events-context"

const numbers = new Intl.NumberFormat("en")

/** Returns a number with thousands separators. */
export function formatCount(count: number): string {
  return numbers.format(count)
}

/** The number of events of the query, as far as counted: "1,204 events", "10,000+ events", "… events". */
export function HitCount({ events }: { readonly events: EventsView }) {
  const { total } = events
  return (
    <span className="inline-block min-w-[9ch] font-medium text-foreground tabular-nums">
      {total ? `${formatCount(total.count)}${total.exact ? "" : "+"}` : "…"}{" "}
      {total?.count === 1 ? "event" : "events"}
    </span>
  )
}

/** How many of the events are displayed; nothing when it is all of them. */
export function CountLine({ events }: { readonly events: EventsView }) {
  const { pages, total } = events
  if (!pages.hasMore) return null
  return (
    <p className="text-sm text-muted-foreground tabular-nums">
      <span className="text-foreground">{formatCount(pages.rows.length)}</span> of{" "}
      {total ? `${formatCount(total.count)}${total.exact ? "" : "+"}` : "…"} events loaded
    </p>
  )
}

/** Announces how many events are loaded, politely and only after a change. */
export function LoadedAnnouncement({ events }: { readonly events: EventsView }) {
  const { pages, first } = events
  const [silent] = useState(first)
  const [said, setSaid] = useState("")
  const { loading } = pages
  const count = pages.rows.length
  useEffect(() => {
    if (loading || (first === silent && count === first.rows.length)) return
    setSaid(`${formatCount(count)} ${count === 1 ? "event" : "events"} loaded`)
  }, [loading, count, first, silent])
  return (
    <p role="status" className="sr-only">
      {said}
    </p>
  )
}
