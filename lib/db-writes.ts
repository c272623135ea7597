import { type DatabaseTrouble, databaseTroubleOf } from "./db-errors"

/** What is known about writing to the database: `ok`, or what keeps it from being done. */
export type WriteState = "ok" | DatabaseTrouble

/** Remembers how the last writes ended and, when that says nothing, tries one. */
export interface Writes {
  /** Returns what `write` comes to; how it ended is remembered. */
  watch<T>(write: () => Promise<T>): Promise<T>
  /** Returns what writing comes to now. */
  state(): Promise<WriteState>
}

interface WritesOptions {
  /** Writes something that leaves nothing behind. Throws what `databaseError` makes. */
  readonly probe: () => Promise<void>
  /** Milliseconds, as of `performance.now()`. */
  readonly now?: () => number
}

/** A failed write that none has followed says this long how things are: nobody may be writing any more. */
const memoryMs = 30_000
/** What one connection or one statement met says less about the next. */
const shortMemoryMs = 5_000
const passing: ReadonlySet<DatabaseTrouble> = new Set(["unreachable", "cancelled"])
/** Asking for the health costs one write in this time at most, however often anybody asks. */
const probeEveryMs = 5_000

/** Returns a memory of how writes end. */
export function watchWrites({ probe, now = () => performance.now() }: WritesOptions): Writes {
  let failed: { readonly trouble: DatabaseTrouble; readonly at: number } | null = null
  let probed: { readonly at: number; readonly state: Promise<WriteState> } | null = null

  function remember(error: unknown): void {
    const trouble = databaseTroubleOf(error)
    // A lock that was waited for too long says nothing about the next write.
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
