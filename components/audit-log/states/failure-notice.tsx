"use client"

import { type ReactNode, useEffect, useState } from "react"
import type { FetchFailure } from "@/components/audit-log/request"
import { Alert } from "@/components/ui/alert"
import { Button } from "@/components/ui/button"

export interface FailureNoticeProps {
  readonly failure: FetchFailure
  /** What did not work: "The event could not be loaded". */
  readonly what: string
  readonly onRetry: () => void
  /** Another action, besides trying again. */
  readonly otherAction?: ReactNode
  readonly children?: ReactNode
}

/**
 * A failure in place of a part: what failed, why, its code and the request id, and a button to try again when that makes
 * sense.
 */
export function FailureNotice({ failure, what, onRetry, otherAction, children }: FailureNoticeProps) {
  const waitSeconds = useCountdown(failure)
  return (
    <Alert
      tone="failure"
      role="alert"
      title={what}
      action={
        <span className="flex flex-wrap justify-end gap-1">
          {otherAction}
          <Button size="sm" disabled={waitSeconds > 0} onClick={onRetry}>
            {waitSeconds > 0 ? `Try again in ${waitSeconds} s` : "Try again"}
          </Button>
        </span>
      }
    >
      <p>{failure.message}</p>
      {children}
      <p className="mt-0.5 font-data text-xs text-muted-foreground">
        {failure.code}
        {failure.requestId ? ` · request ${failure.requestId}` : null}
      </p>
    </Alert>
  )
}

function useCountdown(failure: FetchFailure): number {
  const [left, setLeft] = useState(failure.retryAfterSeconds ?? 0)
  const [known, setKnown] = useState(failure)
  if (known !== failure) {
    setKnown(failure)
    setLeft(failure.retryAfterSeconds ?? 0)
  }
  useEffect(() => {
    if (left <= 0) return
    const timer = setTimeout(() => setLeft(left - 1), 1_000)
    return () => clearTimeout(timer)
  }, [left])
  return Math.max(0, Math.ceil(left))
}
