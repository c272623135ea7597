"use client"

import { useCallback, useEffect, useMemo, useRef, useState } from "react"
import { plainQuery } from "@/lib/audit/query/query"
import type { Instant } from "@/lib/audit/time/instant"
import { dataAddress } from "./query/address"
import { type FetchFailure, fetchJson } from "./request"

/** Signed out, no longer permitted, or no longer a member of this organization. */
const refusals: readonly (number | null)[] = [401, 403, 404]

interface Loss {
  readonly queriedAt: Instant
  readonly failure: FetchFailure
}

/**
 * Whether the page may still be seen, determined when one of its requests is refused. A refusal may concern only one event
 * or exporting, so the log itself is requested; if that succeeds, the reader's permissions may have been reduced, and the
 * page is loaded again. A new response of the server ends a loss.
 */
export function useLoss(slug: string, queriedAt: Instant, refresh: () => void) {
  const [loss, setLoss] = useState<Loss | null>(null)
  // Read when a refusal arrives; the reporting function must keep its identity for every result.
  const current = useRef(queriedAt)
  useEffect(() => {
    current.current = queriedAt
  }, [queriedAt])

  const findLoss = useCallback(
    async (failure: FetchFailure): Promise<boolean> => {
      const lose = (why: FetchFailure) => {
        setLoss({ queriedAt: current.current, failure: why })
        return true
      }
      if (failure.status === 401) return lose(failure)
      const address = dataAddress(slug, "events", { ...plainQuery, limit: 1 })
      const tried = await fetchJson<unknown>(address, new AbortController().signal)
      return !tried.ok && isRefused(tried.failure) && lose(tried.failure)
    },
    [slug],
  )
  const checkPermission = useCallback(() => {
    const address = dataAddress(slug, "events", { ...plainQuery, limit: 1 })
    fetchJson<unknown>(address, new AbortController().signal).then(tried => {
      if (!tried.ok && isRefused(tried.failure))
        setLoss({ queriedAt: current.current, failure: tried.failure })
    })
  }, [slug])
  const noticeRefusal = useCallback(
    async (failure: FetchFailure) => {
      if (isRefused(failure) && !(await findLoss(failure))) refresh()
    },
    [findLoss, refresh],
  )
  // The page's own query was refused: repeating it would end the same way.
  const noticeFailedQuery = useCallback(
    (failure: FetchFailure) => {
      if (isRefused(failure)) findLoss(failure)
    },
    [findLoss],
  )
  return useMemo(
    () => ({
      lost: loss?.queriedAt === queriedAt ? loss.failure : null,
      findLoss,
      checkPermission,
      noticeRefusal,
      noticeFailedQuery,
    }),
    [loss, queriedAt, findLoss, checkPermission, noticeRefusal, noticeFailedQuery],
  )
}

/** Returns whether a failure is a refusal rather than a malfunction. */
export function isRefused({ status }: FetchFailure): boolean {
  return refusals.includes(status)
}
