"use client"

import { createContext, use, useCallback } from "react"
import type { FieldName } from "@/lib/audit/query/fields"
import type { AppName, Sees } from "./answers/log-state"
import type { FetchFailure } from "./request"

/** What the reader may see, and what happens when that is reduced. */
export interface LogAccess {
  readonly apps: readonly AppName[]
  readonly sees: Sees
  /** Why the page may no longer be seen; null while it may. Then nothing of the log is shown. */
  readonly lost: FetchFailure | null
  /**
   * Reports a failed request. If it was refused, the page is hidden or loaded again: the reader's permissions were reduced.
   */
  readonly noticeRefusal: (failure: FetchFailure) => void
  /** Checks whether the page may still be seen, for rows from the browser's memory. */
  readonly checkPermission: () => void
  /** Checks after a failure whether the page may no longer be seen. */
  readonly findLoss: (failure: FetchFailure) => Promise<boolean>
}

export const AccessContext = createContext<LogAccess | null>(null)

export function useAccess(): LogAccess {
  const access = use(AccessContext)
  if (!access) throw new Error("useAccess was called outside LogProvider")
  return access
}

/** Returns the display text of a value: an app's name instead of its slug. */
export function useNameValue(): (field: FieldName, value: string) => string {
  const { apps } = useAccess()
  return useCallback(
    (field, value) => (field === "app" ? (apps.find(app => app.slug === value)?.name ?? value) : value),
    [apps],
  )
}
