"use client"

import { Button } from "@/components/ui/button"
import { counted } from "./words"

export interface SaveBarProps {
  readonly changes: number
  readonly faults: number
  readonly onDiscard: () => void
  readonly onReview: () => void
}

/** Stays at the end of the screen: how much has changed, and the way to save it. */
export function SaveBar({ changes, faults, onDiscard, onReview }: SaveBarProps) {
  const isIdle = changes === 0
  return (
    <div className="sticky bottom-0 z-10 -mx-4 flex flex-wrap items-center gap-2 border-t bg-background px-4 py-3 sm:-mx-6 sm:px-6">
      <p role="status" className="mr-auto min-w-0 text-sm">
        {isIdle ? (
          <span className="text-muted-foreground">No changes.</span>
        ) : faults > 0 ? (
          <span className="text-failure">{counted(faults, "fault")} to correct before it can be saved.</span>
        ) : (
          `${counted(changes, "change")} not saved.`
        )}
      </p>
      <Button disabled={isIdle} onClick={onDiscard}>
        Discard
      </Button>
      <Button variant="primary" disabled={isIdle || faults > 0} onClick={onReview}>
        Review and save
      </Button>
    </div>
  )
}
