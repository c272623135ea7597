// How an instant looks on its way out of SQL. On its way in it is text as well: PostgreSQL reads an Instant and what
// Date#toISOString writes as timestamptz, to the microsecond.

/** Returns SQL that spells a timestamptz expression as an Instant, to the microsecond. */
export function instantText(expression: string): string {
  return spelled(expression, "US")
}

/** Returns SQL that spells a timestamptz expression as Date#toISOString does, to the millisecond. */
export function dateText(expression: string): string {
  return spelled(expression, "MS")
}

function spelled(expression: string, fraction: "US" | "MS"): string {
  return `to_char(${expression} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.${fraction}"Z"')`
}
