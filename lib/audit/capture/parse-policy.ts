import type { ActorType } from "@/lib/audit/event/event"
import { canonicalJson } from "@/lib/audit/json/canonical"
import { AppError, type Fault } from "@/lib/errors"
import { pathPatternFault } from "./paths"
import {
  type BodyFlag,
  type CapturePolicy,
  type Categories,
  type Flags,
  type Rule,
  type RuleConditions,
  shippedPolicy,
} from "./policy"
import { Reader } from "./reader"

export const mostRules = 200
export const mostPolicyBytes = 65_536
export const mostBodyBytes = 12_288
const mostFields = 100
const mostValues = 100
const mostIgnored = 200

const actorTypes: readonly ActorType[] = [
  "user",
  "service_account",
  "api_key",
  "connected_app",
  "system",
  "staff",
  "anonymous",
]
const outcomes = ["success", "failure", "denied"] as const
const categoryNames = ["auth", "headers", "version", "stats", "result", "data"] as const
/** A token of RFC 9110: what a method or the name of a header consists of. */
const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,100}$/

/** What a policy is read against. */
export interface PolicyReading {
  /** Rules before the first one that count against no limit, such as those of the environment. */
  readonly rulesBefore?: number
  /** Whether members of unknown names are passed over: a newer server may send some to an older SDK. */
  readonly takesUnknown?: boolean
}

/**
 * Returns the policy in force that a server sent: it may have rules of the environment besides the stored ones, and members
 * of a later version. Throws AppError `invalid` when it cannot be used.
 */
export function parsePolicyInForce(value: unknown): CapturePolicy {
  return parsePolicy(value, undefined, { rulesBefore: mostRules, takesUnknown: true })
}

/**
 * Returns the policy that a JSON value describes; a member that is absent has its shipped value. Throws AppError `invalid`
 * with every fault. With `knownApps`, conditions on other apps are faults.
 */
export function parsePolicy(
  value: unknown,
  knownApps?: readonly string[],
  { rulesBefore = 0, takesUnknown = false }: PolicyReading = {},
): CapturePolicy {
  const faults: Fault[] = []
  const policy = readPolicy(new Reader(value, [], faults, takesUnknown), knownApps, mostRules + rulesBefore)
  if (faults.length === 0 && sizeOf({ ...policy, rules: policy.rules.slice(rulesBefore) }) > mostPolicyBytes)
    faults.push({ pointer: "", message: `is larger than ${mostPolicyBytes / 1024} KiB` })
  if (faults.length > 0) throw new AppError("invalid", "The policy is not acceptable as sent.", { faults })
  return policy
}

function readPolicy(all: Reader, apps: readonly string[] | undefined, rules: number): CapturePolicy {
  const shipped = shippedPolicy
  if (!all.object(Object.keys(shipped))) return shipped
  const limits = all.at("limits")
  limits.optionalObject(Object.keys(shipped.limits))
  return {
    v: all.at("v").oneOf([1] as const, 1),
    enabled: all.at("enabled").boolean(shipped.enabled),
    ignore: all.at("ignore").list(mostIgnored, shipped.ignore, one => pathPattern(one)),
    rules: all.at("rules").list(rules, shipped.rules, one => readRule(one, apps)),
    default: readDefault(all.at("default")),
    categories: readCategories(all.at("categories")),
    redactIdentity: all.at("redactIdentity").boolean(shipped.redactIdentity),
    idsOnly: all.at("idsOnly").boolean(shipped.idsOnly),
    secretNames: all.at("secretNames").list(mostValues, shipped.secretNames, secretName),
    headerNames: all.at("headerNames").list(mostValues, shipped.headerNames, headerName),
    limits: {
      requestBytes: limits.at("requestBytes").wholeNumber(0, mostBodyBytes, shipped.limits.requestBytes),
      responseBytes: limits.at("responseBytes").wholeNumber(0, mostBodyBytes, shipped.limits.responseBytes),
    },
    licenseKey: all.at("licenseKey").nullOr(one => one.text(200)),
    ownCalls: all.at("ownCalls").boolean(shipped.ownCalls),
  }
}

