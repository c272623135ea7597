"use client"

import { Time, type TimeProps } from "@/components/time/time"
import { useOwnZone } from "./zone-context"

/** A time in the reader's zone, always shown with its offset. */
export function OwnTime(props: Omit<TimeProps, "zone" | "withOffset">) {
  const { zone } = useOwnZone()
  return <Time {...props} zone={zone} withOffset />
}
