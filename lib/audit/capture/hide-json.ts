import { isArray, isObject, type JsonArray, type JsonObject, type JsonValue } from "@/lib/audit/json/value"
import { jsonPointer } from "@/lib/errors"
import { type Hidden, hiddenMark, Kinds } from "./found"
import { hideHeader } from "./hide-headers"
import { hideQuoted, isBasic, isFolder, mayHoldSecretInJson, searchText } from "./hide-text"
import { type Changed, isPair, jsonIn, put, saysNothing, without } from "./json-shapes"
import { mayNameSecret } from "./may-name"
import {
  isMasked,
  judgeName,
  lastName,
  type MoreNames,
  moreNamesOf,
  plainName,
  secretName,
} from "./secret-names"
import { currentFloor, type FloorTable, floorTable } from "./secrets"

/**
 * Returns free JSON with its secrets replaced, by their names and by their shapes, and what was replaced. One look at its text is
 * nearly always enough; a caller that has written it already passes it on.
 */
export function hideInJson(
  value: JsonValue,
  names?: readonly string[],
  version = currentFloor,
  json = JSON.stringify(value),
): { readonly value: JsonValue; readonly hidden: readonly Hidden[] } {
  const table = floorTable(version)
  if (table === null) return { value, hidden: [] }
  const more = moreNamesOf(names)
  if (!mayHoldSecretInJson(json, table) && !mayNameSecret(value, table, more)) return { value, hidden: [] }
  const hidden: Hidden[] = []
  const shown = untilSettled(value, each => {
    const search = new JsonSearch(table, more)
    const result = search.free(each)
    hidden.push(...search.hidden)
    return result
  })
  return { value: shown, hidden }
}

/** What was found may uncover more: a name within a text, or a text within a name. */
const mostRounds = 4

/** Returns what is left when searching finds nothing more, which it nearly always does at the second time. */
export function untilSettled<Value>(value: Value, search: (value: Value) => Value): Value {
  let shown = value
  for (let round = 0; round < mostRounds; round += 1) {
    const again = search(shown)
    if (again === shown) break
    shown = again
  }
  return shown
}

const tooDeep = "depth"
/** Deeper values are hidden as they are: nothing that is kept is so deep. */
const mostDepth = 100
/** Texts that hold JSON that holds texts that hold JSON. */
const mostUnfolded = 4

/** Searches values; what holds no secret is returned as it is, not as a copy. */
export class JsonSearch {
  readonly hidden: Hidden[] = []
  /** Names of objects that were looked at. */
  names = 0
  private readonly kinds = new Kinds()
  private readonly path: PropertyKey[] = []
  private unfolded = 0

  /** `texts` false: no text can hold a secret, and only names are judged. */
  constructor(
    private readonly table: FloorTable,
    private readonly more: MoreNames,
    readonly texts = true,
  ) {}

  /** What follows lies under a key, until it is left. */
  enter(key: PropertyKey): void {
    this.path.push(key)
  }

  leave(): void {
    this.path.pop()
  }

  /** Returns a text of the record itself: its shapes are hidden. */
  text(text: string, allowed?: string): string {
    if (!this.texts) return text
    const before = this.kinds.count
    const shown = searchText(text, { table: this.table, more: this.more, found: this.kinds, allowed })
    if (shown !== text) for (const kind of new Set(this.kinds.since(before))) this.tell(kind)
    return shown
  }

  /** Returns any JSON, in which names count as well. */
  free(value: JsonValue): JsonValue {
    if (!this.texts && !mayNameSecret(value, this.table, this.more)) return value
    return this.search(value)
  }

  private search(value: JsonValue): JsonValue {
    if (typeof value === "string") return this.freeText(value)
    if (typeof value !== "object" || value === null) return value
    if (this.path.length > mostDepth) return this.replace(tooDeep)
    return isArray(value) ? this.list(value) : this.object(value as JsonObject)
  }

