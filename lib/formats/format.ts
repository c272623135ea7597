import { Buffer } from "node:buffer"
import { createHash } from "node:crypto"
import { eventLimits } from "@/lib/audit/event/limits"
import { withoutSpace } from "@/lib/audit/event/repetition"
import { uuidv5 } from "@/lib/audit/event/uuid"
import type { JsonObject, JsonValue } from "@/lib/audit/json/value"
import { isObject, parseForeignJson } from "./foreign-json"

/** What became of one record: the JSON text of an event for `POST /api/v1/events`, or why it is no record of the format. */
export type Told = { readonly event: string } | { readonly event: null; readonly fault: string }

/** One record of a foreign file, with where it stands, for people: `entry 3`. */
export type FormatRecord = Told & { readonly position: string }

export interface ReadContext {
  /** One for a whole file, so that equal records of it get different ids. */
  readonly ids: RecordIds
}

/** A foreign format that can be read. */
export interface Format {
  readonly name: string
  /** Tells whether a parsed file (or the first line of one) looks like this format. */
  readonly recognises: (value: JsonValue) => boolean
  /**
   * The records of a file or of one line of it, in their order. `text` is exactly what was read. Throws AppError: "malformed" for
   * what is not JSON, "invalid" for a file that says that it is an error.
   */
  readonly read: (text: string, context: ReadContext) => Iterable<FormatRecord>
}

/**
 * Returns each record's text told as an event, with its place. What is no object, or lacks what every record of the format has, is
 * rejected at its place, and the others are kept.
 */
export function* tellRecords(
  texts: Iterable<string>,
  word: string,
  tell: (record: JsonObject, raw: string) => Told,
): Iterable<FormatRecord> {
  let number = 0
  for (const raw of texts) {
    number++
    const record = parseForeignJson(raw)
    const told = isObject(record) ? tell(record, raw) : { event: null, fault: "must be an object" }
    yield { position: `${word} ${number}`, ...told }
  }
}

/** So many records back a repetition is recognised: what is remembered does not grow with the file. */
const remembered = 200_000

/**
 * Makes the ids of records from the app that they go to, the format, and the foreign system's own key, else the record's bytes and
 * how often they came before: importing the same file twice is harmless.
 */
export class RecordIds {
  private readonly digestOfKey = new Map<string, string>()
  private readonly occurrences = new Map<string, number>()
  private readonly appId: string
  private readonly format: string

  constructor(appId: string, format: string) {
    this.appId = appId
    this.format = format
  }

  /**
   * Returns the same id for the same key of the same app and format. A key that this file already used for another JSON text is
   * no key, and the bytes decide; spaces between its tokens make no other text.
   */
  fromKey(key: string, raw: string): string {
    const digest = digestOf(withoutSpace(raw))
    const known = this.digestOfKey.get(key)
    if (known === undefined) remember(this.digestOfKey, key, digest)
    if (known === undefined || known === digest) return uuidv5(this.appId, `${this.format}:key:${key}`)
    return this.fromRaw(raw)
  }

  /** Returns the same id for the nth occurrence of the same bytes in a file. */
  fromRaw(raw: string): string {
    const digest = digestOf(raw)
    const occurrence = this.occurrences.get(digest) ?? 0
    remember(this.occurrences, digest, occurrence + 1)
    return uuidv5(this.appId, `${this.format}:sha256:${digest}:${occurrence}`)
  }
}

function digestOf(raw: string): string {
  return createHash("sha256").update(raw).digest("hex")
}

/** Puts the entry last and lets go of the first when there are too many: a Map keeps the order of insertion. */
function remember<Value>(map: Map<string, Value>, key: string, value: Value): void {
  map.delete(key)
  map.set(key, value)
  if (map.size <= remembered) return
  for (const oldest of map.keys()) {
    map.delete(oldest)
    return
  }
}

/** Returns the members for the original text as the API accepts them, or the reason why it is not stored. */
export function rawOf(format: string, text: string): JsonObject {
  const bytes = Buffer.from(text, "utf8")
  if (bytes.length > eventLimits.rawBytes) {
    const rawWithheld = `The original has ${bytes.length} bytes; at most ${eventLimits.rawBytes} are kept.`
    return { rawFormat: format, rawWithheld }
  }
  return { rawFormat: format, raw: bytes.toString("base64") }
}
