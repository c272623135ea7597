import { locateFaults } from "@/components/audit-log/query/faults"
import { parseQuery } from "@/lib/audit/query/parse"
import { instantFromDate } from "@/lib/audit/time/instant"
import type { Fault } from "@/lib/errors"
import type { LogState } from "./log-state"

/** Returns what the page shows for invalid parameters: each fault with a link that removes it, and no events. */
export function explainFaults(before: LogState, search: string, faults: readonly Fault[]): LogState {
  const queriedAt = instantFromDate(new Date())
  const parameters = [...new URLSearchParams(search)]
  return {
    requested: search,
    search,
    query: parseQuery(parameters, { now: queriedAt }).query,
    queriedAt,
    window: null,
    textPartly: false,
    apps: before.apps,
    sees: before.sees,
    body: { kind: "faults", faults: locateFaults(parameters, faults, { now: queriedAt }) },
  }
}
