"use client"

import { useRouter } from "next/navigation"
import { type ReactNode, useCallback } from "react"
import { queryAddress } from "@/components/audit-log/query/address"
import { plainQuery } from "@/lib/audit/query/query"
import { type AskForValue, ValueMenuProvider, withUse } from "./value-menu"

export interface EventPageMenusProps {
  readonly slug: string
  readonly zone: string
  readonly children: ReactNode
}

/** On an event's own page a value links to the log over all time: the event may be older than the default time range. */
export function EventPageMenus({ slug, zone, children }: EventPageMenusProps) {
  const router = useRouter()
  const ask = useCallback<AskForValue>(
    (filter, use) => {
      const everything = { ...plainQuery, zone, window: { kind: "all" } } as const
      router.push(queryAddress(slug, withUse(everything, filter, use)))
    },
    [router, slug, zone],
  )
  return <ValueMenuProvider ask={ask}>{children}</ValueMenuProvider>
}
