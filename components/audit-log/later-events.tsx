"use client"

import { useEffect, useState } from "react"
import type { AuditQuery } from "@/lib/audit/query/query"
import { withWindow } from "@/lib/audit/query/query"
import type { BoundedCount } from "@/lib/audit/store"
import { afterWindow, fixedWindow } from "@/lib/audit/time/window"
import { useLog } from "./log-context"
import { dataAddress, queryAddress } from "./query/address"
import { fetchJson } from "./request"
import { formatCount } from "./table/count-line"

/**
 * Shows how many events claim a time after a time range that ends now, with a link to them: a clock that is far ahead must
 * not hide events. Shows nothing while there are none, or the number is unknown.
 */
export function LaterEvents() {
  const { slug, answered, window, queriedAt } = useLog()
  const later = window && afterWindow(window, queriedAt)
  if (!later) return null
  const query = { ...withWindow(answered, fixedWindow(later)), excludeToday: false }
  return <Counted key={queryAddress(slug, query)} slug={slug} query={query} />
}

function Counted({ slug, query }: { readonly slug: string; readonly query: AuditQuery }) {
  const { ask } = useLog()
  const counted = useCountOf(dataAddress(slug, "count", query))
  if (!counted || counted.count === 0) return null
  const noun = counted.count === 1 ? "event claims" : "events claim"
  return (
    <span role="status">
      {" "}
      <span className="text-foreground tabular-nums">
        {formatCount(counted.count)}
        {counted.exact ? "" : "+"}
      </span>{" "}
      {noun} a later time.{" "}
      <a
        href={queryAddress(slug, query)}
        className="text-foreground underline"
        onClick={event => {
          if (event.metaKey || event.ctrlKey || event.shiftKey) return
          event.preventDefault()
          ask(query)
        }}
      >
        Show
      </a>
    </span>
  )
}

/** Requested once per query, after the page has been shown. */
function useCountOf(address: string): BoundedCount | null {
  const { noticeRefusal } = useLog()
  const [count, setCount] = useState<BoundedCount | null>(null)
  useEffect(() => {
    const controller = new AbortController()
    fetchJson<BoundedCount>(address, controller.signal).then(result => {
      if (result.ok) setCount(result.value)
      else noticeRefusal(result.failure)
    })
    return () => controller.abort()
  }, [address, noticeRefusal])
  return count
}
