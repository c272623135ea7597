"use client"

import { Failed, type FailedProps } from "@/components/navigation/failed"

/** Inside the frame, so that the way to other pages stays open. */
export default function ErrorPage({ error, retry }: FailedProps) {
  return <Failed error={error} retry={retry} />
}
