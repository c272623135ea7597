"use client"

import { useCallback, useEffect, useRef, useState } from "react"
import { useLog } from "@/components/audit-log/log-context"
import { dataAddress } from "@/components/audit-log/query/address"
import { type FetchFailure, fetchJson } from "@/components/audit-log/request"
import { type AuditQuery, maximumLimit } from "@/lib/audit/query/query"
import type { Instant } from "@/lib/audit/time/instant"
import { appendRows, type EventRow } from "./row"

/** A page of rows: the response of the `events` route. */
export interface MoreRows {
  readonly rows: readonly EventRow[]
  /** Null when nothing further matches. */
  readonly nextCursor: string | null
  /** How far a bounded search came; null when it reached the end of the time range or of the page. */
  readonly searchedBackTo: Instant | null
}

/** The beginning of a result: what was sent with the page. */
export interface FirstPage extends MoreRows {
  /** The query as written; a cursor belongs to it. */
  readonly query: AuditQuery
  /** The same with fixed instants and log size: counts and exports match the displayed rows. */
  readonly fixed: AuditQuery
}

export interface Pages {
  readonly rows: readonly EventRow[]
  readonly hasMore: boolean
  readonly searchedBackTo: Instant | null
  readonly loading: boolean
  readonly failure: FetchFailure | null
  readonly loadMore: () => void
  /** The same with as many rows as one request may return, to reach a position far down. */
  readonly loadMany: () => void
}

interface Loaded {
  readonly first: FirstPage
  readonly rows: readonly EventRow[]
  readonly nextCursor: string | null
  readonly searchedBackTo: Instant | null
  readonly failure: FetchFailure | null
}

/** The rows of a result, which grow page by page; a new first page starts again. No event is shown twice. */
export function usePages(first: FirstPage): Pages {
  const { slug, refresh, noticeRefusal } = useLog()
  const [kept, setLoaded] = useState<Loaded>(() => loadedOf(first))
  const loaded = kept.first === first ? kept : loadedOf(first)
  if (loaded !== kept) setLoaded(loaded)
  const [loading, setLoading] = useState(false)
  const request = useRef<AbortController>(undefined)

  // biome-ignore lint/correctness/useExhaustiveDependencies: another answer ends the loading of the one before
  useEffect(
    () => () => {
      request.current?.abort()
      request.current = undefined
      setLoading(false)
    },
    [first],
  )

  const load = useCallback(
    async (limit: number) => {
      if (request.current || loaded.nextCursor === null) return
      const controller = new AbortController()
      request.current = controller
      setLoading(true)
      const next = { ...first.query, limit, cursor: loaded.nextCursor }
      const address = dataAddress(slug, "events", next)
      const result = await fetchJson<MoreRows>(address, controller.signal)
      if (controller.signal.aborted) return
      request.current = undefined
      setLoading(false)
      setLoaded(current => (current.first === first ? keepLoaded(extend(current, result)) : current))
      if (result.ok) return
      noticeRefusal(result.failure)
      // A cursor is valid for what its reader could see: when that changes, the page starts again.
      if (result.failure.code === "invalid") refresh()
    },
    [slug, first, loaded.nextCursor, refresh, noticeRefusal],
  )

  const loadMore = useCallback(() => void load(first.query.limit), [load, first])
  const loadMany = useCallback(() => void load(maximumLimit), [load])

  return {
    rows: loaded.rows,
    hasMore: loaded.nextCursor !== null,
    searchedBackTo: loaded.searchedBackTo,
    loading,
    failure: loaded.failure,
    loadMore,
    loadMany,
  }
}

/** What was loaded after a first page, for as long as that page is cached: going back shows all of it again. */
const loadedAfter = new WeakMap<FirstPage, Loaded>()

function keepLoaded(loaded: Loaded): Loaded {
  loadedAfter.set(loaded.first, loaded)
  return loaded
}

function loadedOf(first: FirstPage): Loaded {
  const { rows, nextCursor, searchedBackTo } = first
  return loadedAfter.get(first) ?? { first, rows, nextCursor, searchedBackTo, failure: null }
}

function extend(loaded: Loaded, result: Awaited<ReturnType<typeof fetchJson<MoreRows>>>): Loaded {
  if (!result.ok) return { ...loaded, failure: result.failure }
  const { rows, nextCursor, searchedBackTo } = result.value
  return {
    ...loaded,
    rows: appendRows(loaded.rows, rows),
    nextCursor,
    searchedBackTo,
    failure: null,
  }
}
