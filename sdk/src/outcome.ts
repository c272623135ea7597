/** What became of an event that was recorded. */
export type RecordOutcome =
  | "accepted" // the server has it
  | "duplicate" // the server had it before
  | "kept" // on disk or in memory, and sent as soon as the server takes it
  | "refused" // the server does not take it: it is not acceptable as sent
  | "lost" // there was no room to keep it

export interface RecordResult {
  readonly id: string
  readonly outcome: RecordOutcome
  /** Why it was refused. */
  readonly why?: string
}
