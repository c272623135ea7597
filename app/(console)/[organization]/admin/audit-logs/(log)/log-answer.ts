import { logStateOf, seenOf } from "@/app/(console)/[organization]/admin/audit-logs/log-state"
import type { LogState } from "@/components/audit-log/answers/log-state"
import { addressKey } from "@/components/audit-log/query/address"
import { locateFaults } from "@/components/audit-log/query/faults"
import { parseQuery } from "@/lib/audit/query/parse"
import { defaultZone } from "@/lib/audit/query/query"
import { instantFromDate } from "@/lib/audit/time/instant"
import type { Fault } from "@/lib/errors"
import { type Refused, run } from "@/lib/http/run"
import { listLogApps, type SeenLog } from "@/lib/operations/events/list-apps"
import { openLog } from "@/lib/operations/events/open-log"

type Parameters = readonly (readonly [string, string])[]
type Forbidden = Extract<Refused, { readonly code: "forbidden" }>
type NoAnswer = Exclude<Refused, Forbidden>

/** The page's result for its url. */
export type LogAnswer =
  | { readonly kind: "forbidden"; readonly refused: Forbidden }
  | { readonly kind: "log"; readonly state: LogState }

/**
 * Runs the query of the url. The permission comes first and alone: without it nothing else is looked up. An invalid or
 * failed query keeps its controls. `preferredZone` is used when the url names no zone.
 */
export async function answerAddress(
  slug: string,
  given: Parameters,
  preferredZone: string | null,
  unreadable: readonly Fault[] = [],
): Promise<LogAnswer> {
  const requested = addressKey(given)
  const isPlain = preferredZone === null || preferredZone === defaultZone
  const parameters: Parameters = isPlain ? given : [...given, ["zone", preferredZone]]
  const opened = await run(openLog, slug, { parameters, faults: unreadable })
  const search = addressKey(parameters)
  if (opened.ok) return { kind: "log", state: { ...logStateOf(requested, opened.value), search } }
  if (opened.code === "forbidden") return { kind: "forbidden", refused: opened }
  const listed = await run(listLogApps, slug, {})
  if (!listed.ok && listed.code === "forbidden") return { kind: "forbidden", refused: listed }
  return {
    kind: "log",
    state: refusedState(requested, parameters, opened, listed.ok ? listed.value : unknown),
  }
}

/** While the permission is unknown, nothing is offered. */
const unknown: SeenLog = { apps: [], everyApp: true, ownOnly: false, mayExport: false }

function refusedState(requested: string, parameters: Parameters, refused: NoAnswer, seen: SeenLog): LogState {
  const queriedAt = instantFromDate(new Date())
  const { query } = parseQuery(parameters, { now: queriedAt })
  const common = {
    requested,
    search: requested,
    query,
    queriedAt,
    window: null,
    textPartly: false,
    ...seenOf(seen),
  }
  const { code, message, requestId, faults } = refused
  if (code === "invalid") {
    return {
      ...common,
      body: { kind: "faults", faults: locateFaults(parameters, faults, { now: queriedAt }) },
    }
  }
  const retryAfterSeconds = refused.retryAfterSeconds ?? null
  const failure = { status: null, code, message, requestId, retryAfterSeconds }
  return { ...common, body: { kind: "failure", failure } }
}
