"use client"

import { createContext, use } from "react"

/** What a cell knows of the row it stands in. */
export interface RowState {
  /** The one row that the Tab key stops at. */
  readonly active: boolean
  /** The mouse is over it. */
  readonly hovered: boolean
}

export const RowStateContext = createContext<RowState>({ active: false, hovered: false })

/** The state of the row around the caller. */
export function useRowState(): RowState {
  return use(RowStateContext)
}
