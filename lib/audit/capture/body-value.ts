import { numberFault } from "@/lib/audit/json/number"
import type { JsonValue } from "@/lib/audit/json/value"
import { hideInText } from "./hide-text"
import { readMultipart } from "./multipart"
import { remembering } from "./remember"

/** How much of a body there is to read. */
export interface BodyExtent {
  readonly isWhole: boolean
  readonly totalBytes: number
}

export type ReadBody =
  | { readonly ok: true; readonly value: JsonValue; readonly notes: readonly string[] }
  | { readonly ok: false; readonly why: string }

/** Returns a body as JSON, by its media type: JSON, a form, lines of JSON, text, the parts of a form with files; else its type and size. */
export function readBodyValue(mediaType: string | null, bytes: Uint8Array, extent: BodyExtent): ReadBody {
  const type = typeOf(mediaType)
  if (isJson(type)) return readJson(textOf(bytes, mediaType), extent)
  if (lineTypes.has(type)) return readLines(textOf(bytes, mediaType), extent)
  if (type === "application/x-www-form-urlencoded") return readForm(textOf(bytes, mediaType), extent)
  if (type.startsWith("multipart/")) return whole(readMultipart(bytes, mediaType ?? "", extent))
  if (type.startsWith("text/")) return readText(textOf(bytes, mediaType), extent)
  if (type === "" && /^\s*[{[]/.test(beginning(bytes))) {
    const read = readJson(textOf(bytes, mediaType), extent)
    if (read.ok) return read
  }
  return whole({ mediaType: (mediaType ?? "").slice(0, 128), bytes: extent.totalBytes })
}

function whole(value: JsonValue): ReadBody {
  return { ok: true, value, notes: [] }
}

function typeOf(mediaType: string | null): string {
  return (mediaType ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? ""
}

function isJson(type: string): boolean {
  return type === "application/json" || type === "text/json" || type.endsWith("+json")
}

const lineTypes = new Set([
  "application/x-ndjson",
  "application/ndjson",
  "application/jsonl",
  "application/x-jsonlines",
  "application/json-lines",
  "application/json-seq",
  "application/x-json-stream",
])

const beginning = (bytes: Uint8Array) => utf8.decode(bytes.subarray(0, 64))

/** Bytes that are no text of their character set become U+FFFD. */
function textOf(bytes: Uint8Array, mediaType: string | null): string {
  const decoder = mediaType?.includes(";") ? decoderFor(mediaType) : utf8
  return decoder.decode(bytes)
}

const utf8 = new TextDecoder()

/** Making a decoder costs more than using it. */
const decoderFor = remembering((mediaType: string): TextDecoder => {
  const label = /;\s*charset\s*=\s*"?([\w:.-]+)/i.exec(mediaType)?.[1] ?? "utf-8"
  try {
    return new TextDecoder(label)
  } catch {
    return utf8
  }
})

function readJson(text: string, extent: BodyExtent): ReadBody {
  if (text.trim() === "") return { ok: false, why: "empty" }
  const one = extent.isWhole ? parse(text) : undefined
  if (one !== undefined) return one
  // Streams of objects call themselves JSON too: one object a line, or one right after another.
  const lines = linesOf(text, extent)
  if (lines.length > 1 || !extent.isWhole) {
    const read = lines.map(parse)
    if (read.length > 0 && read.every(line => line !== undefined)) return together(read)
  }
  return { ok: false, why: extent.isWhole ? "no valid JSON" : "larger than what is kept" }
}

function readLines(text: string, extent: BodyExtent): ReadBody {
  return together(
    linesOf(text, extent).map(
      line =>
        parse(line) ?? { ok: true as const, value: hideLines(line), notes: ["no valid JSON in a line"] },
    ),
  )
}

interface Parsed {
  readonly ok: true
  readonly value: JsonValue
  readonly notes: readonly string[]
}

function together(read: readonly Parsed[]): ReadBody {
  return {
    ok: true,
    value: read.map(({ value }) => value),
    notes: [...new Set(read.flatMap(({ notes }) => notes))],
  }
}

/** RFC 7464 begins each line with it. */
const recordSeparator = "\u001e"

/** The lines that are there in full. */
function linesOf(text: string, { isWhole }: BodyExtent): readonly string[] {
  const lines = text.replaceAll(recordSeparator, "\n").split(/[\r\n]+/)
  if (!isWhole) lines.pop()
  return lines.filter(line => line.trim() !== "")
}

const tokens = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g
/** Valid JSON without this holds no number that a double could change. */
const mayBeInexact = /[\d.eE+-]{16}|\d[eE]/

/** Numbers that a double would change become text before they are read. */
function parse(text: string): Parsed | undefined {
  try {
    const value: JsonValue = JSON.parse(text)
    if (!mayBeInexact.test(text)) return { ok: true, value, notes: [] }
    let isChanged = false
    const exact = text.replace(tokens, token => {
      if (token.startsWith('"') || (token.length < 16 && !/e/i.test(token)) || numberFault(token) === null)
        return token
      isChanged = true
      return `"${token}"`
    })
    return {
      ok: true,
      value: isChanged ? JSON.parse(exact) : value,
      notes: isChanged ? ["numbers as text"] : [],
    }
  } catch {
    return undefined
  }
}

function readForm(text: string, extent: BodyExtent): ReadBody {
  const fields = new Map<string, JsonValue>()
  for (const [name, value] of new URLSearchParams(extent.isWhole ? text : withoutEnd(text, "&"))) {
    const before = fields.get(name)
    fields.set(name, before === undefined ? value : [...(Array.isArray(before) ? before : [before]), value])
  }
  return { ok: true, value: Object.fromEntries(fields), notes: extent.isWhole ? [] : ["beginning only"] }
}

function readText(text: string, extent: BodyExtent): ReadBody {
  if (extent.isWhole) return whole(hideLines(text))
  // What the end cut in two could be part of a secret that is not recognised any more.
  const kept = hideLines(text.replace(/[^\s]{1,512}$/, ""))
  return { ok: true, value: `${kept}…[cut]`, notes: ["beginning only"] }
}

function withoutEnd(text: string, separator: string): string {
  const end = text.lastIndexOf(separator)
  return end === -1 ? "" : text.slice(0, end)
}

const line = /^([ \t>-]{0,64}["']?)([A-Za-z][\w.-]{1,63})(["']?[ \t]{0,8}:[ \t]{1,8})(\S[^\r\n]*)$/gm

/** In the text of a body, a line `name: value` is a header or YAML. */
function hideLines(text: string): string {
  return hideInText(text).replace(
    line,
    (whole, before: string, name: string, colon: string, value: string) => {
      const pair = hideInText(`${name.replaceAll(".", "_")}=${value.replaceAll(/\s/g, "_")}`)
      return pair.endsWith("=[secret]") ? `${before}${name}${colon}[secret]` : whole
    },
  )
}
