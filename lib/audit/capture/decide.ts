import type { ActorType } from "@/lib/audit/event/event"
import type { Call, CallStart } from "./call"
import {
  type CompiledPolicy,
  type CompiledRule,
  compiled,
  type EndpointPattern,
  fitsEndpoint,
} from "./compile"
import { type Outcome, outcomeOf } from "./outcome"
import { isNeverRecorded } from "./own-calls"
import { type CallPath, fitsPath, normalisePath, type PathPattern } from "./paths"
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

const none: readonly WithoutEffect[] = []
const nothing: Considered = { call: false, data: false, resultData: false }
/** Recorded only where a rule names them: they change nothing and come in great numbers. */
const quietMethods = new Set(["OPTIONS", "HEAD", "TRACE"])

/** What is known of a call, for the conditions of rules. Null: not known yet. */
interface Facts {
  readonly method: string
  readonly upperMethod: string
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
    upperMethod: start.method.toUpperCase(),
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
    upperMethod: call.method.toUpperCase(),
    path: normalisePath(call.path),
    endpoint,
    app: call.app,
    actorType: actorType ?? call.caller?.type ?? "anonymous",
    outcome: outcome ?? outcomeOf(call),
  }
  const mine = compiled(policy)
  const refused = refusal(mine, facts, isOwn)
  if (refused !== null) return notRecorded(refused)
  const deciding = firstMatch(mine.rules, facts)
  const asked = deciding?.flags ?? policy.default
  const { call: isRecorded, data, resultData } = cutByCategories(policy, asked)
  return {
    call: isRecorded,
    data,
    resultData,
    rule: deciding?.name ?? null,
    ruleIndex: deciding?.index ?? null,
    why: !isRecorded ? "call-off" : deciding === undefined ? "default" : "rule",
    withoutEffect: withoutEffect(policy, asked),
  }
}

/** Returns the flags that are set and record nothing under the policy. */
export function withoutEffect({ categories }: CapturePolicy, flags: Flags): readonly WithoutEffect[] {
  const { data, resultData } = flags
  if (data === false && resultData === false) return none
  const found: WithoutEffect[] = []
  const both = !flags.call ? "call" : !categories.data ? "categories.data" : null
  const ofResult = both ?? (categories.result ? null : "categories.result")
  if (data !== false && both !== null) found.push({ flag: "data", because: both })
  if (resultData !== false && ofResult !== null) found.push({ flag: "resultData", because: ofResult })
  return found
}

/** Returns why a call is not recorded whatever the rules say, or null. */
function refusal(mine: CompiledPolicy, facts: Facts, isOwn: boolean): Why | null {
  if (isOwn && isNeverRecorded(facts.method, facts.path)) return "never"
  if (!mine.policy.enabled || (isOwn && !mine.policy.ownCalls)) return "disabled"
  if (quietMethods.has(facts.method)) {
    const isNamed = mine.rules.some(rule => rule.methods?.has(facts.method) && matches(rule, facts) !== "no")
    if (!isNamed) return "method"
  }
  if (!facts.path.isSuspicious && mine.ignore.some(pattern => fitsPath(pattern, facts.path))) return "ignored"
  return null
}

type Answer = "yes" | "no" | "not-yet"

function matches(rule: CompiledRule, facts: Facts): Answer {
  // A path that may mean another one must not hide behind a rule that was written for the one it looks like.
  if (rule.isByPath && rule.recordsLess && facts.path.isSuspicious) return "no"
  if (rule.methods !== null && !rule.methods.has(facts.upperMethod)) return "no"
  if (rule.paths !== null && !fitsOne(rule.paths, facts.path)) return "no"
  if (rule.apps !== null && (facts.app === null || !rule.apps.has(facts.app))) return "no"
  const endpoint = rule.endpoints === null ? "yes" : endpointAnswer(rule.endpoints, facts.endpoint)
  if (endpoint === "no") return "no"
  const actor = rule.actorTypes === null ? "yes" : answerOf(rule.actorTypes, facts.actorType)
  if (actor === "no") return "no"
  const outcome = rule.outcomes === null ? "yes" : answerOf(rule.outcomes, facts.outcome)
  if (outcome === "no") return "no"
  return endpoint === "yes" && actor === "yes" && outcome === "yes" ? "yes" : "not-yet"
}

function answerOf(values: ReadonlySet<string>, value: string | null): Answer {
  return value === null ? "not-yet" : values.has(value) ? "yes" : "no"
}

function endpointAnswer(patterns: readonly EndpointPattern[], endpoint: string | null): Answer {
  if (endpoint === null) return "not-yet"
  for (const pattern of patterns) if (fitsEndpoint(pattern, endpoint)) return "yes"
  return "no"
}

function firstMatch(rules: readonly CompiledRule[], facts: Facts): CompiledRule | undefined {
  for (const rule of rules) if (matches(rule, facts) === "yes") return rule
  return undefined
}

// A loop, because it runs for every rule of every call.
function fitsOne(patterns: readonly PathPattern[], path: CallPath): boolean {
  for (const pattern of patterns) if (fitsPath(pattern, path)) return true
  return false
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
    withoutEffect: none,
  }
}
