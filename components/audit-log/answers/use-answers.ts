"use client"

import { useSearchParams } from "next/navigation"
import { useCallback, useEffect, useMemo, useRef, useState } from "react"
import {
  addressKey,
  answerAddress,
  logPath,
  openEventParameter,
  searchAddress,
  splitSearch,
} from "@/components/audit-log/question/address"
import { type Fetched, type FetchFailure, fetchJson } from "@/components/audit-log/request"
import { arrivedByHistory } from "@/components/navigation/traversal"
import { toast } from "@/components/ui/toast"
import { lengthFault } from "@/lib/audit/query/length"
import type { Question } from "@/lib/audit/query/question"
import { writeQuery } from "@/lib/audit/query/write"
import type { LogState } from "./log-state"
import { recallState, rememberState } from "./memory"

type History = "push" | "replace"

/** A question on its way, or one that was not answered. */
interface Asking {
  readonly search: string
  /** Null while only the address tells what is asked. */
  readonly question: Question | null
  /** Why it was not answered; null while it is on its way. */
  readonly failure: FetchFailure | null
}

/** The answer on screen, and the way to another one. */
export interface Answers {
  readonly state: LogState
  /** What is asked for, at once when it changes. */
  readonly question: Question
  readonly pending: boolean
  /** Why the last question was not answered; the answer before it is still on screen. */
  readonly failed: FetchFailure | null
  readonly ask: (question: Question, history?: History) => void
  /** The same for parameters as they stand in an address. */
  readonly visit: (search: string, history?: History) => void
  readonly refresh: () => void
  readonly retry: () => void
  /** Goes back to the question whose answer is on screen. */
  readonly cancel: () => void
}

/**
 * The address is the state: asking writes it, and going back or forth reads it. Answers are fetched from a data route, never
 * by a navigation: Next turns one that fails into a full load of the page, which loses everything when there is no connection.
 * A new render by the server (`served`) replaces what is on screen.
 */
export function useAnswers(slug: string, served: LogState): Answers {
  const [held, setHeld] = useState(() => ({ served, state: recallForReturn(slug) ?? served }))
  const [asking, setAsking] = useState<Asking | null>(null)
  if (held.served !== served) {
    setHeld({ served, state: served })
    setAsking(null)
  }
  const { state } = held
  // Read when something is asked: what asks must stay the same function, whatever is on screen.
  const latest = useRef({ state, asking })
  useEffect(() => {
    latest.current = { state, asking }
  })
  const request = useRef<AbortController>(undefined)

  const show = useCallback((state: LogState) => {
    request.current?.abort()
    setHeld(current => ({ ...current, state }))
    setAsking(null)
  }, [])

  const start = useCallback(
    async (search: string, question: Question | null) => {
      request.current?.abort()
      const controller = new AbortController()
      request.current = controller
      setAsking({ search, question, failure: null })
      const result = await fetchAnswer(slug, search, latest.current.state, controller.signal)
      if (controller.signal.aborted) return
      if (result.ok) show(result.value)
      else setAsking({ search, question, failure: result.failure })
    },
    [slug, show],
  )
  useEffect(() => () => request.current?.abort(), [])

  useEffect(() => rememberState(slug, state), [slug, state])
  const wanted = useFollowAddress({ slug, served, state, show, start })

  const go = useCallback(
    (search: string, question: Question | null, history: History) => {
      wanted.current = search
      const { openEvent } = splitSearch(new URLSearchParams(window.location.search))
      writeAddress(searchAddress(slug, search, openEvent), history)
      start(search, question)
    },
    [slug, start, wanted],
  )
  const ask = useCallback(
    (question: Question, history: History = "push") => {
      // Filters refuse beside themselves what an address cannot hold; this is for values taken from an event.
      const fault = lengthFault(question)
      if (fault !== null && lengthFault(latest.current.state.question) === null) {
        toast(`One more value ${fault}.`, "error")
        return
      }
      go(addressKey(writeQuery(question)), question, history)
    },
    [go],
  )
  const visit = useCallback((search: string, history: History = "push") => go(search, null, history), [go])
  const retry = useCallback(() => {
    const { asking, state } = latest.current
    if (asking) start(asking.search, asking.question)
    else start(state.search, state.question)
  }, [start])
  const cancel = useCallback(() => {
    const { state } = latest.current
    const { openEvent } = splitSearch(new URLSearchParams(window.location.search))
    wanted.current = state.search
    writeAddress(searchAddress(slug, state.search, openEvent), "replace")
    show(state)
  }, [slug, show, wanted])

  return useMemo(
    () => ({
      state,
      question: asking?.question ?? state.question,
      pending: asking !== null && asking.failure === null,
      failed: asking?.failure ?? null,
      ask,
      visit,
      refresh: retry,
      retry,
      cancel,
    }),
    [state, asking, ask, visit, retry, cancel],
  )
}

