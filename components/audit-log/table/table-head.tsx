"use client"

import { ArrowDown, ArrowUp } from "lucide-react"
import type { ReactNode } from "react"
import { queryAddress } from "@/components/audit-log/query/address"
import { useLogQuery } from "@/components/audit-log/query-context"
import { type AuditQuery, withOrder } from "@/lib/audit/query/query"
import { columnIds, columnLabels, columnPlaces } from "./column-places"

const roles = { head: { role: "rowgroup" }, row: { role: "row" }, cell: { role: "columnheader" } } as const

const sorts = { newest: "descending", oldest: "ascending", recorded: "none" } as const

/** The headings; they stay visible below the page's header. With cards only screen readers announce them. */
export function TableHead() {
  const { answered } = useLogQuery()
  return (
    <thead {...roles.head} className="@max-lg:sr-only">
      <tr {...roles.row} aria-rowindex={1}>
        {columnIds.map(id => (
          <th
            key={id}
            scope="col"
            {...roles.cell}
            aria-sort={id === "when" ? sorts[answered.order] : undefined}
            className={`${headLook} ${columnPlaces[id].head}`}
          >
            {id === "when" ? <SortLink /> : <span className="block truncate">{columnLabels[id]}</span>}
          </th>
        ))}
      </tr>
    </thead>
  )
}

/** Sticky at the top while the rows scroll. */
export const headLook =
  "sticky top-header z-10 h-8 border-y bg-background px-3 text-left align-middle text-xs font-medium whitespace-nowrap text-muted-foreground"

/** Reverses the order. A link, so that it works before the page's script does. */
export function SortLink({ children = "When" }: { readonly children?: ReactNode }) {
  const { slug, answered, ask } = useLogQuery()
  const Arrow = answered.order === "oldest" ? ArrowUp : ArrowDown
  return (
    <a
      href={queryAddress(slug, reversed(answered))}
      title={answered.order === "oldest" ? "Newest first" : "Oldest first"}
      className="-ml-1 inline-flex h-6 max-w-full items-center gap-1 rounded-sm px-1 text-foreground hover:bg-accent"
      onClick={event => {
        if (event.metaKey || event.ctrlKey || event.shiftKey) return
        event.preventDefault()
        ask(reversed(answered))
      }}
    >
      {children}
      <Arrow aria-hidden="true" className="size-3.5 shrink-0" />
      <span className="min-w-0 truncate font-normal text-muted-foreground">
        {answered.zone.replaceAll("_", " ")}
      </span>
    </a>
  )
}

function reversed(query: AuditQuery): AuditQuery {
  return withOrder(query, query.order === "oldest" ? "newest" : "oldest")
}
