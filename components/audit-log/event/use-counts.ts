"use client"

import { useEffect, useState } from "react"
import { dataAddress } from "@/components/audit-log/query/address"
import { fetchJson } from "@/components/audit-log/request"
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
  useEffect(() => {
    const controller = new AbortController()
    const count = async () => {
      const counts: (BoundedCount | null)[] = []
      for (const { query } of queries) {
        const result = await fetchJson<BoundedCount>(dataAddress(slug, "count", query), controller.signal)
        if (controller.signal.aborted) return
        counts.push(result.ok ? result.value : null)
        setCounted({ queries, counts: [...counts] })
      }
    }
    void count()
    return () => controller.abort()
  }, [slug, queries])
  return counted.queries === queries ? counted.counts : []
}
