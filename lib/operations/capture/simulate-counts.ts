import type { Call } from "@/lib/audit/capture/call"
import { type Decision, decide, type Why } from "@/lib/audit/capture/decide"
import { compilePath, fitsPath, normalisePath } from "@/lib/audit/capture/paths"
import type { CapturePolicy } from "@/lib/audit/capture/policy"
import { actorTypes } from "@/lib/audit/event/event"
import type { CountedCalls } from "@/lib/capture/counted-calls"
import type { StatusClass } from "@/lib/capture/report"

/** What a policy makes of all calls that were counted, also of those that were not recorded. */
export interface CountedFigures {
  readonly calls: number
  readonly recorded: number
  /** Calls whose recording depends on who called, or on which error it was: counts do not say. */
  readonly notKnown: number
  /** How many calls each reason kept out or let in. */
  readonly why: Readonly<Partial<Record<Why, number>>>
  /** The calls that each rule decided, in the order of the rules. */
  readonly rules: readonly number[]
  /** The calls that each pattern of the ignore list kept out, in its order. */
  readonly ignored: readonly number[]
  /** The endpoints that no call had: the patterns of rules that name them may be misspelled. */
  readonly neverSeen: readonly string[]
}

const statusOfClass: Readonly<Record<StatusClass, readonly (number | null)[]>> = {
  "1xx": [101],
  "2xx": [200],
  "3xx": [302],
  "4xx": [404, 403],
  "5xx": [500],
  none: [null],
}

/** Returns what the policy makes of the counted calls. Gives way to other work between them. */
export async function figuresOfCounts(
  policy: CapturePolicy,
  counted: readonly CountedCalls[],
  rest: () => Promise<void>,
): Promise<CountedFigures> {
  const rules = policy.rules.map(() => 0)
  const ignored = policy.ignore.map(() => 0)
  const ignoring = policy.ignore.map(compilePath)
  const why: Partial<Record<Why, number>> = {}
  const sums = { calls: 0, recorded: 0, notKnown: 0 }
  for (const [position, one] of counted.entries()) {
    if (position % 200 === 199) await rest()
    const decisions = decisionsFor(policy, one)
    const [first] = decisions
    sums.calls += one.calls
    if (!first) continue
    if (decisions.some(({ call, ruleIndex }) => call !== first.call || ruleIndex !== first.ruleIndex)) {
      sums.notKnown += one.calls
      continue
    }
    why[first.why] = (why[first.why] ?? 0) + one.calls
    if (first.call) sums.recorded += one.calls
    if (first.ruleIndex !== null) rules[first.ruleIndex] = (rules[first.ruleIndex] ?? 0) + one.calls
    if (first.why !== "ignored") continue
    const path = normalisePath(callOf(one, 200).path)
    const by = ignoring.findIndex(pattern => fitsPath(pattern, path))
    if (by !== -1) ignored[by] = (ignored[by] ?? 0) + one.calls
  }
  return { ...sums, why, rules, ignored, neverSeen: neverSeenIn(policy, counted) }
}

/** Returns the decisions for all that the counted calls may have been. */
function decisionsFor(policy: CapturePolicy, one: CountedCalls): readonly Decision[] {
  const asksWho = policy.rules.some(({ when }) => when.actorTypes !== undefined)
  const asksHow = policy.rules.some(({ when }) => when.outcomes !== undefined)
  const statuses = asksHow ? statusOfClass[one.class] : statusOfClass[one.class].slice(0, 1)
  const types = asksWho ? actorTypes : (["anonymous"] as const)
  return statuses.flatMap(status =>
    types.map(actorType => decide(policy, callOf(one, status), one.endpoint, { actorType })),
  )
}

/** A counted endpoint that is a path stands for the path; other names stand for one that no pattern has. */
function callOf({ app, endpoint, method }: CountedCalls, status: number | null): Call {
  const path = endpoint.startsWith("/") ? endpoint : `/${endpoint}`
  return {
    ...{ method, path, query: null, headers: [], occurredAt: "", requestId: null, route: null, app },
    ...{ ip: null, peerIp: null, state: null, status, responseHeaders: [], durationMs: 0, requestBytes: 0 },
    ...{ responseBytes: 0, requestBody: null, responseBody: null, failure: null, caller: null },
  }
}

function neverSeenIn({ rules }: CapturePolicy, counted: readonly CountedCalls[]): readonly string[] {
  const seen = new Set(counted.map(({ endpoint }) => endpoint))
  const all = [...seen]
  const named = new Set(rules.flatMap(({ when }) => when.endpoints ?? []))
  return [...named].filter(pattern =>
    pattern.endsWith("*")
      ? !all.some(endpoint => endpoint.startsWith(pattern.slice(0, -1)))
      : !seen.has(pattern),
  )
}
