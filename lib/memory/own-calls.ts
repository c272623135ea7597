/** What became of the calls to the API of this console, since the process began. */
export interface OwnCallCounts {
  /** Written to a log. */
  recorded: number
  /** Should have been written, and could not be: `auditorium_capture_dropped_total`. */
  dropped: number
  /** Belonged to no organization, so there is no log for them. */
  withoutOrganization: number
}

/** Calls that are written after they were answered. */
export interface OwnCalls {
  readonly counts: Readonly<OwnCallCounts>
  /** Whether the policy of an organization had such a call recorded: until then, those without an organization are not counted. */
  isOn: boolean
  /** Counts what becomes of the writing; returns why it failed, or null. */
  track(writing: Promise<boolean>): Promise<unknown>
  countWithoutOrganization(): void
  /** Resolves when what was answered so far is written, or could not be. */
  settle(): Promise<void>
}

/** Returns counters that begin at zero. */
export function ownCalls(): OwnCalls {
  const counts: OwnCallCounts = { recorded: 0, dropped: 0, withoutOrganization: 0 }
  const running = new Set<Promise<unknown>>()
  const calls: OwnCalls = {
    counts,
    isOn: false,
    async track(writing) {
      running.add(writing)
      try {
        if (!(await writing)) return null
        counts.recorded++
        calls.isOn = true
        return null
      } catch (error) {
        counts.dropped++
        return error
      } finally {
        running.delete(writing)
      }
    },
    countWithoutOrganization() {
      counts.withoutOrganization++
    },
    async settle() {
      while (running.size > 0) await Promise.allSettled(running)
    },
  }
  return calls
}
