"use client"

import { createContext, type ReactNode, use, useCallback, useMemo, useState } from "react"
import { plainQuestion } from "@/lib/audit/query/question"
import type { BoundedCount } from "@/lib/audit/store"
import { firstPageOf } from "./answers/log-state"
import { useLog } from "./log-context"
import { useCount } from "./table/use-count"
import { type FirstPage, type Pages, usePages } from "./table/use-pages"

/** A wish to bring a row into sight, and perhaps to give it the focus; a new object is a new wish. */
export interface RowWish {
  readonly index: number
  readonly focus: boolean
}

/** The rows of the answer, and the one of them that keys act upon. */
export interface EventsView {
  readonly pages: Pages
  readonly first: FirstPage
  /** How many events match, as far as they were counted; null while unknown. */
  readonly total: BoundedCount | null
  readonly activeIndex: number
  readonly setActiveIndex: (index: number) => void
  readonly wish: RowWish | null
  /** The next row or the one before; with an event open, that one is opened instead. At the end more is loaded. */
  readonly move: (step: 1 | -1) => void
  /** Closes the open event and gives the focus back to its row. */
  readonly leave: () => void
}

const Context = createContext<EventsView | null>(null)

/** The events on screen, or null where there are none to be (a question that was not understood). */
export function useEvents(): EventsView | null {
  return use(Context)
}

/** Holds the rows for the table that lists them, the panel that opens them and the keys that move among them. */
export function EventsProvider({ children }: { readonly children: ReactNode }) {
  const first = firstPageOf(useLog().body)
  const view = useEventsView(first ?? nothing)
  return <Context value={first ? view : null}>{children}</Context>
}

const nothing: FirstPage = {
  rows: [],
  nextCursor: null,
  searchedBackTo: null,
  question: plainQuestion,
  fixed: plainQuestion,
}

function useEventsView(first: FirstPage): EventsView {
  const { openEventId, openEvent, closeEvent } = useLog()
  const pages = usePages(first)
  const { rows, hasMore, loadMore } = pages
  const total = useCount(first, !hasMore, rows.length)
  const [chosen, setActiveIndex] = useState(0)
  const [wish, setWish] = useState<RowWish | null>(null)
  const openIndex = openEventId === null ? -1 : rows.findIndex(row => row.id === openEventId)
  const activeIndex = openIndex === -1 ? Math.min(chosen, Math.max(0, rows.length - 1)) : openIndex

  const move = useCallback(
    (step: 1 | -1) => {
      const focused = document.activeElement?.closest("[data-index]") !== null
      const index = openIndex !== -1 || focused ? activeIndex + step : activeIndex
      const row = rows[index]
      if (index >= rows.length - 1 && hasMore) loadMore()
      if (!row) return
      setActiveIndex(index)
      if (openEventId !== null) openEvent(row.id)
      setWish({ index, focus: openEventId === null })
    },
    [openIndex, activeIndex, rows, hasMore, loadMore, openEventId, openEvent],
  )
  const leave = useCallback(() => {
    closeEvent()
    setActiveIndex(activeIndex)
    setWish({ index: activeIndex, focus: true })
  }, [closeEvent, activeIndex])

  return useMemo<EventsView>(
    () => ({ pages, first, total, activeIndex, setActiveIndex, wish, move, leave }),
    [pages, first, total, activeIndex, wish, move, leave],
  )
}
