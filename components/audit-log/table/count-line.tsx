"use client"

import { useEffect, useState } from "react"
import type { EventsView } from "@/components/audit-log/events-context"

const numbers = new Intl.NumberFormat("en")

/** Promise: a number with its thousands parted. */
export function formatCount(count: number): string {
  return numbers.format(count)
}

/** How many events are on screen, of how many. */
export function CountLine({ events }: { readonly events: EventsView }) {
  const { pages, total } = events
  const loaded = pages.rows.length
  const noun = loaded === 1 && total?.count === 1 ? "event" : "events"
  return (
    <p className="text-sm text-muted-foreground tabular-nums">
      {!pages.hasMore ? (
        <>
          <span className="text-foreground">{formatCount(loaded)}</span> {noun}
        </>
      ) : (
        <>
          <span className="text-foreground">{formatCount(loaded)}</span> of{" "}
          {total ? `${formatCount(total.count)}${total.exact ? "" : "+"}` : "…"} {noun} loaded
        </>
      )}
    </p>
  )
}

/** Says politely, once it is so, how many events are loaded; silent about what was there from the beginning. */
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
