import { SinksSkeleton } from "@/components/settings/sinks/sinks-skeleton"

/** Shown at once, until the sinks are there. */
export default function Loading() {
  return <SinksSkeleton />
}
