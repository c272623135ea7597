"use client"

import { type ReactNode, useEffect, useRef, useState } from "react"
import { useOwnZone } from "@/components/zone/zone-context"
import type { AuditQuery } from "@/lib/audit/query/query"
import { AccessContext, type LogAccess } from "./access-context"
import type { LogState } from "./answers/log-state"
import { useAnswers } from "./answers/use-answers"
import { OpenEventContext, useOpenEventOfUrl } from "./open-event-context"
import { type LogQuery, QueryContext } from "./query-context"
import { useLoss } from "./use-loss"

const slowAfterMs = 3_000

export interface LogProviderProps {
  readonly slug: string
  /** The result that was sent with the page. */
  readonly answer: LogState
  readonly children: ReactNode
}

/** The root of the page: the url contains the query, and the displayed result belongs to it or to the previous one. */
export function LogProvider({ slug, answer, children }: LogProviderProps) {
  const { state, ...asking } = useAnswers(slug, answer)
  const { search, query: answered, queriedAt, window, apps, sees, textPartly, body } = state
  const opening = useOpenEventOfUrl()
  const { noticeFailedQuery, ...loss } = useLoss(slug, queriedAt, asking.retry)
  const slow = useSlow(asking.pending)
  useOwnZoneInQuery(asking.query, asking.ask)
  const { failed } = asking
  useEffect(() => {
    if (failed) noticeFailedQuery(failed)
  }, [failed, noticeFailedQuery])

  const result = { slug, search, answered, queriedAt, window, textPartly, body, slow }
  const query = useSame<LogQuery>({ ...result, ...asking })
  const access = useSame<LogAccess>({ apps, sees, ...loss })
  return (
    <QueryContext value={query}>
      <AccessContext value={access}>
        <OpenEventContext value={opening}>{children}</OpenEventContext>
      </AccessContext>
    </QueryContext>
  )
}

/** A zone that the reader has just chosen elsewhere on the page applies here too. */
function useOwnZoneInQuery(query: AuditQuery, ask: LogQuery["ask"]): void {
  const { zone } = useOwnZone()
  const known = useRef(zone)
  useEffect(() => {
    if (known.current === zone) return
    known.current = zone
    if (query.zone !== zone) ask({ ...query, zone, cursor: null, asOf: null }, "replace")
  }, [zone, query, ask])
}

/** Returns the same object while all its parts are the same, so that consumers render only when needed. */
function useSame<T extends object>(value: T): T {
  const [kept, setKept] = useState(value)
  const isSame = Object.entries(value).every(([name, part]) => Object.is(part, Reflect.get(kept, name)))
  if (!isSame) setKept(value)
  return isSame ? kept : value
}

function useSlow(pending: boolean): boolean {
  const [slow, setSlow] = useState(false)
  useEffect(() => {
    if (!pending) return
    const timer = setTimeout(() => setSlow(true), slowAfterMs)
    return () => {
      clearTimeout(timer)
      setSlow(false)
    }
  }, [pending])
  return slow
}