  /** Returns what stands under a name: hidden when the name is secret. */
  named(name: string, value: JsonValue): JsonValue {
    if (value === null || typeof value === "boolean") return value
    const { kind, identifier, isAuth } = judgeName(name, this.table)
    if (kind !== null) return this.secret(kind, value)
    if (this.more.size > 0 && this.more.has(plainName(name))) return this.secret("policy", value)
    if (isAuth && typeof value === "string" && isBasic(value)) return this.replace("basic")
    return identifier === undefined ? this.search(value) : this.identifiers(value, identifier)
  }

  /** A shape that is an identifier here, alone or in a list. */
  private identifiers(value: JsonValue, identifier: string): JsonValue {
    const one = (each: JsonValue) =>
      typeof each === "string" ? this.text(each, identifier) : this.search(each)
    return isArray(value) ? this.list(value, one) : one(value)
  }

  /** Returns a value that is secret whatever it is. What is masked, empty or only true or false says nothing and stays. */
  secret(kind: string, value: JsonValue): JsonValue {
    if (value === null || typeof value === "boolean") return value
    if (typeof value === "string") {
      const shown = hideHeader(kind, value)
      if (shown !== value) this.tell(kind)
      return shown
    }
    if (typeof value === "number") return this.replace(kind)
    if (this.table.searched.has(kind)) {
      return isArray(value)
        ? this.list(value, item => (isObject(item) ? this.search(item) : this.secret(kind, item)))
        : this.search(value)
    }
    return saysNothing(value) ? this.search(value) : this.replace(kind)
  }

  private replace(kind: string): string {
    this.tell(kind)
    return hiddenMark
  }

  private tell(kind: string): void {
    const pointer = jsonPointer(this.path)
    const last = this.hidden.at(-1)
    if (last?.pointer !== pointer || last.kind !== kind) this.hidden.push({ pointer, kind })
  }

  private list(
    values: JsonArray,
    search: (item: JsonValue) => JsonValue = item => this.item(item),
  ): JsonArray {
    const arePairs = values.length > 0 && values.every(isPair)
    let changed: JsonValue[] | null = null
    for (let index = 0; index < values.length; index += 1) {
      const value = values[index] as JsonValue
      this.path.push(index)
      const shown = arePairs ? this.pair(value as readonly [string, string]) : search(value)
      this.path.pop()
      if (shown === value) continue
      changed ??= [...values]
      changed[index] = shown
    }
    return changed ?? values
  }

  /** A header or parameter written as a list of its name and its value. */
  private pair(pair: readonly [string, string]): JsonArray {
    this.enter(1)
    const value = this.named(pair[0], pair[1])
    this.leave()
    return value === pair[1] ? pair : [pair[0], value]
  }

  /** An element of a list: `DB_PASSWORD=value`, as environments and arguments of programs are listed. */
  private item(value: JsonValue): JsonValue {
    if (typeof value !== "string" || !this.texts) return this.search(value)
    const [, written, name, secret] = /^(-{0,2}([A-Za-z_][\w.-]{0,127}))=(.+)$/s.exec(value) ?? []
    if (written === undefined || name === undefined || secret === undefined) return this.freeText(value)
    const kind = secretName(name, this.table, this.more)
    if (kind === null || isMasked(secret) || isFolder(name, secret)) return this.freeText(value)
    this.tell(kind)
    return this.text(`${written}=${hiddenMark}`)
  }

  private object(object: JsonObject): JsonObject {
    const keys = Object.keys(object)
    this.names += keys.length
    const isSecret = object.kind === "Secret" || object.kind === "SecretList"
    const label = this.labelOf(object)
    let changed: Changed | null = null
    for (let position = 0; position < keys.length; position += 1) {
      const key = keys[position] as string
      const value = object[key] as JsonValue
      this.path.push(key)
      const shown =
        isSecret && secretMembers.has(key) ? this.secretMember(key, value) : this.member(key, value, label)
      const name = key.length < shortestSecretKey ? key : this.text(key)
      this.path.pop()
      if (shown === value && name === key) continue
      changed ??= { names: [...keys], values: keys.map(each => object[each] as JsonValue) }
      changed.names[position] = name
      changed.values[position] = shown
    }
    return changed === null ? object : put(keys, changed)
  }

