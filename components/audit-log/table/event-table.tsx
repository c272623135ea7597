"use client"

import { useTable } from "@tanstack/react-table"
import { useEffect, useRef } from "react"
import { useAccess } from "@/components/audit-log/access-context"
import { type EventsView, useEvents } from "@/components/audit-log/events-context"
import { useOpenEvent } from "@/components/audit-log/open-event-context"
import { useLogQuery } from "@/components/audit-log/query-context"
import { RowIcons } from "@/components/audit-log/values/row-icon"
import { visibleText } from "@/components/audit-log/values/visible"
import { cn } from "@/components/ui/cn"
import { describeQuery } from "@/lib/audit/query/describe"
import { columns, features } from "./columns"
import { TableRow } from "./event-row"
import type { EventRow } from "./row"
import { rowAt } from "./row-at"
import { TableHead } from "./table-head"
import { usePlace } from "./use-place"
import { useVisibleRows } from "./use-visible-rows"

const roles = { table: { role: "table" }, body: { role: "rowgroup" } } as const

/** The events of the result, page after page; a list of cards where there is no room for a table. */
export function EventTable() {
  const events = useEvents()
  return events && events.pages.rows.length > 0 ? <Rows events={events} /> : null
}

function Rows({ events }: { readonly events: EventsView }) {
  const { pending } = useLogQuery()
  const { openEventId, openEvent } = useOpenEvent()
  const { pages, activeIndex, setActiveIndex, wish } = events
  const table = useTable({ features, columns, data: mutable(pages.rows), getRowId })
  const { rows } = table.getRowModel()
  const body = useRef<HTMLTableSectionElement>(null)
  const steady = useRef(false)
  const around = usePlace(body, pages, steady)
  const visible = useVisibleRows(body, rows.length, around, steady)
  const { bringIntoSight, indexes } = visible
  // The Tab key always finds a row: the active one, or the first rendered one.
  const tabStop = indexes.includes(activeIndex) ? activeIndex : indexes[0]

  // biome-ignore lint/correctness/useExhaustiveDependencies: only a new wish moves the page or the focus
  useEffect(() => {
    if (!wish) return
    bringIntoSight(wish.index)
    if (!wish.focus) return
    // A row that was not visible is rendered in the next frame.
    const frame = requestAnimationFrame(() => {
      rowAt(body.current, wish.index)?.querySelector("a")?.focus({ preventScroll: true })
    })
    return () => cancelAnimationFrame(frame)
  }, [wish])

  return (
    <>
      {visible.watcher}
      <RowIcons />
      <table
        {...roles.table}
        aria-busy={pending}
        aria-rowcount={pages.hasMore ? -1 : rows.length + 1}
        aria-colcount={columns.length}
        className={cn(
          "w-full table-fixed border-separate border-spacing-0 text-sm transition-opacity @max-lg:block",
          pending && "opacity-60",
        )}
        // Space for the unrendered rows below. Not an element: it would count as moved with each rendered row.
        style={visible.after > 0 ? { marginBottom: visible.after } : undefined}
        onFocus={event => {
          const index = Number(event.target.closest("tr")?.dataset.index ?? Number.NaN)
          if (Number.isInteger(index)) setActiveIndex(index)
        }}
      >
        <Caption />
        <TableHead />
        <tbody {...roles.body} ref={body} className="@max-lg:block">
          <Spacer height={visible.before} />
          {indexes.map(index => {
            const row = rows[index]
            if (!row) return null
            return (
              <TableRow
                key={row.id}
                row={row}
                index={index}
                active={tabStop === index}
                open={openEventId === row.id}
                measure={visible.measure}
                onOpen={openEvent}
              />
            )
          })}
        </tbody>
      </table>
    </>
  )
}

function Caption() {
  const { answered } = useLogQuery()
  const { apps } = useAccess()
  return (
    <caption className="sr-only">
      Audit events. {visibleText(describeQuery(answered, apps).join(". "))}.
    </caption>
  )
}

/** A placeholder for unrendered rows; hidden from screen readers, as the rows' numbers are sufficient. */
function Spacer({ height }: { readonly height: number }) {
  if (height <= 0) return null
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: nothing in it can take the focus
    <tr aria-hidden="true" className="@max-lg:block">
      <td colSpan={columns.length} className="p-0 @max-lg:block" style={{ height }} />
    </tr>
  )
}

function getRowId(row: EventRow): string {
  return row.id
}

/** The table requires a mutable array; it never writes to it. */
function mutable(rows: readonly EventRow[]): EventRow[] {
  return rows as EventRow[]
}
