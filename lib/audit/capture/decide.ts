import type { ActorType } from "@/lib/audit/event/event"
import type { Call, CallStart } from "./call"
import { type CompiledPolicy, type CompiledRule, compiled } from "./compile"
import { type Outcome, outcomeOf } from "./outcome"
import { isNeverRecorded } from "./own-calls"
import { type CallPath, normalisePath } from "./paths"
import type { BodyFlag, CapturePolicy, Flags } from "./policy"

/** What must be kept of a call until it ends, because the policy may want it then. */
export interface Considered {
  /** False: the call is only counted. */
  readonly call: boolean
  readonly data: boolean
  readonly resultData: boolean
}

/** Why a call is recorded, or is not. */
export type Why = "never" | "disabled" | "method" | "ignored" | "call-off" | "rule" | "default"

/** A flag that is set and records nothing, and what prevents it. */
export interface WithoutEffect {
  readonly flag: "data" | "resultData"
  readonly because: "call" | "categories.data" | "categories.result"
}

/** What a policy says about a call that has ended: the flags after the categories, and where they come from. */
export interface Decision {
  readonly call: boolean
  readonly data: BodyFlag
  readonly resultData: BodyFlag
  /** The name of the rule that decided; null when none did. */
  readonly rule: string | null
  readonly ruleIndex: number | null
  readonly why: Why
  readonly withoutEffect: readonly WithoutEffect[]
}

/** What the caller of `considered` and `decide` knows besides the call. */
export interface Circumstances {
  /** Who called, in the words of the profile. Without it: the type of the call's own `caller`, or else anonymous. */
  readonly actorType?: ActorType
  /** How the call ended, where its body says it better than its status. */
  readonly outcome?: Outcome
  /** Whether the call went to this installation's own API, where some paths are never recorded. */
  readonly isOwn?: boolean
}

const nothing: Considered = { call: false, data: false, resultData: false }
/** Recorded only where a rule names them: they change nothing and come in great numbers. */
const quietMethods = new Set(["OPTIONS", "HEAD", "TRACE"])

/** What is known of a call, for the conditions of rules. Null: not known yet. */
interface Facts {
  readonly method: string
  readonly path: CallPath
  readonly endpoint: string | null
  readonly app: string | null
  readonly actorType: ActorType | null
  readonly outcome: Outcome | null
}

/**
 * Returns what must be kept of a call from its start, never less than `decide` will ask for at its end. Conditions that only
 * the end can answer (outcome, actor) count as possible. `endpoint` is null when the profile does not know it yet.
 */
export function considered(
  policy: CapturePolicy,
  start: CallStart,
  endpoint: string | null,
  { actorType, isOwn = false }: Circumstances = {},
): Considered {
  const facts: Facts = {
    method: start.method,
    path: normalisePath(start.path),
    endpoint,
    app: start.app,
    actorType: actorType ?? null,
    outcome: null,
  }
  const mine = compiled(policy)
  if (refusal(mine, facts, isOwn) !== null) return nothing
  let kept = nothing
  for (const rule of mine.rules) {
    const answer = matches(rule, facts)
    if (answer === "no") continue
    kept = both(kept, cutByCategories(policy, rule.flags))
    if (answer === "yes") return kept
  }
  return both(kept, cutByCategories(policy, policy.default))
}

/** Returns what the policy says about a call that has ended. */
export function decide(
  policy: CapturePolicy,
  call: Call,
  endpoint: string,
  { actorType, outcome, isOwn = false }: Circumstances = {},
): Decision {
  const facts: Facts = {
    method: call.method,
    path: normalisePath(call.path),
    endpoint,
    app: call.app,
    actorType: actorType ?? call.caller?.type ?? "anonymous",
    outcome: outcome ?? outcomeOf(call),
  }
  const mine = compiled(policy)
  const refused = refusal(mine, facts, isOwn)
  if (refused !== null) return notRecorded(refused)
  const deciding = mine.rules.find(rule => matches(rule, facts) === "yes")
  const asked = deciding?.flags ?? policy.default
  const flags = cutByCategories(policy, asked)
  return {
    ...flags,
    rule: deciding?.name ?? null,
    ruleIndex: deciding?.index ?? null,
    why: !flags.call ? "call-off" : deciding === undefined ? "default" : "rule",
    withoutEffect: withoutEffect(policy, asked),
  }
}

/** Returns the flags that are set and record nothing under the policy. */
export function withoutEffect({ categories }: CapturePolicy, flags: Flags): WithoutEffect[] {
  return (["data", "resultData"] as const).flatMap((flag): WithoutEffect[] => {
    if (flags[flag] === false) return []
    if (!flags.call) return [{ flag, because: "call" }]
    if (!categories.data) return [{ flag, because: "categories.data" }]
    return flag === "resultData" && !categories.result ? [{ flag, because: "categories.result" }] : []
  })
}

/** Returns why a call is not recorded whatever the rules say, or null. */
function refusal(mine: CompiledPolicy, facts: Facts, isOwn: boolean): Why | null {
  if (isOwn && isNeverRecorded(facts.method, facts.path)) return "never"
  if (!mine.policy.enabled || (isOwn && !mine.policy.ownCalls)) return "disabled"
  if (quietMethods.has(facts.method)) {
    const isNamed = mine.rules.some(rule => rule.methods?.has(facts.method) && matches(rule, facts) !== "no")
    if (!isNamed) return "method"
  }
  if (!facts.path.isSuspicious && mine.ignore.some(test => test(facts.path))) return "ignored"
  return null
}

type Answer = "yes" | "no" | "not-yet"

function matches(rule: CompiledRule, facts: Facts): Answer {
  // A path that may mean another one must not hide behind a rule that was written for the one it looks like.
  if (facts.path.isSuspicious && rule.isByPath && rule.recordsLess) return "no"
  if (rule.methods !== null && !rule.methods.has(facts.method.toUpperCase())) return "no"
  if (rule.paths !== null && !rule.paths.some(test => test(facts.path))) return "no"
  if (rule.apps !== null && (facts.app === null || !rule.apps.has(facts.app))) return "no"
  let answer: Answer = "yes"
  if (rule.endpoints !== null) {
    const { endpoint } = facts
    if (endpoint === null) answer = "not-yet"
    else if (!rule.endpoints.some(test => test(endpoint))) return "no"
  }
  if (rule.actorTypes !== null) {
    if (facts.actorType === null) answer = "not-yet"
    else if (!rule.actorTypes.has(facts.actorType)) return "no"
  }
  if (rule.outcomes !== null) {
    if (facts.outcome === null) answer = "not-yet"
    else if (facts.outcome === "unknown" || !rule.outcomes.has(facts.outcome)) return "no"
  }
  return answer
}

function cutByCategories({ categories }: CapturePolicy, { call, data, resultData }: Flags): Flags {
  return {
    call,
    data: call && categories.data && data,
    resultData: call && categories.data && categories.result && resultData,
  }
}

function both(kept: Considered, flags: Flags): Considered {
  return {
    call: kept.call || flags.call,
    data: kept.data || flags.data !== false,
    resultData: kept.resultData || flags.resultData !== false,
  }
}

function notRecorded(why: Why): Decision {
  return {
    call: false,
    data: false,
    resultData: false,
    rule: null,
    ruleIndex: null,
    why,
    withoutEffect: [],
  }
}
