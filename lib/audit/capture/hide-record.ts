import { isArray, isObject, type JsonObject, type JsonValue } from "@/lib/audit/json/value"
import type { JsonSearch } from "./hide-json"
import { mayNameSecret } from "./may-name"
import { isSecretPath, lastName } from "./secret-names"
import type { FloorTable } from "./secrets"

/** Returns a member of a record with its secrets replaced; the same value when it holds none. */
type Reader = (search: JsonSearch, value: JsonValue, record: JsonObject) => JsonValue
type Readers = readonly (readonly [name: string, reader: Reader])[]

/** The shape that identifies an AWS key is no secret where a record names who or what it is about. */
const identifier = "aws"

/**
 * Returns an event with its secrets replaced. The members of the record itself are judged by their shape alone, for their names are
 * ours; free JSON is judged by its names as well.
 */
export function searchRecord(search: JsonSearch, record: JsonObject): JsonObject {
  return members(search, record, search.texts ? ofRecord : ofRecordNames)
}

/**
 * Returns false for an event of which no free JSON has a secret name. It reads the same members as `searchRecord`, and is asked for
 * each event when its texts are known to hold nothing.
 */
export function mayNameInRecord(record: JsonObject, table: FloorTable): boolean {
  const may = (value: JsonValue | undefined) => mayNameSecret(value, table, none)
  const { actor, targets, changes, metadata: facts, http } = record
  if (may(facts) || (isObject(facts) && facts.call !== undefined && isOfSecrets(http))) return true
  if (isObject(actor)) {
    if (may(actor.attributes)) return true
    if (isObject(actor.onBehalfOf) && may(actor.onBehalfOf.attributes)) return true
  }
  if (isArray(targets) && targets.some(target => isObject(target) && may(target.attributes))) return true
  return isArray(changes) && changes.some(each => isObject(each) && mayNameInChange(each, table))
}

const none: ReadonlySet<string> = new Set()

function mayNameInChange({ path, before, after }: JsonObject, table: FloorTable): boolean {
  if (typeof path === "string" && isSecretPath(path, table)) return true
  return mayNameSecret(before, table, none) || mayNameSecret(after, table, none)
}

function members(search: JsonSearch, record: JsonObject, readers: Readers): JsonObject {
  let changed: Record<string, JsonValue> | null = null
  for (const [name, reader] of readers) {
    const value = record[name]
    if (value === undefined || value === null) continue
    search.enter(name)
    const shown = reader(search, value, record)
    search.leave()
    if (shown === value) continue
    changed ??= { ...record }
    changed[name] = shown
  }
  return changed ?? record
}

const text: Reader = (search, value) => (typeof value === "string" ? search.text(value) : value)
const id: Reader = (search, value) => (typeof value === "string" ? search.text(value, identifier) : value)
const free: Reader = (search, value) => search.free(value)
/** An operation stays one: words, dots and hyphens. */
const word: Reader = (search, value) =>
  typeof value === "string" ? search.text(value).replaceAll(/\[secret(:?)([a-z-]*)\]/g, wordOf) : value

function wordOf(_: string, colon: string, kind: string): string {
  return colon === "" ? "secret" : `secret-${kind}`
}

function object(readers: Readers): Reader {
  return (search, value) => (isObject(value) ? members(search, value, readers) : value)
}

function list(reader: Reader): Reader {
  return (search, values, record) => {
    if (!isArray(values)) return values
    let changed: JsonValue[] | null = null
    for (const [index, value] of values.entries()) {
      search.enter(index)
      const shown = reader(search, value, record)
      search.leave()
      if (shown === value) continue
      changed ??= [...values]
      changed[index] = shown
    }
    return changed ?? values
  }
}

/** What a change was from and to is secret when the last name of its path is. */
const changed: Reader = (search, value, { path }) =>
  typeof path === "string" ? search.named(lastName(path), value) : search.free(value)

const secretsPath = /\/secrets(?:[/?]|$)/

/** The bodies of calls to an address of secrets hold them under names that say nothing: Docker's and Kubernetes' `data`. */
const metadata: Reader = (search, value, { http }) => {
  const shown = search.free(value)
  return isOfSecrets(http) ? ofCalls(search, shown, {}) : shown
}

function isOfSecrets(http: JsonValue | undefined): boolean {
  return isObject(http) && typeof http.path === "string" && secretsPath.test(http.path)
}

const everyValue: Reader = (search, value) => search.everyValue(value)
const everyData: Reader = (search, value, record) =>
  isArray(value) ? list(everyData)(search, value, record) : object(ofSecrets)(search, value, record)
const ofSecrets: Readers = [
  ["data", everyValue],
  ["Data", everyValue],
  ["stringData", everyValue],
  ["value", everyValue],
  ["items", (search, value, record) => everyData(search, value, record)],
]
const ofCalls = object([
  [
    "call",
    object([
      ["request", everyData],
      ["response", everyData],
    ]),
  ],
])

const attributes = ["attributes", free] as const
const person: Readers = [["id", id], ["name", text], ["email", text], ["role", text], attributes]
const credential = object([
  ["type", text],
  ["id", id],
  ["name", text],
])
const change = object([
  ["path", text],
  ["before", changed],
  ["after", changed],
])

/** Every member that can hold a text. */
const ofRecord: Readers = [
  ["environment", text],
  ["sourceId", id],
  ["occurredAtText", text],
  ["operation", word],
  ["family", word],
  ["description", text],
  ["actor", object([...person, ["onBehalfOf", object(person)], ["credential", credential]])],
  ["targets", list(object([["type", text], ["id", id], ["name", text], attributes]))],
  ["statusCode", text],
  ["statusMessage", text],
  [
    "source",
    object([
      ["ip", text],
      ["ipText", text],
      ["peerIp", text],
      ["userAgent", text],
    ]),
  ],
  ["requestId", text],
  ["traceId", text],
  [
    "http",
    object([
      ["method", text],
      ["path", text],
      ["route", text],
    ]),
  ],
  ["details", list(text)],
  ["changes", list(change)],
  ["metadata", metadata],
  ["rawFormat", text],
  ["rawWithheld", text],
]

/** Those that hold names, for an event none of whose texts can hold a secret. */
const ofRecordNames: Readers = [
  ["actor", object([attributes, ["onBehalfOf", object([attributes])]])],
  ["targets", list(object([attributes]))],
  ["changes", list(change)],
  ["metadata", metadata],
]
