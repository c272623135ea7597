"use client"

import { useEffect, useState } from "react"
import { useLog } from "@/components/audit-log/log-context"
import { logPath } from "@/components/audit-log/query/address"
import { type FetchFailure, fetchJson } from "@/components/audit-log/request"
import { hasUuidShape } from "@/lib/audit/uuid"
import type { ShownEvent } from "./shown-event"

export interface Showing {
  readonly shown: ShownEvent | null
  readonly failure: FetchFailure | null
  readonly retry: () => void
}

interface Answer {
  readonly id: string
  readonly attempt: number
  readonly shown: ShownEvent | null
  readonly failure: FetchFailure | null
}

const noSuchEvent: FetchFailure = {
  status: 404,
  code: "not-found",
  message: "There is no such event.",
  requestId: null,
  retryAfterSeconds: null,
}

/** The complete event, requested each time it is opened: a reader who lost the permission sees nothing more of it. */
export function useShownEvent(id: string): Showing {
  const { slug, noticeRefusal } = useLog()
  const [attempt, setAttempt] = useState(0)
  const [answer, setAnswer] = useState<Answer | null>(null)

  useEffect(() => {
    /** The url may contain anything; only a valid id becomes part of a request's path. */
    if (!hasUuidShape(id)) {
      setAnswer({ id, attempt, shown: null, failure: noSuchEvent })
      return
    }
    const controller = new AbortController()
    const address = `${logPath(slug)}/events/${encodeURIComponent(id)}`
    fetchJson<ShownEvent>(address, controller.signal).then(result => {
      if (controller.signal.aborted) return
      if (result.ok) setAnswer({ id, attempt, shown: result.value, failure: null })
      else {
        setAnswer({ id, attempt, shown: null, failure: result.failure })
        noticeRefusal(result.failure)
      }
    })
    return () => controller.abort()
  }, [slug, id, attempt, noticeRefusal])

  const current = answer?.id === id && answer.attempt === attempt ? answer : null
  return {
    shown: current?.shown ?? null,
    failure: current?.failure ?? null,
    retry: () => setAttempt(attempt + 1),
  }
}
