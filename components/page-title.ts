import { isolateRuns } from "@/lib/audit/direction"

/** Returns a page's title that names its thing, so that tabs can be told apart: "Auditors · Role". */
export function titleOfThing(name: string | null, kind: string): string {
  return name === null ? kind : `${isolateRuns(name)} · ${kind}`
}
