import type { Variables } from "@/scripts/connection-options"

export interface Terminal {
  readonly variables: Variables
  readonly out: Output
  /** What went wrong, and what a person should know. */
  readonly err: (text: string) => unknown
  /** Aborts when nobody reads the output any more. */
  readonly closed: AbortSignal
}

export interface Output {
  /** Characters in a line of the terminal; null for a pipe or a file. */
  readonly width: number | null
  readonly write: (text: string) => Promise<void>
}
