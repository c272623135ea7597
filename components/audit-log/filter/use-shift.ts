"use client"

import { shiftWindow } from "@/components/audit-log/query/shift"
import { useLogQuery } from "@/components/audit-log/query-context"
import { withWindow } from "@/lib/audit/query/query"

export interface Steps {
  readonly earlier: (() => void) | undefined
  readonly later: (() => void) | undefined
}

/** No time range begins earlier. */
const beginning = "1970-01-01T00:00:00.000000Z"

/** The time range moved by its own length; a step is missing where no events can be. */
export function useShift(): Steps {
  const { answered, window, queriedAt, ask } = useLogQuery()
  if (!window || answered.window.kind === "all") return { earlier: undefined, later: undefined }
  const step = (direction: "earlier" | "later") => () => {
    ask({ ...withWindow(answered, shiftWindow(answered, window, direction)), excludeToday: false })
  }
  return {
    earlier: window.from > beginning ? step("earlier") : undefined,
    later: window.before < queriedAt ? step("later") : undefined,
  }
}
