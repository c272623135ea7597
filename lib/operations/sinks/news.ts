/** What the log and the administrators are told of a sink. */
export type News = "fail" | "recover" | "miss" | "dead-letter"

/** What is known of the cursor that follows the log, and what was told of it. */
export interface ToldCursor {
  /** Paused by delivery itself, or by a person. */
  readonly pausedReason: string | null
  readonly failures: number
  readonly firstFailureAt: Date | null
  readonly lastErrorKind: string | null
  readonly lastSuccessAt: Date | null
  readonly toldAt: Date | null
  readonly missed: number
  readonly missedTold: number
  readonly refused: number
  readonly refusedTold: number
  readonly refusedToldAt: Date | null
}

/** A failure that may end by itself is told after this. */
export const patienceMs = 30 * 60 * 1000
/** Refused events are told of once in this time. */
const refusedEveryMs = 60 * 60 * 1000

/** Returns what is to be told now. A failure is told once, until its end was told. */
export function newsOf(cursor: ToldCursor, at: Date): readonly News[] {
  return [
    ...(isFailure(cursor, at) ? (["fail"] as const) : []),
    ...(isRecovery(cursor) ? (["recover"] as const) : []),
    ...(cursor.missed > cursor.missedTold ? (["miss"] as const) : []),
    ...(isRefusal(cursor, at) ? (["dead-letter"] as const) : []),
  ]
}

/** Returns whether nothing is delivered until somebody changes or resumes the sink. */
export function needsSomebody({ pausedReason, failures, lastErrorKind }: ToldCursor): boolean {
  if (pausedReason !== null) return pausedReason !== "person"
  return failures > 0 && lastErrorKind !== null && lastErrorKind !== "later"
}

function isFailure(cursor: ToldCursor, at: Date): boolean {
  // A person who has paused it knows.
  if (cursor.toldAt !== null || cursor.pausedReason === "person") return false
  if (needsSomebody(cursor)) return true
  const { failures, firstFailureAt } = cursor
  return failures > 0 && firstFailureAt !== null && at.getTime() - firstFailureAt.getTime() >= patienceMs
}

// Resuming or changing a sink resets its failures: only what was taken since shows that it works.
function isRecovery({ toldAt, failures, pausedReason, lastSuccessAt }: ToldCursor): boolean {
  if (toldAt === null || failures > 0 || pausedReason !== null) return false
  return lastSuccessAt !== null && lastSuccessAt > toldAt
}

function isRefusal({ refused, refusedTold, refusedToldAt }: ToldCursor, at: Date): boolean {
  if (refused <= refusedTold) return false
  return refusedToldAt === null || at.getTime() - refusedToldAt.getTime() >= refusedEveryMs
}
