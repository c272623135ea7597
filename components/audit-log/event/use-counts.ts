"use client"

import { useState } from "react"
import { dataAddress } from "@/components/audit-log/query/address"
import { useAnswer } from "@/components/audit-log/use-answer"
import type { AuditQuery } from "@/lib/audit/query/query"
import type { BoundedCount } from "@/lib/audit/store"

interface Counted {
  readonly queries: readonly unknown[]
  readonly counts: readonly (BoundedCount | null)[]
}

/**
 * The number of events of each query, as far as it is counted; null while unknown, and when counting fails. Counted one
 * after another: a reader who steps from event to event must not keep the server busy.
 */
export function useCounts(
  slug: string,
  queries: readonly { readonly query: AuditQuery }[],
): readonly (BoundedCount | null)[] {
  const [counted, setCounted] = useState<Counted>({ queries, counts: [] })
  const counts = counted.queries === queries ? counted.counts : []
  const next = queries[counts.length]
  const { value, failure } = useAnswer<BoundedCount>(next ? dataAddress(slug, "count", next.query) : null)
  if (next && (value || failure)) setCounted({ queries, counts: [...counts, value] })
  return counts
}
