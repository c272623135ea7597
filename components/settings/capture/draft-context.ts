import { createContext, use } from "react"
import type { CapturePolicy } from "@/lib/audit/capture/policy"
import type { CaptureFigures } from "./view"

interface DraftValue {
  /** The draft; what the environment sets is in it and stays. */
  readonly policy: CapturePolicy
  readonly change: (part: Partial<CapturePolicy>) => void
  /** Replaces all of the draft but what the environment sets. */
  readonly replace: (policy: CapturePolicy) => void
  /** What is wrong with the draft, by pointer into the policy. */
  readonly faults: ReadonlyMap<string, string>
  readonly figures: CaptureFigures | null
}

/** The policy that is being edited, for its sections. */
export const DraftContext = createContext<DraftValue | null>(null)

/** Returns the policy that is being edited. Throws outside of the editor. */
export function useDraft(): DraftValue {
  const draft = use(DraftContext)
  if (draft === null) throw new Error("a section of the policy is outside of its editor")
  return draft
}
