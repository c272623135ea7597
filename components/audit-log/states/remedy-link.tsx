"use client"

import Link from "next/link"
import type { ReactNode } from "react"
import { focusSearchBox } from "@/components/audit-log/shortcuts/targets"

/** Leads to the question without what was wrong with it. The words around it then go away, so the focus does not stay there. */
export function RemedyLink({
  address,
  children,
  ...look
}: {
  readonly address: string
  readonly children: ReactNode
  readonly className?: string
}) {
  return (
    <Link href={address} prefetch={false} scroll={false} onClick={focusSearchBox} {...look}>
      {children}
    </Link>
  )
}
