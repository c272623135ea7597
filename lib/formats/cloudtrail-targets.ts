import type { TargetInput } from "@/lib/audit/event/input"
import { eventLimits } from "@/lib/audit/event/limits"
import type { JsonObject, JsonValue } from "@/lib/audit/json/value"
import { isObject } from "@/lib/audit/json/value"
import type { ForeignRecord } from "./engine/record"
import { listOf, objectOf } from "./foreign-json"
import { idOf, textOf, wordsOf } from "./foreign-values"

interface Candidate {
  readonly type: string
  readonly id: string
}

/** Parameters that name what was acted on whatever the call, and the type of target each stands for. */
const namingParameters = [
  ["bucketName", "bucket"],
  ["functionName", "function"],
  ["groupName", "group"],
  ["instanceId", "instance"],
  ["keyId", "key"],
  ["policyArn", "policy"],
  ["roleName", "role"],
  ["roleArn", "role"],
  ["secretId", "secret"],
  ["name", "resource"],
  ["userName", "user"],
] as const

/**
 * Returns what a record acted on, the most specific first: what the call's own name speaks of, then the record's list of
 * resources, then the ids in its parameters, its answer and what the service told of it.
 */
export function targetsOf(record: ForeignRecord): TargetInput[] {
  const named = listOf(record.at("resources")).flatMap(resource => {
    const { ARN, arn, type } = objectOf(resource)
    const id = idOf(ARN) ?? idOf(arn)
    return id === undefined ? [] : [{ type: textOf(type, eventLimits.typeLength) ?? "resource", id }]
  })
  const parameters = objectOf(record.at("requestParameters"))
  const requested = namingParameters.flatMap(([parameter, type]) => {
    const value = parameters[parameter]
    const id = typeof value === "string" && !isHidden(value) ? idOf(value) : undefined
    return id === undefined ? [] : [{ type, id }]
  })
  const call = wordsOf(textOf(record.at("eventName"), eventLimits.operationLength) ?? "").split("_")
  const told = ["requestParameters", "responseElements", "serviceEventDetails"].flatMap(part =>
    idsIn(record.at(part), { parent: "", depth: 0, call }),
  )
  const all = distinct([...named, ...requested, ...objectKey(parameters), ...told])
  const ranked = all.map(target => ({ target, rank: rankOf(target.type, call) }))
  return ranked.sort((one, other) => other.rank - one.rank).map(({ target: { type, id } }) => ({ type, id }))
}

/** An object of S3 has its name inside its bucket. */
function objectKey({ bucketName, key }: JsonObject): Candidate[] {
  if (typeof bucketName !== "string" || typeof key !== "string" || key === "") return []
  const id = idOf(`${bucketName}/${key}`)
  return id === undefined ? [] : [{ type: "object", id }]
}

function distinct(candidates: readonly Candidate[]): Candidate[] {
  const seen = new Set<string>()
  return candidates.filter(({ id }) => !seen.has(id) && seen.add(id))
}

/** How much of the call's name speaks of a type: `CreateDBSnapshot` of a db_snapshot more than of a db_instance; 0 = not at all. */
function rankOf(type: string, call: readonly string[]): number {
  const wanted = wordsOf(type.split("::").at(-1) ?? "")
    .split("_")
    .map(singular)
  const spoken = call.map(singular)
  for (let at = spoken.length - wanted.length; at > 0; at--) {
    if (wanted.every((word, offset) => spoken[at + offset] === word))
      return wanted.length * 100 + at + wanted.length
  }
  return 0
}

function singular(word: string): string {
  if (/ies$/.test(word)) return `${word.slice(0, -3)}y`
  if (/(?:ss|x|ch|sh)es$/.test(word)) return word.slice(0, -2)
  return /[^su]s$/.test(word) ? word.slice(0, -1) : word
}

interface Place {
  /** The name of the member around it. */
  readonly parent: string
  readonly depth: number
  /** The words of the call's name. */
  readonly call: readonly string[]
}

const deepest = 10

