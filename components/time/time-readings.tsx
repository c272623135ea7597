"use client"

import * as Popover from "radix-ui/popover"
import type { RefObject } from "react"
import { CopyButton } from "@/components/ui/copy-button"
import { floatingLook } from "@/components/ui/floating-look"
import { browserZone } from "@/components/zone/zone-names"
import { type Instant, instantToDate } from "@/lib/audit/time/instant"
import { epochMilliseconds, formatInstant, formatOffset, formatRelative, formatZone } from "./format"

export interface TimeReadingsProps {
  readonly instant: Instant
  readonly zone: string
  readonly anchor: RefObject<HTMLElement | null>
  readonly onOpenChange: (open: boolean) => void
  readonly onPointerEnter: () => void
  readonly onPointerLeave: () => void
}

/** The card: one time in every form that an investigation needs, each ready to copy. */
export default function TimeReadings({ instant, zone, anchor, onOpenChange, ...pointer }: TimeReadingsProps) {
  return (
    <Popover.Root open onOpenChange={onOpenChange}>
      <Popover.Anchor virtualRef={anchor} />
      <Popover.Portal>
        <Popover.Content
          align="start"
          sideOffset={4}
          collisionPadding={8}
          aria-label="This moment in other readings"
          className={`${floatingLook} max-w-[calc(100vw-1rem)] px-3 py-2 outline-none`}
          // With a hover the focus stays; with a click it moves into the card.
          onOpenAutoFocus={event => {
            if (anchor.current !== document.activeElement) event.preventDefault()
          }}
          onCloseAutoFocus={event => {
            event.preventDefault()
            if (anchor.current?.contains(document.activeElement) === false && anchor.current.tabIndex >= 0) {
              anchor.current.focus({ preventScroll: true })
            }
          }}
          onInteractOutside={event => {
            if (event.target instanceof Node && anchor.current?.contains(event.target)) event.preventDefault()
          }}
          {...pointer}
        >
          <dl className="grid grid-cols-[minmax(5rem,auto)_1fr_auto] items-center gap-x-3 gap-y-0.5 text-xs">
            {readings(instant, zone).map(({ label, value }) => (
              <div key={label} className="col-span-3 grid grid-cols-subgrid items-center">
                <dt className="text-muted-foreground">{label}</dt>
                <dd className="font-data wrap-anywhere">{value}</dd>
                <dd>
                  <CopyButton value={value} label={`Copy ${label}`} />
                </dd>
              </div>
            ))}
          </dl>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}

interface Reading {
  readonly label: string
  readonly value: string
}

function readings(instant: Instant, zone: string): readonly Reading[] {
  const local = browserZone()
  const zones = [...new Set([zone, "UTC", local])]
  const read = (of: string): Reading => ({
    label: of === local && of !== "UTC" ? `${formatZone(instant, of)}, here` : formatZone(instant, of),
    value: `${formatInstant(instant, of, "microsecond")} ${formatOffset(instant, of)}`,
  })
  return [
    ...zones.map(read),
    { label: "ISO 8601", value: instant },
    { label: "Unix milliseconds", value: String(epochMilliseconds(instant)) },
    { label: "Relative", value: formatRelative(instant, new Date()) },
    { label: "Weekday", value: weekday(instant, zone) },
  ]
}

function weekday(instant: Instant, zone: string): string {
  return new Intl.DateTimeFormat("en", { weekday: "long", timeZone: zone }).format(instantToDate(instant))
}
