"use client"

import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from "react"
import { useAccess } from "@/components/audit-log/access-context"
import { useOpenEvent } from "@/components/audit-log/open-event-context"
import { useLogQuery } from "@/components/audit-log/query-context"
import { forgetArrival } from "@/components/navigation/traversal"
import { keepPlace, recallPlace } from "./place"
import { rowAt } from "./row-at"
import type { Pages } from "./use-pages"

/** Pages are loaded this far beyond the earlier rows, because new ones may have been inserted. */
const slackRows = 200
/** Browsers, and estimated row heights, move the page for a moment after rendering. */
const settlingMs = 700
/** How long to wait for a row. */
const patienceMs = 10_000

/**
 * Stores the reader's position, and restores it when they come back: pages are loaded until the row is among them, however
 * far down. Returns the row's number during the restoration, else null. `steady` says whether the heights of unrendered
 * rows were measured in the page; until then they are estimated, and the row is kept in place.
 */
export function usePlace(
  body: RefObject<HTMLTableSectionElement | null>,
  pages: Pages,
  steady: RefObject<boolean>,
): number | null {
  const { slug, search } = useLogQuery()
  const { checkPermission } = useAccess()
  const { openEventId } = useOpenEvent()
  const key = `${slug}?${search}`
  const [returning, setReturning] = useState(() => recallPlace(key))
  const { rows, hasMore, loading, failure, loadMany } = pages
  const index = returning ? rows.findIndex(row => row.id === returning.id) : -1
  const isFound = index !== -1
  const isOver = returning !== null && !isFound && (!hasMore || rows.length >= returning.count + slackRows)

  useEffect(() => {
    if (!returning || isFound || loading || failure) return
    if (isOver) setReturning(null)
    else loadMany()
  }, [returning, isFound, isOver, loading, failure, loadMany])

  useLayoutEffect(() => {
    if (!returning || !isFound) return
    return holdRow(body, steady, index, returning.top, () => setReturning(null))
  }, [returning, isFound, index, body, steady])

  useCheckOnReturn(returning !== null, checkPermission)

  const latest = useRef({ key, openEventId, count: rows.length })
  useEffect(() => {
    latest.current = { key, openEventId, count: rows.length }
  })
  useLayoutEffect(() => {
    const element = body.current
    const keep = () => {
      const { key, openEventId, count } = latest.current
      keepPlace(key, element, openEventId, count)
    }
    window.addEventListener("pagehide", keep)
    return () => {
      window.removeEventListener("pagehide", keep)
      keep()
      forgetArrival()
    }
  }, [body])

  return isFound ? index : null
}

/** Cached rows are shown at once; whether they may still be seen is checked at the same time. */
function useCheckOnReturn(isReturning: boolean, check: () => void): void {
  const [checks] = useState(isReturning)
  useEffect(() => {
    if (checks) check()
  }, [checks, check])
}

/** Keeps a row at its position on the screen until the page is stable, or until the reader scrolls. */
function holdRow(
  body: RefObject<HTMLTableSectionElement | null>,
  steady: RefObject<boolean>,
  index: number,
  top: number,
  onDone: () => void,
): () => void {
  const startedAt = performance.now()
  let settledAt = startedAt
  let frame = 0
  const hold = () => {
    const now = performance.now()
    const row = rowAt(body.current, index)
    if (!row || !steady.current) settledAt = now
    if (row) {
      const off = row.getBoundingClientRect().top - top
      if (Math.abs(off) >= 1) window.scrollBy({ top: off, behavior: "instant" })
    }
    if (now < settledAt + settlingMs && now < startedAt + patienceMs) frame = requestAnimationFrame(hold)
    else stop()
  }
  const stop = () => {
    end()
    onDone()
  }
  const end = () => {
    cancelAnimationFrame(frame)
    for (const name of gestures) window.removeEventListener(name, stop)
  }
  for (const name of gestures) window.addEventListener(name, stop, { passive: true })
  hold()
  return end
}

const gestures = ["wheel", "touchstart", "keydown", "pointerdown"] as const
