import { createHash } from "node:crypto"
import { uuidv5 } from "@/lib/audit/event/uuid"
import type { JsonObject, JsonValue } from "@/lib/audit/json/value"

/** One record of a foreign file, told as an event that the API accepts. */
export interface FormatRecord {
  /** Where it stands, for people: `entry 3`, `line 17`. */
  readonly position: string
  /** The JSON text of one event, for `POST /api/v1/events`. */
  readonly event: string
}

export interface ReadContext {
  /** One for a whole file, so that equal records of it get different ids. */
  readonly ids: RecordIds
}

/** A foreign format that can be read. Records that are no record of the format throw AppError("invalid") with their position. */
export interface Format {
  readonly name: string
  /** Tells whether a parsed file (or the first line of one) looks like this format. */
  readonly recognises: (value: JsonValue) => boolean
  /** The records of a file or of one line of it, in their order. `text` is exactly what was read. */
  readonly read: (text: string, context: ReadContext) => Iterable<FormatRecord>
}

/**
 * Makes the ids of records, from the app they go to, the format, and the foreign system's own key (else the record's bytes and
 * how often they came before), so that importing a file twice is harmless.
 */
export class RecordIds {
  readonly #occurrences = new Map<string, number>()
  readonly #appId: string
  readonly #format: string

  constructor(appId: string, format: string) {
    this.#appId = appId
    this.#format = format
  }

  /** Promise: the same id for the same key of the same app and format. */
  fromKey(key: string): string {
    return uuidv5(this.#appId, `${this.#format}:key:${key}`)
  }

  /** Promise: the same id for the nth occurrence of the same bytes in a file. */
  fromRaw(raw: string): string {
    const digest = createHash("sha256").update(raw).digest("hex")
    const occurrence = this.#occurrences.get(digest) ?? 0
    this.#occurrences.set(digest, occurrence + 1)
    return uuidv5(this.#appId, `${this.#format}:sha256:${digest}:${occurrence}`)
  }
}

/** Promise: the original text as the API takes it. */
export function rawOf(format: string, text: string): JsonObject {
  return { rawFormat: format, raw: Buffer.from(text, "utf8").toString("base64") }
}
