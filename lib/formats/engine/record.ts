import type { JsonObject, JsonValue } from "@/lib/audit/json/value"
import { isObject } from "@/lib/audit/json/value"
import { AppError } from "@/lib/errors"
import { parseForeignJson } from "@/lib/formats/foreign-json"

/** How the members of a record may be spelled apart from the name that a mapping uses. */
export type Spelling = "lower case" | "camelCase"

/** How the records of a format are read. */
export interface RecordForm {
  readonly spelling?: Spelling
  /** Members of the outermost object that some writers fill with a JSON text in place of the value. */
  readonly texts?: readonly string[]
}

/** Which paths were asked for, and which of them said something. Kept for the tests of mappings. */
export interface PathLog {
  readonly asked: Set<string>
  readonly answered: Set<string>
}

/** A record of another system, and the values that stand in it by their paths: `client.ipAddress`, `sourceIPs.0`. */
export class ForeignRecord {
  readonly value: JsonObject
  private readonly form: RecordForm
  private readonly log: PathLog | undefined
  private readonly prefix: string

  constructor(value: JsonObject, form: RecordForm = {}, log?: PathLog, prefix = "") {
    this.value = form.texts === undefined ? value : withValues(value, form.texts)
    this.form = form
    this.log = log
    this.prefix = prefix
  }

  /** Returns what stands at the path; undefined when it says nothing, as null and an empty text do. */
  at(path: string): JsonValue | undefined {
    const found = find(this.value, path, this.form.spelling, saysSomething)
    this.log?.asked.add(this.prefix + path)
    if (found !== undefined) this.log?.answered.add(this.prefix + path)
    return found
  }

  /** Returns what stands at the path even if it says nothing; undefined when nothing stands there. */
  raw(path: string): JsonValue | undefined {
    return find(this.value, path, this.form.spelling, value => value !== undefined)
  }

  /** Returns the objects of the list at the path as records, whose paths begin there. */
  each(path: string): readonly ForeignRecord[] {
    const list = this.at(path)
    const prefix = `${this.prefix}${path}[].`
    const { spelling } = this.form
    return (Array.isArray(list) ? list : [])
      .filter(isObject)
      .map(element => new ForeignRecord(element, { spelling }, this.log, prefix))
  }
}

type Says = (value: JsonValue | undefined) => boolean

const saysSomething: Says = value => value !== undefined && value !== null && value !== ""

/**
 * Follows a path. A key may hold dots itself (`annotations.authorization.k8s.io/decision`, a flattened `event.action`), so the
 * longest key that is there is taken first.
 */
function find(
  value: JsonValue,
  path: string,
  spelling: Spelling | undefined,
  says: Says,
): JsonValue | undefined {
  if (typeof value !== "object" || value === null) return undefined
  for (const { key, other, rest } of stepsOf(path, spelling)) {
    const member = memberOf(value, key, other)
    if (!says(member)) continue
    const found = rest === undefined ? member : find(member ?? null, rest, spelling, says)
    if (found !== undefined) return found
  }
  return undefined
}

/** A key with which a path may begin, how else it may be spelled, and the path from there. */
interface Step {
  readonly key: string
  readonly other: string | undefined
  readonly rest: string | undefined
}

/** Paths stand in mappings: there are few, and each is taken apart once. */
const known: Readonly<Record<Spelling | "as named", Map<string, readonly Step[]>>> = {
  "as named": new Map(),
  "lower case": new Map(),
  camelCase: new Map(),
}

function stepsOf(path: string, spelling: Spelling | undefined): readonly Step[] {
  const paths = known[spelling ?? "as named"]
  const steps = paths.get(path)
  if (steps !== undefined) return steps
  const made = takenApart(path, spelling)
  paths.set(path, made)
  return made
}

function takenApart(path: string, spelling: Spelling | undefined): readonly Step[] {
  const steps: Step[] = []
  for (let end = path.length; end > 0; end = path.lastIndexOf(".", end - 1)) {
    const key = path.slice(0, end)
    const other = spelling && spelled[spelling](key)
    steps.push({
      key,
      other: other === key ? undefined : other,
      rest: end === path.length ? undefined : path.slice(end + 1),
    })
  }
  return steps
}

function memberOf(
  value: JsonObject | readonly JsonValue[],
  key: string,
  other: string | undefined,
): JsonValue | undefined {
  if (!isObject(value)) return /^\d{1,4}$/.test(key) && Array.isArray(value) ? value[Number(key)] : undefined
  if (Object.hasOwn(value, key)) return value[key]
  return other !== undefined && Object.hasOwn(value, other) ? value[other] : undefined
}

const spelled: Readonly<Record<Spelling, (key: string) => string>> = {
  "lower case": key => key.toLowerCase(),
  camelCase: key => key.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()),
}

function withValues(object: JsonObject, names: readonly string[]): JsonObject {
  const texts = [...names, ...names.map(spelled["lower case"])].filter(name => isJsonText(object[name]))
  if (texts.length === 0) return object
  return { ...object, ...Object.fromEntries(texts.map(name => [name, heldBy(object[name] ?? null)])) }
}

function isJsonText(value: JsonValue | undefined): boolean {
  return typeof value === "string" && /^\s*[{[]/.test(value)
}

/** Returns the value that a text of JSON holds; any other value as it is. */
function heldBy(value: JsonValue): JsonValue {
  try {
    return typeof value === "string" ? parseForeignJson(value) : value
  } catch (error) {
    if (error instanceof AppError) return value
    throw error
  }
}
