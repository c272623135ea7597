"use client"

import type { ReactNode } from "react"
import { searchAddress } from "@/components/audit-log/query/address"
import { useLogQuery } from "@/components/audit-log/query-context"
import { focusSearchBox } from "@/components/audit-log/shortcuts/targets"

/** Links to the query without its invalid part. The text around it then disappears, so the focus is moved. */
export function RemedyLink({
  search,
  children,
  ...look
}: {
  readonly search: string
  readonly children: ReactNode
  readonly className?: string
}) {
  const { slug, visit } = useLogQuery()
  return (
    <a
      href={searchAddress(slug, search, null)}
      onClick={event => {
        if (event.metaKey || event.ctrlKey || event.shiftKey) return
        event.preventDefault()
        focusSearchBox()
        visit(search)
      }}
      {...look}
    >
      {children}
    </a>
  )
}
