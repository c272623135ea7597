"use client"

import { Failed, type FailedProps } from "@/components/navigation/failed"

/** A failure of ours. The page itself shows faults of the query and of the database. */
export default function ErrorPage({ error, retry }: FailedProps) {
  return <Failed error={error} retry={retry} />
}
