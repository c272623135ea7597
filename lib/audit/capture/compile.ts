import type { ActorType } from "@/lib/audit/event/event"
import { compilePath, type PathPattern } from "./paths"
import type { BodyFlag, CapturePolicy, Flags, Rule } from "./policy"

/** A rule in the form in which calls are compared with it. Null: no such condition. */
export interface CompiledRule {
  readonly index: number
  readonly name: string
  readonly methods: ReadonlySet<string> | null
  readonly paths: readonly PathPattern[] | null
  readonly endpoints: readonly EndpointPattern[] | null
  readonly apps: ReadonlySet<string> | null
  readonly actorTypes: ReadonlySet<ActorType> | null
  readonly outcomes: ReadonlySet<string> | null
  /** With those of the default where the rule has none. */
  readonly flags: Flags
  /** Whether it is chosen by what the path of a call says. */
  readonly isByPath: boolean
  /** Whether it records less than the default in any flag. */
  readonly recordsLess: boolean
}

export interface CompiledPolicy {
  readonly policy: CapturePolicy
  readonly ignore: readonly PathPattern[]
  readonly rules: readonly CompiledRule[]
}

const known = new WeakMap<CapturePolicy, CompiledPolicy>()

/** Returns the compiled form of a policy, which is kept for as long as the policy object is. */
export function compiled(policy: CapturePolicy): CompiledPolicy {
  const found = known.get(policy)
  if (found !== undefined) return found
  const result = {
    policy,
    ignore: policy.ignore.map(compilePath),
    rules: policy.rules.map((rule, index) => compileRule(rule, index, policy.default)),
  }
  known.set(policy, result)
  return result
}

/** Returns the flags of a rule; each that it does not give comes from the default. */
export function flagsOfRule({ then }: Rule, standard: Flags): Flags {
  return {
    call: then.call ?? standard.call,
    data: then.data ?? standard.data,
    resultData: then.resultData ?? standard.resultData,
  }
}

/** The same name, or any that begins so. */
export interface EndpointPattern {
  readonly isPrefix: boolean
  readonly start: string
}

/** Returns a pattern to compare endpoints with: exact, unless it ends in `*`. */
export function compileEndpoint(pattern: string): EndpointPattern {
  const isPrefix = pattern.endsWith("*")
  return { isPrefix, start: isPrefix ? pattern.slice(0, -1) : pattern }
}

/** Returns whether an endpoint matches a pattern. */
export function fitsEndpoint({ isPrefix, start }: EndpointPattern, endpoint: string): boolean {
  return isPrefix ? endpoint.startsWith(start) : endpoint === start
}

function compileRule(rule: Rule, index: number, standard: Flags): CompiledRule {
  const { methods, paths, endpoints, apps, actorTypes, outcomes } = rule.when
  const flags = flagsOfRule(rule, standard)
  return {
    index,
    name: rule.name,
    methods: methods === undefined ? null : new Set(methods.map(method => method.toUpperCase())),
    paths: paths?.map(compilePath) ?? null,
    endpoints: endpoints?.map(compileEndpoint) ?? null,
    apps: apps === undefined ? null : new Set(apps),
    actorTypes: actorTypes === undefined ? null : new Set(actorTypes),
    outcomes: outcomes === undefined ? null : new Set<string>(outcomes),
    flags,
    isByPath: paths !== undefined || endpoints !== undefined,
    recordsLess: recordsLess(flags, standard),
  }
}

function recordsLess(flags: Flags, standard: Flags): boolean {
  return (
    (standard.call && !flags.call) ||
    leavesOut(flags.data, standard.data) ||
    leavesOut(flags.resultData, standard.resultData)
  )
}

/** Tells whether the first flag leaves out of a body something that the second one records. */
function leavesOut(flag: BodyFlag, standard: BodyFlag): boolean {
  if (standard === false || flag === true) return false
  if (flag === false || standard === true) return true
  return standard.some(field => !flag.includes(field))
}