function readRule(rule: Reader, apps: readonly string[] | undefined): Rule {
  if (!rule.object(["name", "when", "then"])) return { name: "", when: {}, then: {} }
  return {
    name: rule.at("name").text(100),
    when: readConditions(rule.at("when"), apps),
    then: readFlags(rule.at("then")),
  }
}

function readConditions(when: Reader, apps: readonly string[] | undefined): RuleConditions {
  when.optionalObject(["methods", "paths", "endpoints", "apps", "actorTypes", "outcomes"])
  const values = <Value>(name: string, read: (one: Reader) => Value) => {
    const list = when.at(name)
    return list.isAbsent ? {} : { [name]: list.filledList(mostValues, read) }
  }
  return {
    ...values("methods", one => one.matching(token, "must be an HTTP method").toUpperCase()),
    ...values("paths", pathPattern),
    ...values("endpoints", endpointPattern),
    ...values("apps", one => appSlug(one, apps)),
    ...values("actorTypes", one => one.oneOf(actorTypes)),
    ...values("outcomes", one => one.oneOf(outcomes)),
  }
}

function readFlags(flags: Reader): Partial<Flags> {
  flags.optionalObject(["call", "data", "resultData"])
  const call = flags.at("call")
  const data = flags.at("data")
  const resultData = flags.at("resultData")
  return {
    ...(call.isAbsent ? {} : { call: call.boolean() }),
    ...(data.isAbsent ? {} : { data: bodyFlag(data) }),
    ...(resultData.isAbsent ? {} : { resultData: bodyFlag(resultData) }),
  }
}

function readDefault(flags: Reader): Flags {
  return { ...shippedPolicy.default, ...readFlags(flags) }
}

function readCategories(categories: Reader): Categories {
  categories.optionalObject(categoryNames)
  const read = (name: keyof Categories) => categories.at(name).boolean(shippedPolicy.categories[name])
  return {
    auth: read("auth"),
    headers: read("headers"),
    version: read("version"),
    stats: read("stats"),
    result: read("result"),
    data: read("data"),
  }
}

/** Returns a flag for a body: true, false, or a list of 1 to 100 fields. */
export function bodyFlag(flag: Reader): BodyFlag {
  if (typeof flag.value === "boolean") return flag.value
  if (Array.isArray(flag.value)) return flag.filledList(mostFields, fieldName)
  flag.fault("must be true, false or a list of fields")
  return false
}

function fieldName(one: Reader): string {
  const name = one.text(200)
  if (name !== "" && name.split(".").includes("")) one.fault("must be names joined by single dots")
  return name
}

function pathPattern(one: Reader): string {
  const pattern = one.text(500)
  const fault = pattern === "" ? null : pathPatternFault(pattern)
  if (fault !== null) one.fault(fault)
  return pattern
}

function endpointPattern(one: Reader): string {
  const pattern = one.text(200)
  if (/\*(?!$)/.test(pattern)) one.fault("may have * only at its end")
  return pattern
}

function appSlug(one: Reader, known: readonly string[] | undefined): string {
  const slug = one.text(100)
  if (slug !== "" && known !== undefined && !known.includes(slug)) one.fault("is no app of this organization")
  return slug
}

function secretName(one: Reader): string {
  const name = one.text(100)
  if (name !== "" && !/[\p{L}\p{N}]/u.test(name)) one.fault("must hold a letter or a digit")
  return name
}

function headerName(one: Reader): string {
  if (one.value === "*") return "*"
  return one.matching(token, "must be the name of a header, or *").toLowerCase()
}

function sizeOf(policy: CapturePolicy): number {
  return new TextEncoder().encode(canonicalJson(policy)).length
}