function idsIn(value: JsonValue | undefined, place: Place): Candidate[] {
  if (place.depth > deepest || typeof value !== "object" || value === null) return []
  if (!isObject(value))
    return listOf(value).flatMap(element => idsIn(element, { ...place, depth: place.depth + 1 }))
  return Object.entries(value).flatMap(([name, member]) => {
    if (unrelated.test(name)) return []
    const type = typeOf(name, member, place)
    const found = type === null ? [] : valuesOf(member).map(id => ({ type: type || resourceType(id), id }))
    if (found.length > 0) return found
    // Lists of EC2 stand in a member `items`, and its XML requests in one that is called like the call.
    const parent = /^items?$|^members?$|^entry$/i.test(name) ? place.parent : name
    return idsIn(member, { ...place, parent, depth: place.depth + 1 })
  })
}

/** Documents, labels and session keys: the ids in them are of other things, or secret. */
const unrelated =
  /polic(?:y|ies|yDocument)$(?<!^polic(?:y|ies)$)|^tag(?:s|ging|set|specification)|^conditions?$|^filters?(?:set)?$|^credentials$|^environment$|token$/i
const suffix = /^(.*?)[-_]?(Ids?|IDs?|Arns?|ARNs?|Names?|Identifiers?|[qQ]ueueUrl)$/
const lowerSuffix = /^(?:|.*[-_])(ids?|arns?|names?|identifiers?)$/
/** Ids of the request itself, secrets, machines around it, and names that name nothing that is kept. */
const incidental =
  /(?:^|_)(?:request|token|external|principal|correlation|trace|session|attribute|engine|display|device|platform|agent|computer|host|dns|feature|availability_zone|idempotency)$/
/** What a call is made in or for, and seldom about: `EnableRegion` is. */
const surrounding = /(?:^|_)(?:owner|account|registry|requester|region|service|product|client|amazon)$/
/** Around these a name is one of a few words: `currentState.name`. */
const stateful = /(?:state|status|tenancy|mode)$/i

/** The type that a member's name gives to the ids in it; "" when the id itself must tell; null for a member without ids. */
function typeOf(name: string, value: JsonValue, { parent, call }: Place): string | null {
  if (typeof value === "boolean" || name.startsWith("x-")) return null
  if (!suffix.test(name) && !lowerSuffix.test(name)) return null
  const stem = name.replace(/queueUrl$/i, "queue").replace(/[-_]?(?:ids?|arns?|names?|identifiers?)$/i, "")
  const type = wordsOf(spelledOut(stem))
  if (type === "") return stateful.test(parent) ? null : parent && singularType(wordsOf(spelledOut(parent)))
  if (incidental.test(type) || (surrounding.test(type) && rankOf(type, call) === 0)) return null
  return type.slice(0, eventLimits.typeLength)
}

/** CloudTrail begins an abbreviation with a small letter: `dBInstance`, `sSHPublicKey`. */
function spelledOut(name: string): string {
  return name.replace(/^[a-z](?=[A-Z])/, letter => letter.toUpperCase()).replace(/^DB(?=[A-Z])/, "Db")
}

function singularType(type: string): string {
  const words = type.replace(/_(?:set|list|result|response|request|info|status|description)$/, "").split("_")
  return [...words.slice(0, -1), singular(words.at(-1) ?? "")].join("_") || "resource"
}

function valuesOf(value: JsonValue): string[] {
  const values = Array.isArray(value)
    ? value
    : [isObject(value) && "content" in value ? (value.content ?? null) : value]
  return values.flatMap(each => {
    if (typeof each !== "string" && typeof each !== "number") return []
    const id = idOf(each)
    return id === undefined || isHidden(id) ? [] : [id]
  })
}

function isHidden(text: string): boolean {
  return /^(?:HIDDEN_DUE_TO_SECURITY_REASONS|\*+|\.+|-|\s*)$/.test(text)
}

/** `arn:aws:lambda:eu-west-1:1:function:f` is a function; a name without more is a resource. */
function resourceType(id: string): string {
  const [, type] = /^arn:[^:]*:[^:]*:[^:]*:[^:]*:([A-Za-z][\w-]*)[:/]/.exec(id) ?? []
  return (type && wordsOf(type)) || "resource"
}
