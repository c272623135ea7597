"use client"

import { useEffect, useState } from "react"
import { dataAddress } from "@/components/audit-log/question/address"
import { fetchJson } from "@/components/audit-log/request"
import type { Question } from "@/lib/audit/query/question"
import type { BoundedCount } from "@/lib/audit/store"

interface Counted {
  readonly asked: readonly unknown[]
  readonly counts: readonly (BoundedCount | null)[]
}

/**
 * The number of events of each query, as far as it is counted; null while unknown, and when counting fails. Counted one
 * after another: a reader who steps from event to event must not keep the server busy.
 */
export function useCounts(
  slug: string,
  asked: readonly { readonly question: Question }[],
): readonly (BoundedCount | null)[] {
  const [counted, setCounted] = useState<Counted>({ asked, counts: [] })
  useEffect(() => {
    const controller = new AbortController()
    const count = async () => {
      const counts: (BoundedCount | null)[] = []
      for (const { question } of asked) {
        const result = await fetchJson<BoundedCount>(dataAddress(slug, "count", question), controller.signal)
        if (controller.signal.aborted) return
        counts.push(result.ok ? result.value : null)
        setCounted({ asked, counts: [...counts] })
      }
    }
    void count()
    return () => controller.abort()
  }, [slug, asked])
  return counted.asked === asked ? counted.counts : []
}
