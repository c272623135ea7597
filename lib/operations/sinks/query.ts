import { parseQuery } from "@/lib/audit/query/parse"
import { plainQuery } from "@/lib/audit/query/query"
import { readQueryString } from "@/lib/audit/query/query-string"
import { writeQuery } from "@/lib/audit/query/write"
import { instantFromDate } from "@/lib/audit/time/instant"
import { selectionOfSink } from "@/lib/delivery/sinks/selection"
import type { Fault } from "@/lib/errors"
import type { Context } from "@/lib/operations/core/operation"

/** What says how a page is shown: a copied url may have it, and a sink has no use for it. */
const ofThePage: ReadonlySet<string> = new Set(["order", "limit", "cursor", "as-of"])
/** What moves with the time at which it is asked: a sink would never know which events it still means. */
const moving: ReadonlySet<string> = new Set(["window", "exclude-today"])

/**
 * Returns the query of a sink in its canonical form, or why it cannot be one. The pointers begin with `/query`, followed by the
 * name of the parameter.
 */
export async function checkQuery(
  { scope, apps, caller }: Pick<Context, "scope" | "apps" | "caller">,
  text: string,
): Promise<{ readonly query: string; readonly faults: readonly Fault[] }> {
  const { parameters, faults: broken } = readQueryString(text.trim().replace(/^\?/, ""))
  const kept = parameters.filter(([name]) => !ofThePage.has(name))
  const now = instantFromDate(caller.at)
  const parsed = parseQuery([...kept, ["order", "recorded"]], { now }, broken)
  const faults = [
    ...kept
      .filter(([name, value]) => moving.has(name) && value !== "all")
      .map(([name]) => ({
        pointer: `/${name}`,
        message: "moves with the time: give from and to, or nothing",
      })),
    ...(parsed.ok ? [] : parsed.faults),
  ]
  if (!parsed.ok || faults.length > 0) return { query: text, faults: within(faults) }
  const { include, exclude, window, order: _, ...rest } = parsed.query
  const isWhole = window.kind !== "range"
  const query = writeQuery({
    ...{ ...rest, include, exclude, order: plainQuery.order },
    window: isWhole ? plainQuery.window : window,
  }).toString()
  const slugs = [...(include.app ?? []), ...(exclude.app ?? [])].map(({ value }) => value)
  const selected = selectionOfSink(query, await apps.find(scope, slugs), caller.at)
  return selected.ok ? { query, faults: [] } : { query: text, faults: within(selected.faults) }
}

function within(faults: readonly Fault[]): readonly Fault[] {
  return faults.map(({ pointer, message }) => ({ pointer: `/query${pointer}`, message }))
}
