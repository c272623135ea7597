import { isolateRuns } from "@/lib/audit/direction"

/** Returns a page's title that names its subject, so that tabs can be distinguished: "Auditors · Role". */
export function titleOfThing(name: string | null, kind: string): string {
  return name === null ? kind : `${isolateRuns(name)} · ${kind}`
}
