import { parsePolicy } from "@/lib/audit/capture/parse-policy"
import type { BodyFlag, CapturePolicy, Rule, RuleConditions } from "@/lib/audit/capture/policy"
import type { ActorType } from "@/lib/audit/event/event"
import { AppError } from "@/lib/errors"
import { entriesOf, placed } from "./draft"

/** A rule as a form holds it: texts and ticks, of which empty ones are no condition. */
export interface RuleText {
  readonly name: string
  readonly methods: readonly string[]
  readonly paths: string
  readonly endpoints: string
  readonly apps: readonly string[]
  readonly actorTypes: readonly ActorType[]
  readonly outcomes: readonly ("success" | "failure" | "denied")[]
  /** Undefined: as the default. */
  readonly call: boolean | undefined
  readonly data: BodyFlag | undefined
  readonly resultData: BodyFlag | undefined
}

/** Returns the form of a rule; of none, an empty one. */
export function textOfRule(rule: Rule | undefined): RuleText {
  const { name = "", when = {}, then = {} } = rule ?? {}
  return {
    name,
    methods: when.methods ?? [],
    paths: (when.paths ?? []).join("\n"),
    endpoints: (when.endpoints ?? []).join("\n"),
    apps: when.apps ?? [],
    actorTypes: when.actorTypes ?? [],
    outcomes: when.outcomes ?? [],
    call: then.call,
    data: then.data,
    resultData: then.resultData,
  }
}

/** Returns the rule that the form describes. */
export function ruleOfText(text: RuleText): Rule {
  const { name, call, data, resultData } = text
  const when: RuleConditions = {
    ...filled("methods", text.methods),
    ...filled("paths", entriesOf(text.paths, /\n/)),
    ...filled("endpoints", entriesOf(text.endpoints)),
    ...filled("apps", text.apps),
    ...filled("actorTypes", text.actorTypes),
    ...filled("outcomes", text.outcomes),
  }
  const then = {
    ...(call !== undefined && { call }),
    ...(data !== undefined && { data }),
    ...(resultData !== undefined && { resultData }),
  }
  return { name: name.trim(), when, then }
}

function filled<Name extends string, Value>(name: Name, values: readonly Value[]) {
  return values.length === 0 ? {} : { [name]: values }
}

/** The controls of the form, by the member of a rule that each is for. */
const controls = [
  "methods",
  "paths",
  "endpoints",
  "apps",
  "actorTypes",
  "outcomes",
  "call",
  "data",
  "resultData",
]

/** Returns what is wrong with a rule in its place of the policy, by the control; empty when nothing is. */
export function faultsOfRule(
  policy: CapturePolicy,
  index: number,
  rule: Rule,
): Readonly<Record<string, string>> {
  const faults: Record<string, string> = {}
  for (const [pointer, words] of faultsOf({ ...policy, rules: placed(policy.rules, index, rule) })) {
    const [, list, place, member = "", inner = ""] = pointer.split("/")
    if (list !== "rules" || Number(place) !== Math.min(index, policy.rules.length)) continue
    const control = controls.includes(inner) ? inner : member
    const at = /\/(\d+)$/.exec(pointer)?.[1]
    const value = at === undefined ? undefined : valueAt(rule, control, Number(at))
    faults[control] ??= value === undefined ? sentence(words) : `${value} ${words}.`
  }
  return faults
}

function valueAt(rule: Rule, control: string, place: number): unknown {
  const values: unknown = Object(control in rule.when ? rule.when : rule.then)[control]
  return Array.isArray(values) ? values[place] : undefined
}

function sentence(words: string): string {
  return /^[a-z]/.test(words) ? `This ${words}.` : words
}

/** Returns what is wrong with a policy, by pointer; empty when it can be saved. */
export function faultsOf(policy: CapturePolicy): ReadonlyMap<string, string> {
  try {
    parsePolicy(policy)
    return new Map()
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return new Map(error.faults.map(({ pointer, message }) => [pointer, message]))
  }
}
