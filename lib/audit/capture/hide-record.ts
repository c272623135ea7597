import { isArray, isObject, type JsonObject, type JsonValue } from "@/lib/audit/json/value"
import type { JsonSearch } from "./hide-json"
import { lastName } from "./secret-names"

type Reader = (value: JsonValue, record: JsonObject) => JsonValue

/** The shape that identifies an AWS key is no secret where a record names who or what it is about. */
const identifier = "aws"
const secretsPath = /\/secrets(?:[/?]|$)/
const bodyMembers = new Set(["data", "Data", "stringData", "value"])

/**
 * Searches the members of an event. Those of the record itself are judged by their shape alone, for their names are ours; free
 * JSON is judged by its names as well.
 */
export class EventSearch {
  constructor(private readonly search: JsonSearch) {}

  /** Returns the record with its secrets replaced. */
  record(record: JsonObject): JsonObject {
    return this.members(record, this.ofRecord)
  }

  private readonly text: Reader = value => (typeof value === "string" ? this.search.text(value) : value)
  private readonly id: Reader = value =>
    typeof value === "string" ? this.search.text(value, identifier) : value
  private readonly free: Reader = value => this.search.free(value)
  /** An operation stays one: words, dots and hyphens. */
  private readonly word: Reader = value =>
    typeof value === "string" ? this.search.text(value).replaceAll(/\[secret(:?)([a-z-]*)\]/g, wordOf) : value

  private readonly ofPerson: Readonly<Record<string, Reader>> = {
    id: this.id,
    name: this.text,
    email: this.text,
    role: this.text,
    attributes: this.free,
  }
  private readonly ofActor: Readonly<Record<string, Reader>> = {
    ...this.ofPerson,
    onBehalfOf: value => this.object(value, this.ofPerson),
    credential: value => this.object(value, { type: this.text, id: this.id, name: this.text }),
  }
  private readonly ofTarget: Readonly<Record<string, Reader>> = {
    type: this.text,
    id: this.id,
    name: this.text,
    attributes: this.free,
  }
  private readonly ofSource = { ip: this.text, ipText: this.text, peerIp: this.text, userAgent: this.text }
  private readonly ofHttp = { method: this.text, path: this.text, route: this.text }
  private readonly ofChange: Readonly<Record<string, Reader>> = {
    path: this.text,
    before: (value, change) => this.changed(value, change),
    after: (value, change) => this.changed(value, change),
  }
  private readonly ofRecord: Readonly<Record<string, Reader>> = {
    environment: this.text,
    sourceId: this.id,
    occurredAtText: this.text,
    operation: this.word,
    family: this.word,
    description: this.text,
    actor: value => this.object(value, this.ofActor),
    targets: value => this.list(value, item => this.object(item, this.ofTarget)),
    statusCode: this.text,
    statusMessage: this.text,
    source: value => this.object(value, this.ofSource),
    requestId: this.text,
    traceId: this.text,
    http: value => this.object(value, this.ofHttp),
    details: value => this.list(value, item => (typeof item === "string" ? this.search.text(item) : item)),
    changes: value => this.list(value, item => this.object(item, this.ofChange)),
    metadata: (value, record) => this.bodies(this.search.free(value), record),
    rawFormat: this.text,
    rawWithheld: this.text,
  }

  private members(record: JsonObject, readers: Readonly<Record<string, Reader>>): JsonObject {
    let changed: Record<string, JsonValue> | null = null
    for (const name in readers) {
      const value = Object.hasOwn(record, name) ? record[name] : undefined
      if (value === undefined || value === null) continue
      const shown = this.search.at(name, () => readers[name]?.(value, record) ?? null)
      if (shown === value) continue
      changed ??= { ...record }
      changed[name] = shown
    }
    return changed ?? record
  }

  private object(value: JsonValue, readers: Readonly<Record<string, Reader>>): JsonValue {
    return isObject(value) ? this.members(value, readers) : value
  }

  private list(value: JsonValue, search: (item: JsonValue) => JsonValue): JsonValue {
    if (!isArray(value)) return value
    const shown = value.map((item, index) => this.search.at(index, () => search(item)))
    return shown.some((item, index) => item !== value[index]) ? shown : value
  }

  /** What a change was from and to is secret when the last name of its path is. */
  private changed(value: JsonValue, { path }: JsonObject): JsonValue {
    return typeof path === "string" ? this.search.named(lastName(path), value) : this.search.free(value)
  }

  /** The bodies of calls to an address of secrets hold them under names that say nothing: Docker's and Kubernetes' `data`. */
  private bodies(metadata: JsonValue, { http }: JsonObject): JsonValue {
    if (!isObject(http) || typeof http.path !== "string" || !secretsPath.test(http.path)) return metadata
    const body: Reader = value => this.everyData(value)
    return this.object(metadata, { call: value => this.object(value, { request: body, response: body }) })
  }

  private everyData(value: JsonValue): JsonValue {
    if (isArray(value)) return this.list(value, item => this.everyData(item))
    if (!isObject(value)) return value
    const readers: Record<string, Reader> = {}
    for (const name of bodyMembers) readers[name] = each => this.search.everyValue(each)
    return this.members(value, { ...readers, items: each => this.everyData(each) })
  }
}

function wordOf(_: string, colon: string, kind: string): string {
  return colon === "" ? "secret" : `secret-${kind}`
}
