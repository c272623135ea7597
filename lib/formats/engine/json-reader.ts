import type { JsonObject, JsonValue } from "@/lib/audit/json/value"
import { isObject } from "@/lib/audit/json/value"
import { AppError } from "@/lib/errors"
import { arrayElements, isList, memberText } from "@/lib/formats/elements"
import { parseForeignJson } from "@/lib/formats/foreign-json"

/** How the files of a format hold its records. The formats of JSON share one reader; one of text lines would bring another. */
export interface Reader {
  /** The value of a file, of its beginning or of one record. Throws AppError("malformed") when there is none. */
  readonly parse: (text: string) => JsonValue
  /** The values inside of a parsed file by which its format can be told, itself first. */
  readonly candidates: (value: JsonValue) => Iterable<JsonValue>
  /** The records of a text in order; what is no container is given as it is. */
  readonly pieces: (text: string, isRecord: (value: JsonObject) => boolean) => Iterable<Piece>
  /** Names of lists that hold records, by which a file that breaks off can be closed. */
  readonly lists: readonly string[]
}

/** A record as it was found. */
export interface Piece {
  /** Its exact text. */
  readonly raw: string
  /** Its value, where it was parsed to find the record. */
  readonly value?: JsonValue
}

/** What records come in, apart from a list and lines. */
export interface Containers {
  /** Members of an object that are lists of records. */
  readonly lists?: readonly string[]
  /** Members that are one record or container each, as a value or as a JSON text. */
  readonly wrappings?: readonly string[]
  /** An object of this kind holds no records at all. */
  readonly isEmpty?: (value: JsonObject) => boolean
}

const deepest = 4
/** So many elements of a list are looked at to tell its format. */
const sampled = 10

/** Returns the reader of JSON whose records come in these containers. */
export function json({ lists = [], wrappings = [], isEmpty = () => false }: Containers = {}): Reader {
  const isFlat = lists.length === 0 && wrappings.length === 0

  function* pieces(text: string, isRecord: (value: JsonObject) => boolean, depth = 0): Iterable<Piece> {
    if (isFlat) return yield* isList(text) ? rawPieces(arrayElements(text, null)) : [{ raw: text.trim() }]
    const value = parseForeignJson(text)
    const itself = { raw: text.trim(), value }
    if (depth > deepest) yield itself
    else if (Array.isArray(value)) yield* inside(arrayElements(text, null), isRecord, depth)
    else if (!isObject(value) || isRecord(value)) yield itself
    else if (!isEmpty(value)) {
      const list = lists.find(name => Array.isArray(value[name]))
      const wrapping = wrappings.find(name => isWrapping(value[name]))
      if (list !== undefined) yield* inside(arrayElements(text, list), isRecord, depth)
      else if (wrapping === undefined) yield itself
      else yield* pieces(unwrapped(text, wrapping), isRecord, depth + 1)
    }
  }

  function* inside(
    elements: Iterable<string>,
    isRecord: (value: JsonObject) => boolean,
    depth: number,
  ): Iterable<Piece> {
    for (const element of elements) yield* pieces(element, isRecord, depth + 1)
  }

  function* candidates(value: JsonValue, depth = 0): Iterable<JsonValue> {
    if (depth > deepest) return
    yield value
    if (Array.isArray(value)) {
      for (const element of value.slice(0, sampled)) yield* candidates(element, depth + 1)
    } else if (isObject(value) && !isEmpty(value)) {
      for (const name of [...lists, ...wrappings]) {
        const inner = heldBy(value[name])
        if (typeof inner === "object" && inner !== null) yield* candidates(inner, depth + 1)
      }
    }
  }

  return { parse: parseForeignJson, candidates, pieces, lists }
}

/** Returns texts as pieces that are still to be parsed. */
export function* rawPieces(texts: Iterable<string>): Iterable<Piece> {
  for (const raw of texts) yield { raw }
}

function isWrapping(value: JsonValue | undefined): boolean {
  return isObject(heldBy(value))
}

/** Returns the value of a member, or what its text holds when that is JSON. */
function heldBy(value: JsonValue | undefined): JsonValue | undefined {
  if (typeof value !== "string") return value
  try {
    return parseForeignJson(value)
  } catch (error) {
    if (error instanceof AppError) return undefined
    throw error
  }
}

function unwrapped(text: string, name: string): string {
  const inner = memberText(text, name)
  return inner.startsWith('"') ? JSON.parse(inner) : inner
}
