"use client"

import { Failed, type FailedProps } from "@/components/navigation/failed"

/** A fault of ours. Faults of the question and of the database are said by the page itself. */
export default function ErrorPage({ error, retry }: FailedProps) {
  return <Failed error={error} retry={retry} />
}
