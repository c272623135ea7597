"use client"

import { ArrowDown, ArrowUp, Link2, Maximize2, X } from "lucide-react"
import Link from "next/link"
import type { RefObject } from "react"
import { useEvents } from "@/components/audit-log/events-context"
import { eventAddress } from "@/components/audit-log/query/address"
import { useLogQuery } from "@/components/audit-log/query-context"
import { Happened } from "@/components/audit-log/values/happened"
import { StatusBadge } from "@/components/audit-log/values/status-mark"
import { Time } from "@/components/time/time"
import { Button } from "@/components/ui/button"
import type { Status } from "@/lib/audit/event/event"
import type { Sentence } from "@/lib/audit/event/sentence"
import type { Instant } from "@/lib/audit/time/instant"
import { copyLink } from "./copy-link"

export interface PanelHeadProps {
  readonly id: string
  /** The data of its row; null for an event that is not among the rows and not loaded yet. */
  readonly summary: {
    readonly description: string
    readonly operation: string
    readonly sentence: Sentence | null
    readonly status: Status
    readonly occurredAt: Instant
  } | null
  readonly heading: RefObject<HTMLHeadingElement | null>
  readonly onClose: (() => void) | null
}

/** The head of the open event: what happened and its outcome, and links to the next one, its url and its own page. */
export function PanelHead({ id, summary, heading, onClose }: PanelHeadProps) {
  const { slug, answered } = useLogQuery()
  const events = useEvents()
  const place = events?.pages.rows.findIndex(row => row.id === id) ?? -1
  const last = events ? events.pages.rows.length - 1 : -1
  return (
    <header className="grid shrink-0 gap-2 px-5 pt-2.5 pb-3">
      <div className={onClose ? "flex items-center gap-1" : "flex items-center gap-1 pr-8"}>
        {summary ? <StatusBadge status={summary.status} /> : null}
        <span className="ml-auto flex items-center">
          <Button
            variant="ghost"
            size="icon-sm"
            aria-label="Previous event"
            title="Previous event  k"
            disabled={place <= 0}
            onClick={() => events?.move(-1)}
          >
            <ArrowUp aria-hidden="true" />
          </Button>
          <Button
            variant="ghost"
            size="icon-sm"
            aria-label="Next event"
            title="Next event  j"
            disabled={place === -1 || (place === last && !events?.pages.hasMore)}
            onClick={() => events?.move(1)}
          >
            <ArrowDown aria-hidden="true" />
          </Button>
          <Button variant="ghost" size="icon-sm" aria-label="Copy link" title="Copy link" onClick={copyLink}>
            <Link2 aria-hidden="true" />
          </Button>
          <Button variant="ghost" size="icon-sm" asChild>
            <Link
              href={eventAddress(slug, id, answered.zone)}
              prefetch={false}
              aria-label="Open the event's own page"
              title="Open the event's own page"
            >
              <Maximize2 aria-hidden="true" />
            </Link>
          </Button>
          {onClose ? (
            <Button variant="ghost" size="icon-sm" aria-label="Close" title="Close  Esc" onClick={onClose}>
              <X aria-hidden="true" />
            </Button>
          ) : null}
        </span>
      </div>
      <div aria-live="polite" className="grid gap-0.5">
        <h2
          ref={heading}
          tabIndex={-1}
          className="text-lg font-semibold text-pretty wrap-anywhere outline-none"
        >
          {summary ? <Happened event={summary} /> : "Event"}
        </h2>
        {summary ? (
          <p className="text-sm text-muted-foreground">
            <Time instant={summary.occurredAt} zone={answered.zone} withOffset card="none" />
          </p>
        ) : null}
      </div>
    </header>
  )
}
