import { type DatabaseTrouble, databaseTroubleOf } from "./errors"

/** The state of writing to the database: `ok`, or why it fails. */
export type WriteState = "ok" | DatabaseTrouble

/** Remembers the results of the last writes and, when they are too old, tries one. */
export interface Writes {
  /** Returns the result of `write` and remembers whether it succeeded. */
  watch<T>(write: () => Promise<T>): Promise<T>
  /** Returns the current state of writing. */
  state(): Promise<WriteState>
}

interface WritesOptions {
  /** Performs a write without lasting effect. Throws what `databaseError` returns. */
  readonly probe: () => Promise<void>
  /** Milliseconds, as of `performance.now()`. */
  readonly now?: () => number
}

/** For this long a failed write without a later one stands for the current state; afterwards a probe decides. */
const memoryMs = 30_000
/** A failure of one connection or statement counts for less time. */
const shortMemoryMs = 5_000
const passing: ReadonlySet<DatabaseTrouble> = new Set(["unreachable", "cancelled"])
/** Health requests cause at most one write in this time, however many there are. */
const probeEveryMs = 5_000

/** Returns a Writes without results yet. */
export function watchWrites({ probe, now = () => performance.now() }: WritesOptions): Writes {
  let failed: { readonly trouble: DatabaseTrouble; readonly at: number } | null = null
  let probed: { readonly at: number; readonly state: Promise<WriteState> } | null = null

  function remember(error: unknown): void {
    const trouble = databaseTroubleOf(error)
    // A lock timeout says nothing about the next write.
    if (trouble !== undefined && trouble !== "busy") failed = { trouble, at: now() }
  }

  async function watch<T>(write: () => Promise<T>): Promise<T> {
    try {
      const result = await write()
      failed = null
      return result
    } catch (error) {
      remember(error)
      throw error
    }
  }

  function probeNow(): Promise<WriteState> {
    return probe().then(
      () => "ok",
      error => {
        const trouble = databaseTroubleOf(error)
        if (trouble === undefined) throw error
        return trouble
      },
    )
  }

  function probedState(): Promise<WriteState> {
    if (probed === null || now() - probed.at >= probeEveryMs) probed = { at: now(), state: probeNow() }
    return probed.state
  }

  return {
    watch,
    async state() {
      if (failed === null) return probedState()
      const lasts = passing.has(failed.trouble) ? shortMemoryMs : memoryMs
      return now() - failed.at < lasts ? failed.trouble : probedState()
    },
  }
}
