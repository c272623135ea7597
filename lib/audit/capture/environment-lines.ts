import { pathOfVariable, variableOf } from "./clearml-given"
import { categoryNames, knownKey } from "./clearml-keys"
import type { BodyFlag, CapturePolicy, Flags, Rule } from "./policy"

/** The line of an environment that sets one part of a policy. */
export interface EnvironmentLine {
  /** An RFC 6901 pointer into the policy. */
  readonly pointer: string
  readonly variable: string
  readonly line: string
}

const optionOf = {
  call: "log_call",
  data: "log_data",
  resultData: "log_result_data",
} as const satisfies Record<keyof Flags, string>

/**
 * Returns the lines that set the same policy, as far as ClearML has keys for it: whether calls are recorded, the default, rules
 * of exact endpoints, categories and the redaction of identities. Everything else has no line. Own calls follow `log_calls`.
 */
export function environmentLinesOf(policy: CapturePolicy): EnvironmentLine[] {
  const under = (path: readonly string[], pointer: string, value: BodyFlag) =>
    lineOf(["apiserver", ...path], pointer, value)
  return [
    under(["log_calls"], "/enabled", policy.enabled),
    ...flagLines(["_default"], policy.default, "/default"),
    ...policy.rules.flatMap((rule, index) =>
      (endpointsOf(rule) ?? []).flatMap(endpoint => flagLines(endpoint, rule.then, `/rules/${index}/then`)),
    ),
    ...categoryNames.map(name =>
      under(["apilog", "log_fields", name, "enabled"], `/categories/${name}`, policy.categories[name]),
    ),
    under(["apilog", "redact_identity"], "/redactIdentity", policy.redactIdentity),
  ]
}

/** Returns whether an environment can say what a rule says: exact endpoints whose names a variable can spell, nothing else. */
export function hasEnvironmentLines(rule: Rule): boolean {
  return endpointsOf(rule) !== null
}

function endpointsOf({ when }: Rule): string[][] | null {
  const { endpoints, ...others } = when
  if (endpoints === undefined || Object.values(others).some(values => values !== undefined)) return null
  const paths = endpoints.map(endpoint => endpoint.split("."))
  return paths.every(isSpellable) ? paths : null
}

/** A variable is lower-cased when it is read, and split at two underscores from the left. */
function isSpellable(endpoint: readonly string[]): boolean {
  const path = ["apiserver", "endpoints", ...endpoint, "log_call"]
  const name = variableOf(path)
  const read = knownKey(pathOfVariable(name) ?? [])?.endpoint
  return /^[A-Za-z0-9_]+$/.test(name) && read?.name === endpoint.join(".") && read.option === "log_call"
}

function flagLines(endpoint: readonly string[], flags: Partial<Flags>, pointer: string): EnvironmentLine[] {
  return (["call", "data", "resultData"] as const).flatMap(flag => {
    const value = flags[flag]
    if (value === undefined) return []
    return [lineOf(["apiserver", "endpoints", ...endpoint, optionOf[flag]], `${pointer}/${flag}`, value)]
  })
}

function lineOf(path: readonly string[], pointer: string, value: BodyFlag): EnvironmentLine {
  const variable = variableOf(path)
  const text =
    typeof value === "boolean" ? String(value) : `[${value.map(name => JSON.stringify(name)).join(", ")}]`
  return { pointer, variable, line: `${variable}=${text}` }
}
