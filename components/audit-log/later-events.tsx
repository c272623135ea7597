"use client"

import type { AuditQuery } from "@/lib/audit/query/query"
import { withWindow } from "@/lib/audit/query/query"
import type { BoundedCount } from "@/lib/audit/store"
import { afterWindow, fixedWindow } from "@/lib/audit/time/window"
import { useAccess } from "./access-context"
import { dataAddress, queryAddress } from "./query/address"
import { useLogQuery } from "./query-context"
import { formatCount } from "./table/count-line"
import { useAnswer } from "./use-answer"

/**
 * Shows how many events claim a time after a time range that ends now, with a link to them: a clock that is far ahead must
 * not hide events. Shows nothing while there are none, or the number is unknown.
 */
export function LaterEvents() {
  const { slug, answered, window, queriedAt } = useLogQuery()
  const later = window && afterWindow(window, queriedAt)
  if (!later) return null
  const query = { ...withWindow(answered, fixedWindow(later)), excludeToday: false }
  return <Counted key={queryAddress(slug, query)} slug={slug} query={query} />
}

function Counted({ slug, query }: { readonly slug: string; readonly query: AuditQuery }) {
  const { ask } = useLogQuery()
  const { noticeRefusal } = useAccess()
  const address = dataAddress(slug, "count", query)
  const { value: counted } = useAnswer<BoundedCount>(address, { onFailure: noticeRefusal })
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
