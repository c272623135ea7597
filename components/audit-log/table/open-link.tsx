"use client"

import { useOpenEvent } from "@/components/audit-log/open-event-context"
import { eventAddress } from "@/components/audit-log/query/address"
import { useLogQuery } from "@/components/audit-log/query-context"
import { Happened, happenedText } from "@/components/audit-log/values/happened"
import { ValueText } from "@/components/audit-log/values/value-text"
import { visibleText } from "@/components/audit-log/values/visible"
import { staysOnPage } from "@/components/navigation/stays-on-page"
import { hasMarkedText } from "./marked-text"
import type { EventRow } from "./row"
import { useRowState } from "./row-state"

/** Returns the link of a row, to focus it. */
export function openLinkId(eventId: string): string {
  return `event-${eventId}`
}

/**
 * What happened, as the link to the event: a click opens it beside the table, with a modifier key its own page in a new
 * tab. The rows share one tab stop; arrow keys move from row to row.
 */
export function OpenLink({ row }: { readonly row: EventRow }) {
  const { slug, answered } = useLogQuery()
  const { openEvent } = useOpenEvent()
  const { active } = useRowState()
  return (
    <span className="flex max-w-full min-w-0 items-baseline gap-2">
      <a
        id={openLinkId(row.id)}
        tabIndex={active ? 0 : -1}
        href={eventAddress(slug, row.id, answered.zone)}
        {...staysOnPage}
        title={visibleText(`${happenedText(row)}\n${row.operation}`)}
        // A press and a drag over the words select them, as everywhere else in the row.
        draggable={false}
        className={`min-w-0 truncate font-medium outline-none select-text [-webkit-user-drag:none] ${row.sentence ? "first-letter:uppercase" : ""}`}
        onClick={event => {
          if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
          event.preventDefault()
          if (hasMarkedText()) return
          openEvent(row.id)
        }}
      >
        <Happened event={row} whoIsBeside truncate />
      </a>
      {row.description === row.operation ? null : (
        <span
          aria-hidden="true"
          // The description distinguishes rows: the code gets the remaining width, and may be hidden.
          className="min-w-0 flex-1 shrink-9999 truncate font-data text-muted-foreground @max-[68rem]:hidden"
        >
          <ValueText text={row.operation} />
        </span>
      )}
    </span>
  )
}
