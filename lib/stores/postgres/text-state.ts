import type { Database } from "@/lib/database/database"

/** How long an answer is cached: a finished rebuild stays finished, unless a process of the previous version still runs. */
const believedMs = { complete: 60_000, incomplete: 3_000 } as const

/**
 * Returns a function that returns whether the search text of every event has the current form; it queries the database
 * rarely.
 */
export function textState(database: Database, now: () => number = () => performance.now()) {
  let known: { readonly complete: boolean; readonly untilMs: number } | null = null
  return async (): Promise<boolean> => {
    if (known && now() < known.untilMs) return known.complete
    const [row] = await database.queryDirectly<{ complete: boolean }>(
      "SELECT ledger.text_is_complete() AS complete",
    )
    const complete = row?.complete ?? false
    known = { complete, untilMs: now() + (complete ? believedMs.complete : believedMs.incomplete) }
    return complete
  }
}
