"use client"

import { RotateCw } from "lucide-react"
import { useEffect, useState } from "react"
import { Button } from "./button"
import { cn } from "./cn"
import { isOutdated, noticeVersion } from "./version-watch"

export interface LoadFailureProps {
  readonly onRetry: () => void
  /** Dismisses the notice. */
  readonly onDismiss?: () => void
  /** Shown over the page, for a part without a place of its own. */
  readonly floating?: boolean
}

/** A part of the page whose code could not be loaded: why, and a button to load it again. The rest of the page stays. */
export function LoadFailure({ onRetry, onDismiss, floating }: LoadFailureProps) {
  const [outdated, setOutdated] = useState(isOutdated)
  useEffect(() => {
    // A new version has other files than this page: only the whole page can be loaded again then.
    noticeVersion().then(setOutdated)
  }, [])
  return (
    <div
      role="alert"
      className={cn(
        "grid gap-2 text-left text-sm text-foreground",
        floating
          ? "fixed inset-x-4 bottom-4 z-50 mx-auto max-w-md rounded-md border bg-popover p-4 shadow-popover"
          : "p-4",
      )}
    >
      <p className="font-medium">
        {outdated ? "A new version is available" : "This part of the page could not be loaded"}
      </p>
      <p className="text-muted-foreground">
        {outdated
          ? "This page was loaded before it was installed. Reload it to go on."
          : "Check the connection and try again. Nothing on the page is lost."}
      </p>
      <span className="flex gap-2">
        {outdated ? (
          <Button size="sm" variant="primary" onClick={() => window.location.reload()}>
            Reload
          </Button>
        ) : (
          <Button size="sm" onClick={onRetry}>
            <RotateCw aria-hidden="true" />
            Try again
          </Button>
        )}
        {onDismiss ? (
          <Button size="sm" variant="ghost" onClick={onDismiss}>
            Close
          </Button>
        ) : null}
      </span>
    </div>
  )
}
