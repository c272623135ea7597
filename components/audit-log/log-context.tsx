"use client"

import { usePathname, useSearchParams } from "next/navigation"
import { createContext, type ReactNode, use, useCallback, useEffect, useMemo, useRef, useState } from "react"
import { useOwnZone } from "@/components/zone/zone-context"
import type { FieldName } from "@/lib/audit/query/fields"
import type { AuditQuery } from "@/lib/audit/query/query"
import type { Window } from "@/lib/audit/query/selection"
import type { Instant } from "@/lib/audit/time/instant"
import type { AppName, LogBody, LogState, Sees } from "./answers/log-state"
import { useAnswers } from "./answers/use-answers"
import { openEventParameter, withOpenEvent } from "./query/address"
import type { FetchFailure } from "./request"
import { useLoss } from "./use-loss"

/** The state that every part of the page shares. */
export interface LogView {
  readonly slug: string
  /** The parameters of the displayed rows, as the url writes them. */
  readonly search: string
  readonly apps: readonly AppName[]
  readonly sees: Sees
  /** The requested query, as soon as it changes. */
  readonly query: AuditQuery
  /** The query of the displayed rows. */
  readonly answered: AuditQuery
  /** The time of the query. */
  readonly queriedAt: Instant
  /** The instants of its time range; null when it was invalid. */
  readonly window: Window | null
  /** True while the result of `query` is pending. */
  readonly pending: boolean
  /** True when it has been pending for more than three seconds. */
  readonly slow: boolean
  /** Why the query failed; the displayed rows are still those of the previous one. */
  readonly failed: FetchFailure | null
  /** True when the text of some events was searched only in part: they are still being indexed. */
  readonly textPartly: boolean
  readonly body: LogBody
  readonly ask: (query: AuditQuery, history?: "push" | "replace") => void
  /** The same for the parameters of a url. */
  readonly visit: (search: string) => void
  readonly retry: () => void
  readonly cancel: () => void
  readonly refresh: () => void
  /** Why the page may no longer be seen; null while it may. Then nothing of the log is shown. */
  readonly lost: FetchFailure | null
  /**
   * Reports a failed request. If it was refused, the page is hidden or loaded again: the reader's permissions were reduced.
   */
  readonly noticeRefusal: (failure: FetchFailure) => void
  /** Checks whether the page may still be seen, for rows from the browser's memory. */
  readonly checkPermission: () => void
  /** Checks after a failure whether the page may no longer be seen. */
  readonly findLoss: (failure: FetchFailure) => Promise<boolean>
  readonly openEventId: string | null
  readonly openEvent: (id: string) => void
  readonly closeEvent: () => void
}

const slowAfterMs = 3_000

const Context = createContext<LogView | null>(null)

/** The current query, and the function that changes it. */
export function useLog(): LogView {
  const view = use(Context)
  if (!view) throw new Error("useLog was called outside LogProvider")
  return view
}

/** Returns the display text of a value: an app's name instead of its slug. */
export function useNameValue(): (field: FieldName, value: string) => string {
  const { apps } = useLog()
  return useCallback(
    (field, value) => (field === "app" ? (apps.find(app => app.slug === value)?.name ?? value) : value),
    [apps],
  )
}

export interface LogProviderProps {
  readonly slug: string
  /** The result that was sent with the page. */
  readonly answer: LogState
  readonly children: ReactNode
}

/** The root of the page: the url contains the query, and the displayed result belongs to it or to the previous one. */
export function LogProvider({ slug, answer, children }: LogProviderProps) {
  const { state, ...asking } = useAnswers(slug, answer)
  const { query: answered, queriedAt, window, apps, sees, textPartly, body } = state
  const opening = useOpenEvent()
  const loss = useLoss(slug, queriedAt, asking.refresh)
  const slow = useSlow(asking.pending)
  useOwnZoneInQuery(asking.query, asking.ask)
  const { failed } = asking
  const { noticeFailedQuery } = loss
  useEffect(() => {
    if (failed) noticeFailedQuery(failed)
  }, [failed, noticeFailedQuery])

  const view: LogView = {
    ...{ slug, search: state.search, apps, sees, textPartly, body, answered, queriedAt, window, slow },
    ...asking,
    ...loss,
    ...opening,
  }
  return <Context value={useSame(view)}>{children}</Context>
}

/** A zone that the reader has just chosen elsewhere on the page applies here too. */
function useOwnZoneInQuery(query: AuditQuery, ask: LogView["ask"]): void {
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

/**
 * The url also contains the open event, but changing it sends no query. Going back closes it. The router reports a new url
 * with a delay, too late for fast key presses: the event that was opened last counts at once.
 */
function useOpenEvent() {
  const pathname = usePathname()
  const search = useSearchParams()
  const told = search.get(openEventParameter)
  const [openEventId, setOpenEventId] = useState(told)
  const [heard, setHeard] = useState(told)
  if (told !== heard) {
    setHeard(told)
    setOpenEventId(currentSearch(search).get(openEventParameter))
  }

  const openEvent = useCallback(
    (id: string) => {
      const current = currentSearch(search)
      const address = `${pathname}?${withOpenEvent(current, id)}`
      if (current.has(openEventParameter)) window.history.replaceState(null, "", address)
      else window.history.pushState(null, "", address)
      setOpenEventId(id)
    },
    [pathname, search],
  )
  const closeEvent = useCallback(() => {
    const rest = withOpenEvent(currentSearch(search), null).toString()
    window.history.replaceState(null, "", rest === "" ? pathname : `${pathname}?${rest}`)
    setOpenEventId(null)
  }, [pathname, search])
  return useMemo(() => ({ openEventId, openEvent, closeEvent }), [openEventId, openEvent, closeEvent])
}

/** The parameters of the current url; on the server those that were passed. */
function currentSearch(told: URLSearchParams): URLSearchParams {
  return typeof window === "undefined" ? told : new URLSearchParams(window.location.search)
}
