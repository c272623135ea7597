import type { Tx } from "@/lib/database/tx"

/** One sink in one organization, in figures. Times are seconds since 1970. */
export interface SinkFigures {
  readonly id: string
  /** Null for the sink of the environment, which has no row. */
  readonly name: string | null
  readonly kind: string | null
  readonly isPaused: boolean | null
  readonly next: number
  /** Failed attempts in a row, and in all. */
  readonly failures: number
  readonly failed: number
  readonly taken: number
  readonly missed: number
  readonly lastSuccessAt: number | null
  /** When the oldest event that waits was received; null when none does. */
  readonly oldestAt: number | null
  readonly deadLetters: number
}

/** Calls that an instance of an SDK or a proxy could not record. */
export interface ProducerFigures {
  readonly app: string
  readonly instance: string
  readonly dropped: number
}

/** One organization in figures. */
export interface OrganizationFigures {
  readonly slug: string
  /** The events of its log. */
  readonly size: number
  readonly sinks: readonly SinkFigures[]
  readonly producers: readonly ProducerFigures[]
}

/** Returns the figures of every organization, by slug. `query` may be of any transaction, or direct. */
export async function readFigures(query: Tx["query"]): Promise<readonly OrganizationFigures[]> {
  const rows = await query<{
    slug: string
    size: number
    sinks: readonly SinkFigures[] | null
    producers: readonly ProducerFigures[] | null
  }>("SELECT slug, size, sinks, producers FROM figures_of_organizations()")
  return rows.map(({ sinks, producers, ...row }) => ({
    ...row,
    sinks: sinks ?? [],
    producers: producers ?? [],
  }))
}

/** How many sinks do not deliver, and whether the one of the environment is among them. */
export interface FailingSinks {
  readonly failing: number
  readonly environment: boolean
}

/** Returns the sinks that have failed for half an hour, or for a reason that somebody must remove. Sums only, of all organizations. */
export async function countFailing(query: Tx["query"], serverSinkId: string | null): Promise<FailingSinks> {
  const [row] = await query<FailingSinks>(
    `SELECT count(*)::int AS failing, coalesce(bool_or(sink_id = $1::uuid), false) AS environment
     FROM sink_cursor
     WHERE past IS NULL AND failures > 0
       AND (first_failure_at <= clock_timestamp() - interval '30 minutes' OR last_error_kind <> 'later')`,
    [serverSinkId],
  )
  return row ?? { failing: 0, environment: false }
}
