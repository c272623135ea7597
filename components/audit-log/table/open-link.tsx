"use client"

import { useLog } from "@/components/audit-log/log-context"
import { eventAddress } from "@/components/audit-log/question/address"
import { Happened, happenedText } from "@/components/audit-log/values/happened"
import { ValueText } from "@/components/audit-log/values/value-text"
import { visibleText } from "@/components/audit-log/values/visible"
import { staysOnPage } from "@/components/navigation/stays-on-page"
import { hasMarkedText } from "./marked-text"
import type { EventRow } from "./row"
import { useRowState } from "./row-state"

/** Finds the link of a row, to give it the focus. */
export function openLinkId(eventId: string): string {
  return `event-${eventId}`
}

/**
 * What happened, as the way into the event: a press opens it beside the table, with a modifier key its own page opens in a
 * new tab. The rows share one stop of the Tab key; arrows lead from row to row.
 */
export function OpenLink({ row }: { readonly row: EventRow }) {
  const { slug, answered, openEvent } = useLog()
  const { active } = useRowState()
  return (
    <span className="flex max-w-full min-w-0 items-baseline gap-2">
      <a
        id={openLinkId(row.id)}
        tabIndex={active ? 0 : -1}
        href={eventAddress(slug, row.id, answered.zone)}
        {...staysOnPage}
        title={visibleText(`${happenedText(row)}\n${row.operation}`)}
        // A press and a drag over the words mark them, as they do everywhere else in the row.
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
          // The description is what tells rows apart: the code takes the room that is left, and none at all where there is none.
          className="min-w-0 flex-1 shrink-9999 truncate font-data text-muted-foreground @max-[68rem]:hidden"
        >
          <ValueText text={row.operation} />
        </span>
      )}
    </span>
  )
}
