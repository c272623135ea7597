"use client"

import { type ReactNode, useEffect, useRef, useState } from "react"
import { lazyPart } from "@/components/ui/lazy-part"
import type { Instant } from "@/lib/audit/time/instant"

const TimeReadings = lazyPart(() => import("./time-readings"), { floating: true })

const openAfterMs = 350
const closeAfterMs = 120

export interface TimeCardProps {
  readonly instant: Instant
  readonly zone: string
  readonly trigger: "hover" | "press"
  readonly children: ReactNode
}

/** Opens a card with other forms of a time. Its code is loaded when the pointer first rests on a time. */
export function TimeCard({ instant, zone, trigger, children }: TimeCardProps) {
  const [open, setOpen] = useState(false)
  const anchor = useRef<HTMLElement | null>(null)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])

  const plan = (next: boolean) => {
    clearTimeout(timer.current)
    timer.current = setTimeout(() => setOpen(next), next ? openAfterMs : closeAfterMs)
    if (next) TimeReadings.prepare()
  }
  const hover = {
    onPointerEnter: (event: { pointerType: string }) => {
      if (event.pointerType === "mouse") plan(true)
    },
    onPointerLeave: () => plan(false),
  }
  const keep = (element: HTMLElement | null) => {
    anchor.current = element
  }
  return (
    <>
      {trigger === "press" ? (
        <button
          ref={keep}
          type="button"
          aria-haspopup="dialog"
          aria-expanded={open}
          className="rounded-sm underline decoration-border decoration-dotted underline-offset-4 hover:decoration-current"
          onClick={() => {
            clearTimeout(timer.current)
            setOpen(!open)
          }}
          {...hover}
        >
          {children}
        </button>
      ) : (
        <span ref={keep} {...hover}>
          {children}
        </span>
      )}
      {open ? (
        <TimeReadings
          instant={instant}
          zone={zone}
          anchor={anchor}
          onOpenChange={setOpen}
          onGiveUp={() => setOpen(false)}
          onPointerEnter={() => clearTimeout(timer.current)}
          onPointerLeave={() => plan(false)}
        />
      ) : null}
    </>
  )
}
