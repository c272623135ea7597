"use client"

import { useWindowVirtualizer } from "@tanstack/react-virtual"
import { type RefObject, useCallback, useEffect, useLayoutEffect, useState } from "react"

export interface VisibleRows {
  /** The rows to draw, in order. */
  readonly indexes: readonly number[]
  /** Heights in pixels of what is not drawn, above and below. */
  readonly before: number
  readonly after: number
  readonly measure: (element: HTMLTableRowElement | null) => void
  readonly bringIntoSight: (index: number) => void
}

/** Up to here every row is drawn, as on the server: the page's own search then finds everything. */
const allDrawnUpTo = 100
const rowPixels = 36
const cardPixels = 112
/** Below this width of the table its rows are cards; the same threshold as `@lg`. */
const cardWidthPixels = 512
/** The page's header and the table's head lie over the first rows. */
const coveredPixels = 84

/** Draws the rows near the part of the window that is seen. The page scrolls, not the table. */
export function useVisibleRows(body: RefObject<HTMLTableSectionElement | null>, count: number): VisibleRows {
  const virtual = count > allDrawnUpTo
  const top = useTop(body)
  const cards = useIsNarrow(body)
  const virtualizer = useWindowVirtualizer<HTMLTableRowElement>({
    count,
    enabled: virtual,
    estimateSize: () => (cards ? cardPixels : rowPixels),
    overscan: 12,
    scrollMargin: top,
    scrollPaddingStart: coveredPixels,
    scrollPaddingEnd: 16,
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows of the other shape have other heights
  useEffect(() => virtualizer.measure(), [cards])

  const bringIntoSight = useCallback(
    (index: number) => {
      if (virtual) virtualizer.scrollToIndex(index, { align: "auto" })
      else rowAt(body.current, index)?.scrollIntoView({ block: "nearest" })
    },
    [virtual, virtualizer, body],
  )
  if (!virtual) {
    return { indexes: range(count), before: 0, after: 0, measure: ignore, bringIntoSight }
  }
  const items = virtualizer.getVirtualItems()
  const [first, last] = [items[0], items.at(-1)]
  return {
    indexes: items.map(item => item.index),
    before: first ? first.start - top : 0,
    after: last ? virtualizer.getTotalSize() - (last.end - top) : 0,
    measure: virtualizer.measureElement,
    bringIntoSight,
  }
}

/** Promise: the drawn row of that number, or null. */
export function rowAt(body: HTMLTableSectionElement | null, index: number): HTMLTableRowElement | null {
  return body?.querySelector(`tr[data-index="${index}"]`) ?? null
}

/** How far the rows begin from the top of the page; what stands above them may grow and shrink. */
function useTop(body: RefObject<HTMLTableSectionElement | null>): number {
  const [top, setTop] = useState(0)
  useLayoutEffect(() => {
    const element = body.current
    if (!element) return
    const measured = Math.round(element.getBoundingClientRect().top + window.scrollY)
    if (measured !== top) setTop(measured)
  })
  return top
}

function useIsNarrow(body: RefObject<HTMLTableSectionElement | null>): boolean {
  const [narrow, setNarrow] = useState(false)
  useEffect(() => {
    const element = body.current
    if (!element) return
    const observer = new ResizeObserver(() => setNarrow(element.clientWidth < cardWidthPixels))
    observer.observe(element)
    return () => observer.disconnect()
  }, [body])
  return narrow
}

function range(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index)
}

function ignore(): void {}
