import { searchText, searchTextMark } from "@/lib/audit/event/search-text"
import type { Columns, FoundEvent } from "./batches"
import type { Partition } from "./partition-indexes"

/** The search text of events whose text has an earlier form. They lack the code too. */
export const textColumn: Columns = {
  left: `left(search_text, 1) <> '${searchTextMark}'`,
  write: async (client, events, partition) => {
    await client.query(
      `UPDATE ledger.event e SET search_text = made.search_text, operation_code = coalesce(e.operation_code, made.code)
       FROM unnest($1::uuid[], $2::timestamptz[], $3::uuid[], $4::integer[], $5::text[])
         made (organization_id, occurred_at, id, code, search_text)
       WHERE ${isMade} AND e.occurred_at >= $6 AND e.occurred_at < $7`,
      [...keysAndCodes(events), events.map(({ content }) => searchText(content)), ...boundsOf(partition)],
    )
  },
}

/** The code of events that have one in their content and none in its column. */
export const codeColumn: Columns = {
  left: `operation_code IS NULL AND body LIKE '%"operationCode":%'`,
  write: async (client, events, partition) => {
    await client.query(
      `UPDATE ledger.event e SET operation_code = made.code
       FROM unnest($1::uuid[], $2::timestamptz[], $3::uuid[], $4::integer[]) made (organization_id, occurred_at, id, code)
       WHERE ${isMade} AND e.operation_code IS NULL AND e.occurred_at >= $5 AND e.occurred_at < $6`,
      [...keysAndCodes(events), ...boundsOf(partition)],
    )
  },
}

const isMade =
  "e.organization_id = made.organization_id AND e.occurred_at = made.occurred_at AND e.id = made.id"

/** 0 = the event has no code, which is then known. */
function keysAndCodes(events: readonly FoundEvent[]): readonly unknown[] {
  return [
    events.map(({ key }) => key.organization_id),
    events.map(({ key }) => key.occurred_at),
    events.map(({ key }) => key.id),
    events.map(({ content }) => content.operationCode ?? 0),
  ]
}

function boundsOf({ from, before }: Partition): readonly string[] {
  return [from, before]
}
