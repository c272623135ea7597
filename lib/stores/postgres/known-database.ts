import type { Database } from "@/lib/database/database"
import type { KnownDatabase } from "./conditions"

/** How long an answer is cached: finished work stays finished, unless a process of the version before still runs. */
const believedMs = { complete: 60_000, incomplete: 3_000 } as const

/**
 * Returns a function that returns whether a part of the work on events of an earlier version is complete, as this SQL function
 * says; it queries the database rarely.
 */
function workState(
  database: Database,
  work: "ledger.text_is_complete" | "ledger.codes_are_complete",
  now: () => number,
): () => Promise<boolean> {
  let known: { readonly complete: boolean; readonly untilMs: number } | null = null
  return async () => {
    if (known && now() < known.untilMs) return known.complete
    const [row] = await database.queryDirectly<{ complete: boolean }>(`SELECT ${work}() AS complete`)
    const complete = row?.complete ?? false
    known = { complete, untilMs: now() + (complete ? believedMs.complete : believedMs.incomplete) }
    return complete
  }
}

/** Returns a function that returns whether the search text of every event has the current form. */
export function textState(database: Database, now = () => performance.now()): () => Promise<boolean> {
  return workState(database, "ledger.text_is_complete", now)
}

/** Returns a function that returns whether every event is found by its code through an index. */
export function codeState(database: Database, now = () => performance.now()): () => Promise<boolean> {
  return workState(database, "ledger.codes_are_complete", now)
}

/** Asks the database once, at the first need, which characters it considers letters. */
export function letterState(database: Database): () => Promise<KnownDatabase["knowsLetters"]> {
  let known: boolean | null = null
  return async () => {
    if (known === null) {
      const rows = await database.queryDirectly<{ knows: boolean }>(
        "SELECT 'ж語' ~ '^[[:alpha:]]{2}$' AS knows",
      )
      known = rows[0]?.knows ?? false
    }
    return known
  }
}
