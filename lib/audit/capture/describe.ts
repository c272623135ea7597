import { flagsOfRule } from "./compile"
import type { BodyFlag, CapturePolicy, Flags, Rule, RuleConditions } from "./policy"

/** Returns what a policy records and what it does not, in sentences that somebody who decides about it can read. */
export function describePolicy(policy: CapturePolicy): readonly string[] {
  return [
    policy.enabled
      ? "Auditing is on."
      : "Auditing is off: calls are counted, and none is recorded. Once it is on, the following holds.",
    ...policy.rules.map((rule, index) => `Rule ${index + 1}, “${rule.name}”: ${describeRule(rule, policy)}`),
    `${policy.rules.length === 0 ? "Every call" : "Every other call"} ${recorded(policy.default, policy)}.`,
    ...describeExceptions(policy),
    ...describeParts(policy),
    policy.ownCalls
      ? "Calls to this installation's own console and API are recorded too."
      : "Calls to this installation's own console and API are not recorded.",
  ]
}

/** Returns what a rule does, in one sentence. */
export function describeRule(rule: Rule, policy: CapturePolicy): string {
  return `${subject(rule.when)} ${recorded(flagsOfRule(rule, policy.default), policy)}.`
}

function subject({ methods, paths, endpoints, apps, actorTypes, outcomes }: RuleConditions): string {
  const kind = methods === undefined ? "a call" : `a ${list(methods)} call`
  return [
    capitalised(kind),
    ...(paths === undefined ? [] : [`to ${list(paths)}`]),
    ...(endpoints === undefined ? [] : [`of the endpoint ${list(endpoints)}`]),
    ...(apps === undefined ? [] : [`of the app ${list(apps)}`]),
    ...(actorTypes === undefined ? [] : [`by a caller of the type ${list(actorTypes)}`]),
    ...(outcomes === undefined ? [] : [`with the outcome ${list(outcomes)}`]),
  ].join(" ")
}

function recorded({ call, data, resultData }: Flags, { categories }: CapturePolicy): string {
  if (!call) return "is not recorded"
  const request = categories.data ? data : false
  const response = categories.data && categories.result ? resultData : false
  if (request === false && response === false) return "is recorded without its bodies"
  if (request === true && response === true) return "is recorded with request and response"
  return `is recorded ${part("request", request)} and ${part("response", response)}`
}

function part(name: string, flag: BodyFlag): string {
  if (flag === true) return `with the ${name}`
  return flag === false ? `without the ${name}` : `with the fields ${list(flag, "and")} of the ${name}`
}

function describeExceptions({ ignore, rules }: CapturePolicy): string[] {
  const named = rules.flatMap(({ when }) => when.methods ?? [])
  const quiet = ["OPTIONS", "HEAD", "TRACE"].filter(method => !named.includes(method))
  return [
    ...(ignore.length === 0 ? [] : [`Calls to these paths are never recorded: ${ignore.join(", ")}.`]),
    ...(quiet.length === 0
      ? []
      : [`${list(quiet, "and")} calls are not recorded, because no rule names them.`]),
    "A path that may hide another one, such as /_ping/../secrets, is never ignored.",
  ]
}

function describeParts(policy: CapturePolicy): string[] {
  const { categories, headerNames, limits, secretNames } = policy
  const withheld = [
    ...(categories.data ? [] : ["both bodies"]),
    ...(categories.result ? [] : ["the message and the body of the response"]),
    ...(categories.stats ? [] : ["duration and sizes"]),
    ...(categories.version ? [] : ["the version of the API"]),
  ]
  const hasHeaders = categories.headers && headerNames.length > 0
  const headers = headerNames.includes("*") ? "all headers" : `the headers ${list(headerNames, "and")}`
  return [
    ...(withheld.length === 0 ? [] : [`Every record is without ${list(withheld, "and")}.`]),
    hasHeaders ? `Every record has ${headers}.` : "No headers are recorded.",
    policy.redactIdentity || !categories.auth
      ? "Who called is not recorded, only from which IP: filters by actor find nothing."
      : "Who called is recorded.",
    policy.idsOnly
      ? "Of created and changed objects the ids are recorded, and not the names."
      : "Of created and changed objects ids and names are recorded.",
    `Of a request at most ${bytes(limits.requestBytes)} are recorded, and of a response at most ${bytes(limits.responseBytes)}.`,
    secretNames.length === 0
      ? "Secrets are always hidden: passwords, tokens, keys and credentials."
      : `Secrets are always hidden: passwords, tokens, keys and credentials, and here also ${list(secretNames, "and")}.`,
    ...(policy.licenseKey === null ? [] : ["Every record has the license key."]),
  ]
}

function list(values: readonly string[], last = "or"): string {
  return values.length < 2 ? values.join("") : `${values.slice(0, -1).join(", ")} ${last} ${values.at(-1)}`
}

function bytes(count: number): string {
  return count % 1_024 === 0 ? `${count / 1_024} KiB` : `${count} bytes`
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
