"use client"

import Link from "next/link"
import { usePathname } from "next/navigation"
import { Alert } from "@/components/ui/alert"
import { sinkPath, sinksPath } from "./places"
import type { Trouble } from "./trouble"

export interface TroubleNoticeProps {
  /** Slug of the organization. */
  readonly slug: string
  readonly troubles: readonly Trouble[]
}

/** On the other pages of Settings: which sinks do not deliver, or have not got some events. Their own pages say more. */
export function TroubleNotice(props: TroubleNoticeProps) {
  return <NoticeAt {...props} pathname={usePathname()} />
}

/** The same on the page of that path. */
export function NoticeAt({ slug, troubles, pathname }: TroubleNoticeProps & { readonly pathname: string }) {
  if (troubles.length === 0 || isBelow(pathname, sinksPath(slug))) return null
  const isFailure = troubles.some(({ tone }) => tone === "failure")
  return (
    <div className="max-w-6xl px-4 pt-6 sm:px-6">
      <Alert
        tone={isFailure ? "failure" : "warning"}
        title={isFailure ? "Copies do not arrive" : "Some events did not arrive"}
      >
        {troubles.length === 1 ? "A sink needs a look: " : "Some sinks need a look: "}
        {troubles.map(({ id, name }, position) => (
          <span key={id}>
            {position === 0 ? null : ", "}
            <Link href={sinkPath(slug, id)} className="text-link underline">
              {name}
            </Link>
          </span>
        ))}
        .
      </Alert>
    </div>
  )
}

function isBelow(pathname: string, place: string): boolean {
  return pathname === place || pathname.startsWith(`${place}/`)
}
