/** How something is recorded that may occur many times in a minute. */
export interface Repeatable {
  /** Records the first one; when it rejects, the next one counts as the first. */
  readonly first: () => Promise<void>
  /** Records those after the first, when the minute has passed. Does not reject. */
  readonly others: (count: number) => Promise<void>
}

/** Records the first of a kind at once, and the number of those that follow it once a minute. */
export interface Repetitions {
  /**
   * Resolves when the first of the name is recorded, and immediately when it only counts. `restMs` is what is left of the
   * minute.
   */
  note(name: string, what: Repeatable, restMs: number): Promise<void>
  /** Records what was only counted so far. */
  flush(): Promise<void>
}

interface Counted {
  readonly last: Repeatable
  readonly count: number
}

/** Returns an empty counter of this process. */
export function repetitions(): Repetitions {
  /** Null: nothing came after the first. */
  const noted = new Map<string, Counted | null>()

  async function close(name: string): Promise<void> {
    const counted = noted.get(name)
    noted.delete(name)
    if (counted) await counted.last.others(counted.count)
  }

  return {
    async note(name, what, restMs) {
      const before = noted.get(name)
      if (before !== undefined) {
        noted.set(name, { last: what, count: (before?.count ?? 0) + 1 })
        return
      }
      noted.set(name, null)
      try {
        await what.first()
      } catch (error) {
        noted.delete(name)
        throw error
      }
      setTimeout(() => void close(name), restMs).unref()
    },
    async flush() {
      for (const name of noted.keys()) await close(name)
    },
  }
}
