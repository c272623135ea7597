"use client"

import { CalendarRange, ChevronDown, ChevronLeft, ChevronRight } from "lucide-react"
import { useState } from "react"
import { nameWindow } from "@/components/audit-log/query/words"
import { useLogQuery } from "@/components/audit-log/query-context"
import { windowButtonId } from "@/components/audit-log/shortcuts/targets"
import { Button } from "@/components/ui/button"
import { lazyPart } from "@/components/ui/lazy-part"
import { Popover, PopoverContent, PopoverTrigger } from "@/components/ui/popover"
import { Spinner } from "@/components/ui/spinner"
import { useShift } from "./use-shift"

const WindowPanel = lazyPart(() => import("./window-panel"), { fallback: <Spinner className="m-6" /> })

/** The time range, buttons for the previous and the next one, and the panel to choose another. */
export function WindowButton({ faultId }: { readonly faultId?: string }) {
  const { query, ask } = useLogQuery()
  const [open, setOpen] = useState(false)
  const shift = useShift()
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would bring a legend and a box for three buttons
    <div role="group" aria-label="Date range" className="flex">
      <Button
        size="icon"
        className="rounded-r-none"
        aria-label="Earlier"
        title="Earlier  ["
        disabled={!shift.earlier}
        onClick={shift.earlier}
      >
        <ChevronLeft aria-hidden="true" />
      </Button>
      <Popover open={open} onOpenChange={setOpen}>
        <PopoverTrigger asChild onPointerEnter={WindowPanel.prepare} onFocus={WindowPanel.prepare}>
          <Button
            id={windowButtonId}
            aria-label={`Date range: ${nameWindow(query)}`}
            aria-invalid={faultId ? true : undefined}
            aria-describedby={faultId}
            className="-mx-px max-w-80 min-w-0 rounded-none aria-invalid:border-failure focus-visible:z-10"
          >
            <CalendarRange aria-hidden="true" className="size-3.5 text-muted-foreground" />
            <span className="truncate tabular-nums">{nameWindow(query)}</span>
            <ChevronDown aria-hidden="true" className="-mr-1 size-3.5 text-muted-foreground" />
          </Button>
        </PopoverTrigger>
        <PopoverContent aria-label="Date range" className="w-auto max-w-[calc(100vw-1rem)]">
          <WindowPanel
            query={query}
            onAsk={next => {
              ask(next)
              setOpen(false)
            }}
          />
        </PopoverContent>
      </Popover>
      <Button
        size="icon"
        className="rounded-l-none"
        aria-label="Later"
        title="Later  ]"
        disabled={!shift.later}
        onClick={shift.later}
      >
        <ChevronRight aria-hidden="true" />
      </Button>
    </div>
  )
}
