"use client"

import { lazy, type ReactNode, type RefObject, Suspense, useCallback, useState } from "react"
import type { DrawnRows } from "./row-window"

// Rarely needed on the first page, and a tenth of what the first page may weigh.
const RowWindow = lazy(() => import("./row-window"))

export interface VisibleRows extends DrawnRows {
  readonly bringIntoSight: (index: number) => void
  /** Watches the scrolling page; to be drawn somewhere, where it shows nothing. */
  readonly watcher: ReactNode
}

/** Up to here every row is drawn, as on the server: the page's own search then finds everything. */
const allDrawnUpTo = 100

/** Draws the rows near the part of the page that is seen. The page scrolls, not the table. */
export function useVisibleRows(body: RefObject<HTMLTableSectionElement | null>, count: number): VisibleRows {
  const [watched, setWatched] = useState<DrawnRows | null>(null)
  const many = count > allDrawnUpTo
  const drawn = many && watched ? watched : allRows(count)
  const { scrollTo } = drawn

  const bringIntoSight = useCallback(
    (index: number) => {
      if (scrollTo) scrollTo(index)
      else rowAt(body.current, index)?.scrollIntoView({ block: "nearest" })
    },
    [scrollTo, body],
  )
  const watcher = many ? (
    <Suspense fallback={null}>
      <RowWindow body={body} count={count} onChange={setWatched} />
    </Suspense>
  ) : null
  return { ...drawn, bringIntoSight, watcher }
}

/** Promise: the drawn row of that number, or null. */
export function rowAt(body: HTMLTableSectionElement | null, index: number): HTMLTableRowElement | null {
  return body?.querySelector(`tr[data-index="${index}"]`) ?? null
}

function allRows(count: number): DrawnRows {
  const indexes = Array.from({ length: count }, (_, index) => index)
  return { indexes, before: 0, after: 0, measure: ignore, scrollTo: null }
}

function ignore(): void {}
