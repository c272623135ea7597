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
} from "@/components/audit-log/query/address"
import { type Fetched, type FetchFailure, fetchJson } from "@/components/audit-log/request"
import { arrivedByHistory } from "@/components/navigation/traversal"
import { toast } from "@/components/ui/toast"
import { lengthFault } from "@/lib/audit/query/length"
import type { AuditQuery } from "@/lib/audit/query/query"
import { writeQuery } from "@/lib/audit/query/write"
import type { LogState } from "./log-state"
import { recallState, rememberState } from "./memory"

type History = "push" | "replace"

/** A pending query, or one that failed. */
interface Asking {
  readonly search: string
  /** Null while only the url contains the query. */
  readonly query: AuditQuery | null
  /** Why it failed; null while it is pending. */
  readonly failure: FetchFailure | null
}

/** The displayed result, and the function that requests another one. */
export interface Answers {
  readonly state: LogState
  /** The requested query, as soon as it changes. */
  readonly query: AuditQuery
  readonly pending: boolean
  /** Why the last query failed; the result before it is still displayed. */
  readonly failed: FetchFailure | null
  readonly ask: (query: AuditQuery, history?: History) => void
  /** The same for the parameters of a url. */
  readonly visit: (search: string, history?: History) => void
  readonly retry: () => void
  /** Returns to the query whose result is displayed. */
  readonly cancel: () => void
}

/**
 * The url is the state: a query writes it, and going back or forward reads it. Results are fetched from a data route, never
 * by a navigation: Next.js turns a failed one into a full load of the page, which loses everything without a connection. A
 * new render by the server (`served`) replaces the displayed result.
 */
export function useAnswers(slug: string, served: LogState): Answers {
  const [held, setHeld] = useState(() => ({ served, state: recallForReturn(slug) ?? served }))
  const [asking, setAsking] = useState<Asking | null>(null)
  if (held.served !== served) {
    setHeld({ served, state: served })
    setAsking(null)
  }
  const { state } = held
  // Read when a query starts: the function must keep its identity, whatever is displayed.
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
    async (search: string, query: AuditQuery | null) => {
      request.current?.abort()
      const controller = new AbortController()
      request.current = controller
      setAsking({ search, query, failure: null })
      const result = await fetchAnswer(slug, search, latest.current.state, controller.signal)
      if (controller.signal.aborted) return
      if (result.ok) show(result.value)
      else setAsking({ search, query, failure: result.failure })
    },
    [slug, show],
  )
  useEffect(() => () => request.current?.abort(), [])

  useEffect(() => rememberState(slug, state), [slug, state])
  const wanted = useFollowAddress({ slug, served, state, show, start })

  const go = useCallback(
    (search: string, query: AuditQuery | null, history: History) => {
      wanted.current = search
      const { openEvent } = splitSearch(new URLSearchParams(window.location.search))
      writeAddress(searchAddress(slug, search, openEvent), history)
      start(search, query)
    },
    [slug, start, wanted],
  )
  const ask = useCallback(
    (query: AuditQuery, history: History = "push") => {
      // Filters report next to themselves what does not fit into a url; this is for values taken from an event.
      const fault = lengthFault(query)
      if (fault !== null && lengthFault(latest.current.state.query) === null) {
        toast(`One more value ${fault}.`, "error")
        return
      }
      go(addressKey(writeQuery(query)), query, history)
    },
    [go],
  )
  const visit = useCallback((search: string, history: History = "push") => go(search, null, history), [go])
  const retry = useCallback(() => {
    const { asking, state } = latest.current
    if (asking) start(asking.search, asking.query)
    else start(state.search, state.query)
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
      query: asking?.query ?? state.query,
      pending: asking !== null && asking.failure === null,
      failed: asking?.failure ?? null,
      ask,
      visit,
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
  readonly start: (search: string, query: AuditQuery | null) => void
}

/**
 * Follows changes of the url: back, forward, and a page from Next's cache whose url was written after it had been rendered.
 * Returns the last requested parameters.
 */
function useFollowAddress({ slug, served, state, show, start }: Following) {
  const told = useSearchParams().toString()
  const wanted = useRef(state.requested)
  const followed = useRef(served)

  const answerKey = useCallback(
    (key: string) => {
      wanted.current = key
      const known = key === served.requested ? served : recallState(slug, key)
      if (known) show(known)
      else start(key, null)
    },
    [slug, served, show, start],
  )

  // biome-ignore lint/correctness/useExhaustiveDependencies: only a new address or a new render by the server is followed
  useEffect(() => {
    if (followed.current !== served) {
      followed.current = served
      wanted.current = served.requested
      show(served)
    }
    // Only the server reads such a url as it was sent.
    if (isUnreadable(window.location.search)) {
      if (wanted.current !== served.requested) window.location.reload()
      return
    }
    const current = new URLSearchParams(window.location.search)
    const key = addressKey(current)
    if (key === wanted.current) {
      wanted.current = key === state.requested ? state.search : key
      tidyAddress(slug, wanted.current, current)
    } else answerKey(key)
  }, [told, served])

  // The router reports a written url with a delay: somebody who goes back before that returns to the url it knows, and it
  // reports nothing.
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

/** Returns whether something in the url is not UTF-8: `URLSearchParams` would make another text of it. */
function isUnreadable(search: string): boolean {
  try {
    decodeURIComponent(search)
    return false
  } catch {
    return true
  }
}

/** Removes tracking parameters from the url, and writes the reader's preferences into it. */
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

/** The result that was displayed before the page was left. */
function recallForReturn(slug: string): LogState | null {
  if (!arrivedByHistory()) return null
  return recallState(slug, addressKey(new URLSearchParams(window.location.search)))
}

/** Returns the result, also when the url is invalid. */
async function fetchAnswer(
  slug: string,
  search: string,
  before: LogState,
  signal: AbortSignal,
): Promise<Fetched<LogState>> {
  const result = await fetchJson<LogState>(answerAddress(slug, search), signal)
  if (result.ok || !result.failure.faults?.length) return result
  const { faults } = result.failure
  // Without the code that explains the faults, the message of the refusal is shown.
  const explained = await import("./explain-faults").catch(() => null)
  return explained ? { ok: true, value: explained.explainFaults(before, search, faults) } : result
}
