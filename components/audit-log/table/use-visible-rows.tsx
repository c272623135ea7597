"use client"

import { type ReactNode, type RefObject, useCallback, useLayoutEffect, useState } from "react"
import { lazyPart } from "@/components/ui/lazy-part"
import { cardPixels, cardWidthPixels, type DrawnRows, rowPixels } from "./drawn-rows"
import { rowAt } from "./row-at"

// Rarely needed on the first page, and a tenth of its size limit.
const RowWindow = lazyPart(() => import("./row-window"), { silent: true })

export interface VisibleRows extends DrawnRows {
  readonly bringIntoSight: (index: number) => void
  /** Observes the scrolling page; must be rendered somewhere, where it shows nothing. */
  readonly watcher: ReactNode
}

/** Up to this number every row is rendered, as on the server: the browser's own search then finds everything. */
const allDrawnUpTo = 100

/**
 * Renders the rows near the visible part of the page. The page scrolls, not the table. `around` is the row to which
 * somebody returns: the first render then contains it and its neighbours, however far down it is. `steady` is set to
 * whether the heights of unrendered rows are measured rather than estimated.
 */
export function useVisibleRows(
  body: RefObject<HTMLTableSectionElement | null>,
  count: number,
  around: number | null,
  steady: RefObject<boolean>,
): VisibleRows {
  const [watched, setWatched] = useState<DrawnRows | null>(null)
  const many = count > allDrawnUpTo
  // The heights of rows that were never rendered are estimated, so the page may at first be scrolled to others.
  const isElsewhere = watched !== null && around !== null && !watched.indexes.includes(around)
  const drawn =
    many && watched && !isElsewhere
      ? watched
      : many && around !== null
        ? rowsAround(around, count)
        : allRows(count)
  const scrollTo = many ? (watched?.scrollTo ?? null) : null
  useLayoutEffect(() => {
    steady.current = !many || (watched !== null && !isElsewhere)
  }, [many, watched, isElsewhere, steady])
  useLayoutEffect(() => {
    if (isElsewhere && around !== null) scrollTo?.(around)
  }, [isElsewhere, around, scrollTo])

  const bringIntoSight = useCallback(
    (index: number) => {
      if (scrollTo) scrollTo(index)
      else rowAt(body.current, index)?.scrollIntoView({ block: "nearest" })
    },
    [scrollTo, body],
  )
  const watcher = many ? (
    // Without its code all rows are rendered; every further page tries again.
    <RowWindow key={watched ? "watched" : count} body={body} count={count} onChange={setWatched} />
  ) : null
  return { ...drawn, bringIntoSight, watcher }
}

function allRows(count: number): DrawnRows {
  const indexes = Array.from({ length: count }, (_, index) => index)
  return { indexes, before: 0, after: 0, measure: ignore, scrollTo: null }
}

function rowsAround(index: number, count: number): DrawnRows {
  const first = Math.max(0, index - allDrawnUpTo / 2)
  const last = Math.min(count, first + allDrawnUpTo)
  return {
    ...allRows(0),
    indexes: Array.from({ length: last - first }, (_, offset) => first + offset),
    before: first * guessedPixels(),
    after: (count - last) * guessedPixels(),
  }
}

/** The estimated height of a row before one was rendered; the table is nearly as wide as a narrow window. */
function guessedPixels(): number {
  return window.innerWidth < cardWidthPixels + 32 ? cardPixels : rowPixels
}

function ignore(): void {}
