"use client"

import { useEvents } from "@/components/audit-log/events-context"
import { useLogQuery } from "@/components/audit-log/query-context"
import { SortLink } from "./table-head"

/** The controls of the table's head, for rows shown as cards, which have no head. */
export function CardHead() {
  const { answered } = useLogQuery()
  const events = useEvents()
  if (!events || events.pages.rows.length === 0) return null
  return (
    <div className="flex items-center justify-end gap-3 border-b px-4 pb-2 text-xs @lg:hidden">
      <SortLink>{answered.order === "oldest" ? "Oldest first" : "Newest first"}</SortLink>
    </div>
  )
}
