import { LogSkeleton } from "@/components/audit-log/states/log-skeleton"

/** Shown at once, until the first result is there. */
export default function Loading() {
  return <LogSkeleton />
}
