"use client"

import { usePathname, useRouter, useSearchParams } from "next/navigation"
import {
  createContext,
  type ReactNode,
  use,
  useCallback,
  useEffect,
  useMemo,
  useOptimistic,
  useState,
  useTransition,
} from "react"
import { toast } from "@/components/ui/toast"
import type { FieldName } from "@/lib/audit/query/fields"
import { lengthFault } from "@/lib/audit/query/length"
import type { Window } from "@/lib/audit/query/query"
import type { Question } from "@/lib/audit/query/question"
import type { Instant } from "@/lib/audit/time/instant"
import { openEventParameter, questionAddress, withOpenEvent } from "./question/address"
import type { FetchFailure } from "./request"
import { useLoss } from "./use-loss"

/** An app as the page names it. */
export interface AppName {
  readonly id: string
  readonly slug: string
  readonly name: string
}

/** What of the log the reader sees, and whether they may take it along. */
export interface Sees {
  readonly everyApp: boolean
  /** Nothing but what the reader did. */
  readonly ownOnly: boolean
  readonly mayExport: boolean
}

/** What every part of the page knows. */
export interface LogView {
  readonly slug: string
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
  readonly ask: (question: Question, history?: "push" | "replace") => void
  readonly cancel: () => void
  readonly refresh: () => void
  /** Why the page may not be seen any more; null while it may. Nothing of the log is shown then. */
  readonly lost: FetchFailure | null
  /** Tells of a request that failed. If it was refused, the page goes away or is made anew: its reader sees less now. */
  readonly noticeRefusal: (failure: FetchFailure) => void
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
  readonly apps: readonly AppName[]
  readonly sees: Sees
  readonly question: Question
  readonly askedAt: Instant
  readonly window: Window | null
  readonly children: ReactNode
}

/** Holds the page together: the question lives in the address, and asking another is a navigation. */
export function LogProvider({ slug, apps, sees, question, askedAt, window, children }: LogProviderProps) {
  const answered = question
  const asking = useAsking(slug, answered)
  const opening = useOpenEvent()
  const loss = useLoss(slug, askedAt, asking.refresh)
  const { ask } = asking
  const { openEventId } = opening

  const askKeepingEvent = useCallback(
    (question: Question, history: "push" | "replace" = "push") => {
      // Filters refuse beside themselves what an address cannot hold; this is for values taken from an event.
      const fault = lengthFault(question)
      if (fault !== null && lengthFault(answered) === null) return toast(`One more value ${fault}.`, "error")
      return ask(question, history, openEventId)
    },
    [ask, openEventId, answered],
  )
  const cancel = useCallback(() => ask(answered, "replace", openEventId), [ask, answered, openEventId])

  const view = useMemo<LogView>(
    () => ({
      slug,
      apps,
      sees,
      answered,
      askedAt,
      window,
      question: asking.question,
      pending: asking.pending,
      slow: asking.slow,
      refresh: asking.refresh,
      ...loss,
      ask: askKeepingEvent,
      cancel,
      openEventId,
      openEvent: opening.openEvent,
      closeEvent: opening.closeEvent,
    }),
    [
      slug,
      apps,
      sees,
      answered,
      askedAt,
      window,
      asking,
      loss,
      askKeepingEvent,
      cancel,
      openEventId,
      opening,
    ],
  )
  return <Context value={view}>{children}</Context>
}

function useAsking(slug: string, answered: Question) {
  const router = useRouter()
  const [pending, startTransition] = useTransition()
  const [question, showQuestion] = useOptimistic(answered)
  const slow = useSlow(pending)

  const ask = useCallback(
    (next: Question, history: "push" | "replace", openEventId: string | null) => {
      startTransition(() => {
        showQuestion(next)
        router[history](questionAddress(slug, next, openEventId), { scroll: false })
      })
    },
    [router, slug, showQuestion],
  )
  const refresh = useCallback(() => startTransition(() => router.refresh()), [router])
  return useMemo(() => ({ question, pending, slow, ask, refresh }), [question, pending, slow, ask, refresh])
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
