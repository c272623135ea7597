"use client"

import { usePathname, useSearchParams } from "next/navigation"
import { createContext, type ReactNode, use, useCallback, useEffect, useMemo, useRef, useState } from "react"
import { useOwnZone } from "@/components/zone/zone-context"
import type { FieldName } from "@/lib/audit/query/fields"
import type { Window } from "@/lib/audit/query/query"
import type { Question } from "@/lib/audit/query/question"
import type { Instant } from "@/lib/audit/time/instant"
import type { AppName, LogBody, LogState, Sees } from "./answers/log-state"
import { useAnswers } from "./answers/use-answers"
import { openEventParameter, withOpenEvent } from "./question/address"
import type { FetchFailure } from "./request"
import { useLoss } from "./use-loss"

/** What every part of the page knows. */
export interface LogView {
  readonly slug: string
  /** The parameters that the rows on screen answer, as the address writes them. */
  readonly search: string
  readonly apps: readonly AppName[]
  readonly sees: Sees
  /** What is asked for, at once when it changes. */
  readonly question: Question
  /** What the rows on screen answer. */
  readonly answered: Question
  /** The moment at which it was asked. */
  readonly askedAt: Instant
  /** The instants that it means; null when it was not understood. */
  readonly window: Window | null
  /** The answer to `question` is on its way. */
  readonly pending: boolean
  /** It has been for more than three seconds. */
  readonly slow: boolean
  /** Why the question was not answered; what is on screen still answers the one before. */
  readonly failed: FetchFailure | null
  /** Of some events the text was searched in part: they are still being prepared. */
  readonly textPartly: boolean
  readonly body: LogBody
  readonly ask: (question: Question, history?: "push" | "replace") => void
  /** The same for parameters as they stand in an address. */
  readonly visit: (search: string) => void
  readonly retry: () => void
  readonly cancel: () => void
  readonly refresh: () => void
  /** Why the page may not be seen any more; null while it may. Nothing of the log is shown then. */
  readonly lost: FetchFailure | null
  /** Tells of a request that failed. If it was refused, the page goes away or is made anew: its reader sees less now. */
  readonly noticeRefusal: (failure: FetchFailure) => void
  /** Asks whether the page may still be seen: for rows that this browser remembered. */
  readonly checkPermission: () => void
  /** Finds out after a failure whether the page may not be seen any more. */
  readonly findLoss: (failure: FetchFailure) => Promise<boolean>
  readonly openEventId: string | null
  readonly openEvent: (id: string) => void
  readonly closeEvent: () => void
}

const slowAfterMs = 3_000

const Context = createContext<LogView | null>(null)

/** What the page is about and how to ask something else. */
export function useLog(): LogView {
  const view = use(Context)
  if (!view) throw new Error("useLog was called outside LogProvider")
  return view
}

/** Tells a value as people know it: an app's name instead of its slug. */
export function useNameValue(): (field: FieldName, value: string) => string {
  const { apps } = useLog()
  return useCallback(
    (field, value) => (field === "app" ? (apps.find(app => app.slug === value)?.name ?? value) : value),
    [apps],
  )
}

export interface LogProviderProps {
  readonly slug: string
  /** The answer that came with the page. */
  readonly answer: LogState
  readonly children: ReactNode
}

/** Holds the page together: the question lives in the address, and the answer on screen is one to it or to the one before. */
export function LogProvider({ slug, answer, children }: LogProviderProps) {
  const { state, ...asking } = useAnswers(slug, answer)
  const { question: answered, askedAt, window, apps, sees, textPartly, body } = state
  const opening = useOpenEvent()
  const loss = useLoss(slug, askedAt, asking.refresh)
  const slow = useSlow(asking.pending)
  useOwnZoneInQuestion(asking.question, asking.ask)
  const { failed } = asking
  const { noticeFailedQuestion } = loss
  useEffect(() => {
    if (failed) noticeFailedQuestion(failed)
  }, [failed, noticeFailedQuestion])

  const view: LogView = {
    ...{ slug, search: state.search, apps, sees, textPartly, body, answered, askedAt, window, slow },
    ...asking,
    ...loss,
    ...opening,
  }
  return <Context value={useSame(view)}>{children}</Context>
}

/** A zone that the reader has just chosen elsewhere on the page is asked for here too. */
function useOwnZoneInQuestion(question: Question, ask: LogView["ask"]): void {
  const { zone } = useOwnZone()
  const known = useRef(zone)
  useEffect(() => {
    if (known.current === zone) return
    known.current = zone
    if (question.zone !== zone) ask({ ...question, zone, cursor: null, asOf: null }, "replace")
  }, [zone, question, ask])
}

/** Returns the same object as long as every part of it is the same, so that readers are drawn again only for a reason. */
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
 * The open event lives in the address too, but changing it asks the server for nothing. Going back closes it. The router
 * tells of a new address when it finds the time, which is too late for keys that are pressed quickly: what was opened last
 * counts at once.
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

/** The parameters of the address as it is now; on the server those that were told. */
function currentSearch(told: URLSearchParams): URLSearchParams {
  return typeof window === "undefined" ? told : new URLSearchParams(window.location.search)
}
