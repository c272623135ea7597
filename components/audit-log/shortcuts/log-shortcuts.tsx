"use client"

import { Keyboard } from "lucide-react"
import { useState } from "react"
import { useEvents } from "@/components/audit-log/events-context"
import { useShift } from "@/components/audit-log/filter/use-shift"
import { useOpenEvent } from "@/components/audit-log/open-event-context"
import { Button } from "@/components/ui/button"
import { lazyPart } from "@/components/ui/lazy-part"
import { exportButtonId, panelSelector, searchBoxId, windowButtonId } from "./targets"
import { useShortcuts } from "./use-shortcuts"

const CheatSheet = lazyPart(() => import("./cheat-sheet"), { floating: true })

/** The keyboard shortcuts of the page, and the button that lists them. */
export function LogShortcuts() {
  const { openEventId, closeEvent } = useOpenEvent()
  const events = useEvents()
  const shift = useShift()
  const [open, setOpen] = useState(false)
  const next = events ? () => events.move(1) : undefined
  const previous = events ? () => events.move(-1) : undefined
  useShortcuts(
    {
      "/": () => focus(searchBoxId),
      j: next,
      k: previous,
      ArrowDown: next,
      ArrowUp: previous,
      Escape: openEventId === null ? undefined : (events?.leave ?? closeEvent),
      e: () => press(exportButtonId),
      t: () => press(windowButtonId),
      "[": shift.earlier,
      "]": shift.later,
      "?": () => setOpen(true),
    },
    panelSelector,
  )
  return (
    <>
      <Button
        variant="ghost"
        size="icon"
        aria-label="Keyboard shortcuts"
        title="Keyboard shortcuts  ?"
        className="pointer-coarse:hidden"
        onClick={() => setOpen(true)}
      >
        <Keyboard aria-hidden="true" className="text-muted-foreground" />
      </Button>
      {open ? <CheatSheet onClose={() => setOpen(false)} onGiveUp={() => setOpen(false)} /> : null}
    </>
  )
}

function focus(id: string): void {
  const element = document.getElementById(id)
  element?.focus()
  if (element instanceof HTMLInputElement) element.select()
}

function press(id: string): void {
  const element = document.getElementById(id)
  element?.focus()
  element?.click()
}
