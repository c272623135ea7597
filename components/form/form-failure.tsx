"use client"

import { useEffect, useState } from "react"
import { Alert } from "@/components/ui/alert"
import type { Failure } from "./use-submit"

/** The fault of the form as a whole, announced when it appears. */
export function FormFailure({
  failure,
  waitSeconds,
}: {
  readonly failure: Failure | null
  readonly waitSeconds?: number
}) {
  if (!failure?.message) return null
  return (
    <Alert tone="failure" role="alert">
      {failure.message}
      {waitSeconds ? <span aria-hidden="true"> ({formatWait(waitSeconds)} left)</span> : null}
    </Alert>
  )
}

/** Counts down the wait of a refusal; zero when there is none. */
export function useWait(failure: Failure | null): number {
  const [left, setLeft] = useState(0)
  useEffect(() => {
    const until = Date.now() + (failure?.retryAfterSeconds ?? 0) * 1000
    const tick = () => setLeft(Math.max(0, Math.ceil((until - Date.now()) / 1000)))
    tick()
    const timer = setInterval(tick, 1000)
    return () => clearInterval(timer)
  }, [failure])
  return left
}

/** Returns `45 s` below a minute, `2:05 min` from there. */
export function formatWait(seconds: number): string {
  if (seconds < 60) return `${seconds} s`
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")} min`
}