  private member(key: string, value: JsonValue, label: string | null): JsonValue {
    if (label !== null && valueMembers.has(key)) return this.secret(label, value)
    return this.named(key, value)
  }

  /** Why the value of `{name, value}` is secret: environments of containers and headers are written so. */
  private labelOf(object: JsonObject): string | null {
    for (const key of nameMembers) {
      const name = Object.hasOwn(object, key) ? object[key] : undefined
      if (typeof name === "string") return secretName(lastName(name), this.table, this.more)
    }
    // An operation of a JSON patch.
    const { op, path } = object
    return typeof op === "string" && typeof path === "string"
      ? secretName(lastName(path), this.table, this.more)
      : null
  }

  /** Kubernetes' Secret: every value of it, whatever its name. A list of them says what its items are only once. */
  private secretMember(key: string, value: JsonValue): JsonValue {
    if (key !== "items") return this.everyValue(value)
    if (!isArray(value)) return this.search(value)
    return this.list(value, item => {
      if (!isObject(item)) return this.search(item)
      const shown = this.object({ ...item, kind: "Secret" })
      return Object.hasOwn(item, "kind") ? shown : without(shown, "kind", item)
    })
  }

  /** Returns the value with every text and number in it hidden. */
  everyValue(value: JsonValue): JsonValue {
    if (!isObject(value)) return this.secret("kubernetes", value)
    let changed: Map<string, JsonValue> | null = null
    for (const key of Object.keys(value)) {
      this.enter(key)
      const shown = this.secret("kubernetes", value[key] as JsonValue)
      this.leave()
      if (shown === value[key]) continue
      changed ??= new Map(Object.entries(value))
      changed.set(key, shown)
    }
    return changed === null ? value : Object.fromEntries(changed)
  }

  /** A text of free JSON may hold JSON of its own, which is searched as such. */
  freeText(text: string): string {
    if (!this.texts) return text
    const inside = this.unfolded < mostUnfolded ? jsonIn(text) : null
    if (inside === null) return this.text(text)
    const kinds = this.kindsIn(inside)
    if (kinds.includes(tooDeep)) return this.text(text)
    if (kinds.length === 0) return this.quotedAgain(text)
    for (const kind of kinds) this.tell(kind)
    // In place where that is possible: what is no secret keeps its spelling.
    const shown = this.text(text)
    const left = jsonIn(shown)
    return left !== null && this.kindsIn(left).length === 0 ? shown : this.written(inside)
  }

  private written(value: JsonValue): string {
    const before = this.hidden.length
    const shown = this.inside(value)
    this.hidden.length = before
    return JSON.stringify(shown)
  }

  /** A name that an object has twice is seen in the text only. */
  quotedAgain(text: string): string {
    const found = new Kinds()
    const shown = hideQuoted(text, { table: this.table, more: this.more, found })
    if (shown !== text) for (const kind of new Set(found.all())) this.tell(kind)
    return shown
  }

  private kindsIn(value: JsonValue): readonly string[] {
    const before = this.hidden.length
    this.inside(value)
    return [...new Set(this.hidden.splice(before).map(({ kind }) => kind))]
  }

  /** What a text holds is searched from its own beginning. */
  private inside(value: JsonValue): JsonValue {
    const path = this.path.splice(0)
    this.unfolded += 1
    const shown = this.search(value)
    this.unfolded -= 1
    this.path.push(...path)
    return shown
  }
}

/** Shorter keys hold no secret of their own. */
const shortestSecretKey = 12
const secretMembers = new Set(["data", "stringData", "items"])
const nameMembers = ["name", "Name", "key", "Key"]
const valueMembers = new Set(["value", "Value"])
