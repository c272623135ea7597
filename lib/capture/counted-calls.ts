import type { Tx } from "@/lib/database/tx"
import type { StatusClass } from "./report"

/** Calls of one endpoint of an app that ended alike, of a time. */
export interface CountedCalls {
  readonly app: string
  readonly endpoint: string
  readonly method: string
  readonly class: StatusClass
  readonly calls: number
  readonly bytesIn: number
  readonly bytesOut: number
}

/** More kinds of calls than these are not looked at one by one. */
export const mostCountedKinds = 20_000
const largest = "9007199254740991"

/** Returns the counts since an instant, the most frequent calls first, of every app of the transaction's organization. */
export async function readCountedCalls(
  tx: Tx,
  organizationId: string,
  since: Date,
): Promise<readonly CountedCalls[]> {
  const sum = (column: string, name: string) => `least(sum(c.${column}), ${largest})::bigint AS "${name}"`
  return tx.query<CountedCalls>(
    `SELECT a.slug AS app, c.endpoint, c.method, c.class, ${sum("calls", "calls")}, ${sum("bytes_in", "bytesIn")},
       ${sum("bytes_out", "bytesOut")}
     FROM capture_count c JOIN app a ON a.organization_id = c.organization_id AND a.id = c.app_id
     WHERE c.organization_id = $1::uuid AND c.hour >= date_trunc('hour', $2::timestamptz, 'UTC')
     GROUP BY a.slug, c.endpoint, c.method, c.class ORDER BY sum(c.calls) DESC, 1, 2, 3, 4 LIMIT ${mostCountedKinds}`,
    [organizationId, since],
  )
}
