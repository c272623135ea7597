import { LogSkeleton } from "@/components/audit-log/states/log-skeleton"

/** Shown at once, until the first answer is there. */
export default function Loading() {
  return <LogSkeleton />
}
