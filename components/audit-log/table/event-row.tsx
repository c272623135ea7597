"use client"

import { FlexRender, type Row } from "@tanstack/react-table"
import { memo, useMemo, useState } from "react"
import type { features } from "./columns"
import { hasMarkedText } from "./marked-text"
import type { EventRow } from "./row"
import { RowStateContext } from "./row-state"

export interface TableRowProps {
  readonly row: Row<typeof features, EventRow>
  /** Its position in the result, counted from 0. */
  readonly index: number
  readonly active: boolean
  /** True when the event is open beside the table. */
  readonly open: boolean
  readonly measure: (element: HTMLTableRowElement | null) => void
  readonly onOpen: (id: string) => void
}

// On a narrow screen CSS lays the row out as a card, which removes the semantics of table elements; the roles keep them.
const roles = { row: { role: "row" }, cell: { role: "cell" } } as const

/** One event. A click anywhere on it opens it; keyboard and screen reader users use the link in it. */
export const TableRow = memo(function TableRow({ row, index, active, open, measure, onOpen }: TableRowProps) {
  const [hovered, setHovered] = useState(false)
  const state = useMemo(() => ({ active, hovered }), [active, hovered])
  return (
    <tr
      {...roles.row}
      ref={measure}
      data-index={index}
      data-event={row.original.id}
      aria-rowindex={index + 2}
      aria-current={open ? "true" : undefined}
      onPointerEnter={event => setHovered(event.pointerType === "mouse")}
      onPointerLeave={() => setHovered(false)}
      onClick={event => {
        if (opensRow(event.target)) onOpen(row.original.id)
      }}
      className="event-row"
    >
      <RowStateContext value={state}>
        {row.getAllCells().map(cell => (
          <td key={cell.id} {...roles.cell} className="event-cell">
            <FlexRender cell={cell} />
          </td>
        ))}
      </RowStateContext>
    </tr>
  )
})

/** A click on a control of the row, or the end of a text selection, is not a click on the row. */
function opensRow(target: EventTarget): boolean {
  if (target instanceof Element && target.closest("a, button")) return false
  return !hasMarkedText()
}
