import { resolveApps } from "@/lib/audit/query/apps"
import { parseQuery } from "@/lib/audit/query/parse"
import { readQueryString } from "@/lib/audit/query/query-string"
import type { Selection } from "@/lib/audit/query/selection"
import { instantFromDate } from "@/lib/audit/time/instant"
import type { Fault } from "@/lib/errors"

/** What the query of a sink means, or why it cannot be read. */
export type SinkSelection =
  | { readonly ok: true; readonly selection: Selection }
  | { readonly ok: false; readonly faults: readonly Fault[] }

/** A copied address says how its page is shown; a sink has one order, and no end. */
const ofThePage: ReadonlySet<string> = new Set(["order", "limit", "cursor", "as-of"])

/**
 * Returns what the query of a sink, in its written form, means for apps with these slugs. Without a time range of its own it
 * means every event, whenever it occurred.
 */
export function selectionOfSink(
  query: string,
  apps: readonly { readonly id: string; readonly slug: string }[],
  at: Date,
): SinkSelection {
  const { parameters, faults } = readQueryString(query.startsWith("?") ? query.slice(1) : query)
  const wanted = parameters.filter(([name]) => !ofThePage.has(name))
  const parsed = parseQuery([...wanted, ["order", "recorded"]], { now: instantFromDate(at) }, faults)
  if (!parsed.ok) return { ok: false, faults: parsed.faults }
  return resolveApps(parsed.selection, apps, "parameters")
}
