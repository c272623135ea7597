"use client"

import { createContext, type ReactNode, use, useCallback, useMemo, useState } from "react"
import { plainQuery } from "@/lib/audit/query/query"
import type { BoundedCount } from "@/lib/audit/store"
import { type FirstPage, firstPageOf } from "./answers/log-state"
import { useOpenEvent } from "./open-event-context"
import { useLogQuery } from "./query-context"
import { useCount } from "./table/use-count"
import { type Pages, usePages } from "./table/use-pages"

/** A request to scroll to a row, and perhaps to focus it; a new object is a new request. */
export interface RowWish {
  readonly index: number
  readonly focus: boolean
}

/** The rows of the result, and the active one for keys. */
export interface EventsView {
  readonly pages: Pages
  readonly first: FirstPage
  /** The number of matching events, as far as counted; null while unknown. */
  readonly total: BoundedCount | null
  readonly activeIndex: number
  readonly setActiveIndex: (index: number) => void
  readonly wish: RowWish | null
  /** Moves to the next or the previous row; with an event open, opens that one instead. Loads more at the end. */
  readonly move: (step: 1 | -1) => void
  /** Closes the open event and returns the focus to its row. */
  readonly leave: () => void
}

const Context = createContext<EventsView | null>(null)

/** The displayed events, or null where there can be none (an invalid query). */
export function useEvents(): EventsView | null {
  return use(Context)
}

/** Holds the rows for the table, the event panel and the keyboard navigation. */
export function EventsProvider({ children }: { readonly children: ReactNode }) {
  const first = firstPageOf(useLogQuery().body)
  const view = useEventsView(first ?? nothing)
  return <Context value={first ? view : null}>{children}</Context>
}

const nothing: FirstPage = {
  rows: [],
  nextCursor: null,
  searchedBackTo: null,
  query: plainQuery,
  fixed: plainQuery,
}

function useEventsView(first: FirstPage): EventsView {
  const { openEventId, openEvent, closeEvent } = useOpenEvent()
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
