"use client"

import { useEffect, useState } from "react"
import { useLog } from "@/components/audit-log/log-context"
import { dataAddress } from "@/components/audit-log/query/address"
import { fetchJson } from "@/components/audit-log/request"
import type { BoundedCount } from "@/lib/audit/store"
import type { FirstPage } from "./use-pages"

/**
 * The number of matching events, counted after the page and up to a limit; null while unknown. Not requested when the rows
 * show it.
 */
export function useCount(first: FirstPage, loadedAll: boolean, loaded: number): BoundedCount | null {
  const { slug, noticeRefusal } = useLog()
  const [counted, setCounted] = useState<{ readonly address: string; readonly count: BoundedCount } | null>(
    null,
  )
  const address = dataAddress(slug, "count", first.fixed)

  useEffect(() => {
    if (loadedAll) return
    const controller = new AbortController()
    fetchJson<BoundedCount>(address, controller.signal).then(result => {
      if (result.ok) setCounted({ address, count: result.value })
      else noticeRefusal(result.failure)
    })
    return () => controller.abort()
  }, [address, loadedAll, noticeRefusal])

  if (loadedAll) return { count: loaded, exact: true }
  return counted?.address === address ? counted.count : null
}
