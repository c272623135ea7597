"use client"

import { useCallback, useEffect, useState } from "react"
import { useAccess } from "@/components/audit-log/access-context"
import type { FirstPage, MoreRows } from "@/components/audit-log/answers/log-state"
import { dataAddress } from "@/components/audit-log/query/address"
import { useLogQuery } from "@/components/audit-log/query-context"
import type { FetchFailure } from "@/components/audit-log/request"
import { useAnswer } from "@/components/audit-log/use-answer"
import { maximumLimit } from "@/lib/audit/query/query"
import type { Instant } from "@/lib/audit/time/instant"
import { appendRows, type EventRow } from "./row"

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
  const { slug, retry } = useLogQuery()
  const { noticeRefusal } = useAccess()
  const [kept, setLoaded] = useState<Loaded>(() => loadedOf(first))
  const loaded = kept.first === first ? kept : loadedOf(first)
  if (loaded !== kept) setLoaded(loaded)
  const [wanted, setWanted] = useState<Wanted | null>(null)
  // Another first page ends the loading of further pages of the one before.
  if (wanted && wanted.first !== first) setWanted(null)
  const address = wanted?.first === first ? wanted.address : null
  const { value, failure } = useAnswer<MoreRows>(address, {
    onFailure: failed => {
      noticeRefusal(failed)
      // A cursor is valid for what its reader could see: when that changes, the page starts again.
      if (failed.code === "invalid") retry()
    },
  })
  if (value || failure) {
    setLoaded(value ? extend(loaded, value) : { ...loaded, failure })
    setWanted(null)
  }
  useEffect(() => void loadedAfter.set(loaded.first, loaded), [loaded])

  const { nextCursor } = loaded
  const load = useCallback(
    (limit: number) => {
      if (nextCursor === null) return
      const next = dataAddress(slug, "events", { ...first.query, limit, cursor: nextCursor })
      setWanted(current => (current?.first === first ? current : { first, address: next }))
    },
    [slug, first, nextCursor],
  )
  const loadMore = useCallback(() => load(first.query.limit), [load, first])
  const loadMany = useCallback(() => load(maximumLimit), [load])

  return {
    rows: loaded.rows,
    hasMore: nextCursor !== null,
    searchedBackTo: loaded.searchedBackTo,
    loading: address !== null,
    failure: loaded.failure,
    loadMore,
    loadMany,
  }
}

/** A further page that is being loaded. */
interface Wanted {
  readonly first: FirstPage
  readonly address: string
}

/** What was loaded after a first page, for as long as that page is cached: going back shows all of it again. */
const loadedAfter = new WeakMap<FirstPage, Loaded>()

function loadedOf(first: FirstPage): Loaded {
  const { rows, nextCursor, searchedBackTo } = first
  return loadedAfter.get(first) ?? { first, rows, nextCursor, searchedBackTo, failure: null }
}

function extend(loaded: Loaded, { rows, nextCursor, searchedBackTo }: MoreRows): Loaded {
  return { ...loaded, rows: appendRows(loaded.rows, rows), nextCursor, searchedBackTo, failure: null }
}
