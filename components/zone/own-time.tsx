"use client"

import { Time, type TimeProps } from "@/components/time"
import { useOwnZone } from "./zone-context"

/** A moment in the zone in which its reader reads times, always said with its offset. */
export function OwnTime(props: Omit<TimeProps, "zone" | "withOffset">) {
  const { zone } = useOwnZone()
  return <Time {...props} zone={zone} withOffset />
}
