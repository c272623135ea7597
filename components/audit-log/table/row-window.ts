"use client"

import { useWindowVirtualizer } from "@tanstack/react-virtual"
import { type RefObject, useEffect, useLayoutEffect, useState } from "react"
import { cardPixels, cardWidthPixels, type DrawnRows, rowPixels } from "./drawn-rows"

export interface RowWindowProps {
  readonly body: RefObject<HTMLTableSectionElement | null>
  readonly count: number
  readonly onChange: (drawn: DrawnRows) => void
}

/** The page's header and the table's head cover the first rows. */
const coveredPixels = 84

/** Reports which rows are near the visible part of the page; renders nothing itself. */
export default function RowWindow({ body, count, onChange }: RowWindowProps): null {
  const top = useTop(body)
  const cards = useIsNarrow(body)
  const virtualizer = useWindowVirtualizer<HTMLTableRowElement>({
    count,
    estimateSize: () => (cards ? cardPixels : rowPixels),
    overscan: 20,
    scrollMargin: top,
    scrollPaddingStart: coveredPixels,
    scrollPaddingEnd: 16,
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows of the other shape have other heights
  useEffect(() => virtualizer.measure(), [cards])

  const items = virtualizer.getVirtualItems()
  const [first, last] = [items[0], items.at(-1)]
  const before = first ? first.start - top : 0
  const after = last ? virtualizer.getTotalSize() - (last.end - top) : 0
  const indexes = items.map(item => item.index)
  const key = `${indexes.join()} ${before} ${after}`
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for all that is told
  useLayoutEffect(() => {
    onChange({
      indexes,
      before,
      after,
      measure: virtualizer.measureElement,
      scrollTo: index => virtualizer.scrollToIndex(index, { align: "auto" }),
    })
  }, [key, onChange])
  return null
}

/** The distance of the rows from the top of the page; the content above them may change its height. */
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
  const [narrow, setNarrow] = useState(() => body.current !== null && isNarrow(body.current))
  useEffect(() => {
    const element = body.current
    if (!element) return
    const observer = new ResizeObserver(() => setNarrow(isNarrow(element)))
    observer.observe(element)
    return () => observer.disconnect()
  }, [body])
  return narrow
}

function isNarrow(element: HTMLElement): boolean {
  return element.clientWidth < cardWidthPixels
}
