"use client"

import { useAccess } from "@/components/audit-log/access-context"
import type { FirstPage } from "@/components/audit-log/answers/log-state"
import { dataAddress } from "@/components/audit-log/query/address"
import { useLogQuery } from "@/components/audit-log/query-context"
import { useAnswer } from "@/components/audit-log/use-answer"
import type { BoundedCount } from "@/lib/audit/store"

/**
 * The number of matching events, counted after the page and up to a limit; null while unknown. Not requested when the rows
 * show it.
 */
export function useCount(first: FirstPage, loadedAll: boolean, loaded: number): BoundedCount | null {
  const { slug } = useLogQuery()
  const { noticeRefusal } = useAccess()
  const address = loadedAll ? null : dataAddress(slug, "count", first.fixed)
  const { value } = useAnswer<BoundedCount>(address, { onFailure: noticeRefusal })
  return loadedAll ? { count: loaded, exact: true } : value
}