interface Following {
  readonly slug: string
  readonly served: LogState
  readonly state: LogState
  readonly show: (state: LogState) => void
  readonly start: (search: string, question: Question | null) => void
}

/**
 * Follows the address where it changes by itself: back, forth, and a page of Next's own memory whose address was written
 * after it had been rendered. Returns the parameters that were wanted last.
 */
function useFollowAddress({ slug, served, state, show, start }: Following) {
  const told = useSearchParams().toString()
  const wanted = useRef(state.asked)
  const followed = useRef(served)

  const answerKey = useCallback(
    (key: string) => {
      wanted.current = key
      const known = key === served.asked ? served : recallState(slug, key)
      if (known) show(known)
      else start(key, null)
    },
    [slug, served, show, start],
  )

  // biome-ignore lint/correctness/useExhaustiveDependencies: only a new address or a new render by the server is followed
  useEffect(() => {
    if (followed.current !== served) {
      followed.current = served
      wanted.current = served.asked
      show(served)
    }
    // Only the server reads such an address as it was sent.
    if (isUnreadable(window.location.search)) {
      if (wanted.current !== served.asked) window.location.reload()
      return
    }
    const current = new URLSearchParams(window.location.search)
    const key = addressKey(current)
    if (key === wanted.current) {
      wanted.current = key === state.asked ? state.search : key
      tidyAddress(slug, wanted.current, current)
    } else answerKey(key)
  }, [told, served])

  // The router tells of a written address when it finds the time: somebody who goes back before that returns to the one it
  // knows, and it tells nothing.
  useEffect(() => {
    const followTraversal = () => {
      if (window.location.pathname !== logPath(slug) || isUnreadable(window.location.search)) return
      const key = addressKey(new URLSearchParams(window.location.search))
      if (key !== wanted.current) answerKey(key)
    }
    window.addEventListener("popstate", followTraversal)
    return () => window.removeEventListener("popstate", followTraversal)
  }, [slug, answerKey])
  return wanted
}

/** Returns whether something in the address is not UTF-8: `URLSearchParams` would make another text of it. */
function isUnreadable(search: string): boolean {
  try {
    decodeURIComponent(search)
    return false
  } catch {
    return true
  }
}

/** Takes out of the address what trackers appended, and writes into it what its reader prefers. */
function tidyAddress(slug: string, search: string, current: URLSearchParams): void {
  const { parameters, openEvent } = splitSearch(current)
  const isTidy = parameters.length + Number(current.has(openEventParameter)) === current.size
  if (isTidy && addressKey(current) === search) return
  writeAddress(searchAddress(slug, search, openEvent), "replace")
}

function writeAddress(address: string, history: History): void {
  if (history === "push") window.history.pushState(null, "", address)
  else window.history.replaceState(null, "", address)
}

/** What was on screen here before the page was left, for whoever comes back to it. */
function recallForReturn(slug: string): LogState | null {
  if (!arrivedByHistory()) return null
  return recallState(slug, addressKey(new URLSearchParams(window.location.search)))
}

/** Returns the answer, also when it is that something in the address is not understood. */
async function fetchAnswer(
  slug: string,
  search: string,
  before: LogState,
  signal: AbortSignal,
): Promise<Fetched<LogState>> {
  const result = await fetchJson<LogState>(answerAddress(slug, search), signal)
  if (result.ok || !result.failure.faults?.length) return result
  const { faults } = result.failure
  // Without the code that explains them, the refusal's own words are shown.
  const explained = await import("./explain-faults").catch(() => null)
  return explained ? { ok: true, value: explained.explainFaults(before, search, faults) } : result
}
