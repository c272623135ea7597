import type { CursorProgress } from "@/lib/delivery/sinks/progress"
import type { PausedReason, SinkState } from "./answers"

const needsSomebody: ReadonlySet<string> = new Set(["configuration", "gone", "credentials"])

/** Returns where a sink stands: `cursor` is the one that follows the log. */
export function stateOf(
  pausedReason: PausedReason | null,
  cursor: Pick<CursorProgress, "failures" | "lastError" | "isWaiting"> | undefined,
): SinkState {
  if (pausedReason !== null) return "paused"
  if (cursor === undefined) return "waiting"
  if (cursor.failures === 0) return cursor.isWaiting ? "waiting" : "delivering"
  return needsSomebody.has(cursor.lastError?.kind ?? "") ? "misconfigured" : "failing"
}
