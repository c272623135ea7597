"use client"

import { createContext, use } from "react"

/** What a cell knows about its row. */
export interface RowState {
  /** The one row that is a tab stop. */
  readonly active: boolean
  /** True while the mouse is over it. */
  readonly hovered: boolean
}

export const RowStateContext = createContext<RowState>({ active: false, hovered: false })

/** The state of the row around the caller. */
export function useRowState(): RowState {
  return use(RowStateContext)
}
