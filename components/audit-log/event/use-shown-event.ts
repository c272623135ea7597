"use client"

import { useAccess } from "@/components/audit-log/access-context"
import { logPath } from "@/components/audit-log/query/address"
import { useLogQuery } from "@/components/audit-log/query-context"
import type { FetchFailure } from "@/components/audit-log/request"
import { useAnswer } from "@/components/audit-log/use-answer"
import { hasUuidShape } from "@/lib/audit/uuid"
import type { ShownEvent } from "./shown-event"

export interface Showing {
  readonly shown: ShownEvent | null
  readonly failure: FetchFailure | null
  readonly retry: () => void
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
  const { slug } = useLogQuery()
  const { noticeRefusal } = useAccess()
  // The url may contain anything; only a valid id becomes part of a request's path.
  const isId = hasUuidShape(id)
  const address = isId ? `${logPath(slug)}/events/${encodeURIComponent(id)}` : null
  const { value, failure, retry } = useAnswer<ShownEvent>(address, { onFailure: noticeRefusal })
  return { shown: value, failure: isId ? failure : noSuchEvent, retry }
}
