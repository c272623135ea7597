"use client"

import { useCallback, useEffect, useMemo, useRef, useState } from "react"
import { plainQuestion } from "@/lib/audit/query/question"
import type { Instant } from "@/lib/audit/time/instant"
import { dataAddress } from "./question/address"
import { type FetchFailure, fetchJson } from "./request"

/** Signed out, no longer permitted, or not of this organization any more. */
const refusals: readonly (number | null)[] = [401, 403, 404]

interface Loss {
  readonly askedAt: Instant
  readonly failure: FetchFailure
}

/**
 * Whether the page may still be seen, found out when one of its requests is refused. A refusal may be about one event or
 * about exporting only, so the log itself is asked; if that answers, what the reader sees may have become less, and the page
 * is made anew. A new answer of the server ends a loss.
 */
export function useLoss(slug: string, askedAt: Instant, refresh: () => void) {
  const [loss, setLoss] = useState<Loss | null>(null)
  // Read when a refusal comes; what tells of refusals must not begin anew with every answer.
  const current = useRef(askedAt)
  useEffect(() => {
    current.current = askedAt
  }, [askedAt])

  const findLoss = useCallback(
    async (failure: FetchFailure): Promise<boolean> => {
      const lose = (why: FetchFailure) => {
        setLoss({ askedAt: current.current, failure: why })
        return true
      }
      if (failure.status === 401) return lose(failure)
      const address = dataAddress(slug, "events", { ...plainQuestion, limit: 1 })
      const asked = await fetchJson<unknown>(address, new AbortController().signal)
      return !asked.ok && isRefused(asked.failure) && lose(asked.failure)
    },
    [slug],
  )
  const checkPermission = useCallback(() => {
    const address = dataAddress(slug, "events", { ...plainQuestion, limit: 1 })
    fetchJson<unknown>(address, new AbortController().signal).then(asked => {
      if (!asked.ok && isRefused(asked.failure)) setLoss({ askedAt: current.current, failure: asked.failure })
    })
  }, [slug])
  const noticeRefusal = useCallback(
    async (failure: FetchFailure) => {
      if (isRefused(failure) && !(await findLoss(failure))) refresh()
    },
    [findLoss, refresh],
  )
  // The page's own question was refused: asking it again would end the same way.
  const noticeFailedQuestion = useCallback(
    (failure: FetchFailure) => {
      if (isRefused(failure)) findLoss(failure)
    },
    [findLoss],
  )
  return useMemo(
    () => ({
      lost: loss?.askedAt === askedAt ? loss.failure : null,
      findLoss,
      checkPermission,
      noticeRefusal,
      noticeFailedQuestion,
    }),
    [loss, askedAt, findLoss, checkPermission, noticeRefusal, noticeFailedQuestion],
  )
}

/** Tells whether a failure says that the reader may not, rather than that something does not work. */
export function isRefused({ status }: FetchFailure): boolean {
  return refusals.includes(status)
}
