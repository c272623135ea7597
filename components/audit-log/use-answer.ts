"use client"

import { useCallback, useEffect, useRef, useState } from "react"
import { type Fetched, type FetchFailure, fetchJson } from "./request"

export interface Answering {
  /** The delay before the request, for urls that change while somebody types. */
  readonly waitMs?: number
  /** Called with each failure, once. */
  readonly onFailure?: (failure: FetchFailure) => void
}

/** The response of a url. Its parts are of this url only: a response of another one never appears as its own. */
export interface Answer<T> {
  /** Null while the response is pending, after a failure, and without a url. */
  readonly value: T | null
  readonly failure: FetchFailure | null
  /** The last result, whichever url it belongs to, to be shown until the next one arrives. */
  readonly last: Result<T> | null
  /** Requests the same url again. */
  readonly retry: () => void
}

interface Result<T> {
  readonly url: string
  readonly result: Fetched<T>
}

/**
 * Requests the JSON of one of our own routes whenever the url changes; null requests nothing. A request whose url changed,
 * or whose component disappeared, is aborted and its response ignored. A url that was null before is requested again.
 */
export function useAnswer<T>(url: string | null, { waitMs = 0, onFailure }: Answering = {}): Answer<T> {
  // Each change of the url is a new attempt, and so is each retry; a result belongs to the attempt that requested it.
  const [attempt, setAttempt] = useState(0)
  const [known, setKnown] = useState(url)
  const [settled, setSettled] = useState<(Result<T> & { readonly attempt: number }) | null>(null)
  if (known !== url) {
    setKnown(url)
    setAttempt(attempt + 1)
  }
  // Read when a request fails: another function must not repeat the request.
  const report = useRef(onFailure)
  useEffect(() => {
    report.current = onFailure
  })

  useEffect(() => {
    if (url === null) return
    const controller = new AbortController()
    const request = async () => {
      const result = await fetchJson<T>(url, controller.signal)
      if (controller.signal.aborted) return
      setSettled({ url, attempt, result })
      if (!result.ok) report.current?.(result.failure)
    }
    const timer = waitMs > 0 ? setTimeout(request, waitMs) : void request()
    return () => {
      clearTimeout(timer)
      controller.abort()
    }
  }, [url, attempt, waitMs])

  const retry = useCallback(() => setAttempt(current => current + 1), [])
  const isCurrent = url !== null && known === url && settled?.attempt === attempt
  const result = isCurrent ? settled.result : null
  return {
    value: result?.ok ? result.value : null,
    failure: result && !result.ok ? result.failure : null,
    last: settled,
    retry,
  }
}
