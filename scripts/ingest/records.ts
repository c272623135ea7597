import { isUtf8 } from "node:buffer"
import { decodeUtf8 } from "@/lib/audit/json/utf8"
import { isObject, type JsonValue } from "@/lib/audit/json/value"
import { AppError } from "@/lib/errors"
import { parseForeignJson } from "@/lib/formats/foreign-json"
import { type Format, type FormatRecord, RecordIds } from "@/lib/formats/format"
import { formatFor } from "@/lib/formats/formats"
import { type Concatenated, concatenatedObjects } from "./concatenated"
import { type Line, splitLines } from "./lines"
import { openFile } from "./open-file"
import { wholePart } from "./whole-text"

/** One record of a file: an event to send, or the reason why it is none. */
export type FileRecord =
  | { readonly place: string; readonly event: string }
  | { readonly place: string; readonly event: null; readonly fault: string }

/** Where a file breaks off, and why. It is the last that is said of a file, and no record. */
export interface Break {
  readonly place: string
  readonly brokenBy: string
}

/** A file that is read as a whole may not be larger: a program cannot hold a longer text. */
const largestWholeBytes = 256 * 1024 * 1024

export interface FileToRead {
  readonly path: string
  /** A format's name, or `auto`. */
  readonly format: string
  readonly appId: string
  /** Told how many bytes of the file have been read more. */
  readonly onRead: (bytes: number) => void
}

interface Reader {
  readonly format: Format
  readonly ids: RecordIds
}

/**
 * Returns the records of a file in their order, the same ones with the same ids at each reading. A file of one record a line is
 * read line by line in flat memory; any other is one JSON text. Of a file that breaks off, every whole record comes before the
 * break. Throws AppError when the file makes no sense at all.
 */
export async function* readRecords(file: FileToRead): AsyncGenerator<FileRecord | Break> {
  const sample = await sampleOf(file.path)
  try {
    if (isLines(sample)) yield* readLineRecords(file, sample.lines)
    else yield* readWhole(file)
  } catch (error) {
    if (!sample.broken || !(error instanceof AppError)) throw error
    // What came before the break makes no sense by itself.
    yield { place: sample.broken.place, event: null, fault: error.message }
    yield sample.broken
  }
}

/** The first lines that say something: enough to tell what the file is, also when some of them are torn. */
const sampleLines = 100
const sampleBytes = 32 * 1024 * 1024

interface Sample {
  /** As text, without a byte order mark and white space around; wrong bytes do not matter yet. Null for a line too long to be read. */
  readonly lines: readonly (string | null)[]
  /** There are no more lines than these. */
  readonly isAll: boolean
  /** The file breaks off within them. */
  readonly broken?: Break
}

async function sampleOf(path: string): Promise<Sample> {
  const lines: (string | null)[] = []
  let bytes = 0
  let broken: Break | undefined
  for await (const line of splitLines(openFile(path))) {
    if (line.brokenBy !== undefined) broken = { place: `line ${line.number}`, brokenBy: line.brokenBy }
    const text = line.bytes === null ? null : textOf(line.bytes)
    if (text === "") continue
    lines.push(text)
    bytes += line.bytes?.length ?? 0
    if (lines.length === sampleLines || bytes > sampleBytes) return { lines, isAll: false }
  }
  return { lines, isAll: true, broken }
}

function textOf(bytes: Buffer): string {
  return bytes
    .toString("utf8")
    .replace(/^\ufeff/, "")
    .trim()
}

/** Lines of records, the first of which may be torn; or one JSON text, which may stand on many lines. */
function isLines({ lines, isAll }: Sample): boolean {
  const [first, ...others] = lines
  if (first === undefined) return true
  if (first === null) return false
  const isOnly = isAll && others.length === 0
  if (first.startsWith("{") && first.endsWith("}"))
    return !isOnly || parsed(first) !== undefined || concatenatedObjects(first) !== null
  const isWhole = (line: string | null | undefined) => typeof line === "string" && isObject(parsed(line))
  // No line of one JSON text ends inside a string, or begins in the middle of a value.
  if (!/^[{[]/.test(first) || endsInString(first)) return others.some(isWhole)
  // In one JSON text a comma stands between two records, and a bracket behind the last.
  return (
    others.some((line, at) => isWhole(line) && isWhole(others[at + 1])) || (isAll && isWhole(others.at(-1)))
  )
}

function endsInString(line: string): boolean {
  return line.replaceAll(/"(?:[^"\\]|\\.)*"/g, "").includes('"')
}

function parsed(line: string): JsonValue | undefined {
  try {
    return line.startsWith("{") ? JSON.parse(line) : undefined
  } catch {
    // Not JSON by itself: that is the question here.
    return undefined
  }
}

async function* readLineRecords(
  file: FileToRead,
  sample: readonly (string | null)[],
): AsyncGenerator<FileRecord | Break> {
  const reader = sample.length === 0 ? null : readerOf(file, sample)
  for await (const line of splitLines(openFile(file.path, file.onRead))) {
    const place = `line ${line.number}`
    const text = readText(line)
    if (typeof text !== "string") yield { place, event: null, fault: text.fault }
    else if (text !== "" && reader !== null) yield* recordsOfLine(place, text, reader)
    if (line.brokenBy !== undefined) yield { place, brokenBy: line.brokenBy }
  }
}

/** The format that the first readable line is of; the lines before it are rejected when they come. */
function readerOf(file: FileToRead, sample: readonly (string | null)[]): Reader {
  let refusal: AppError | undefined
  for (const line of sample) {
    try {
      if (line !== null) return readerFor(file, concatenatedObjects(line)?.objects[0] ?? line)
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      // What is JSON and of no known format says more than what is torn.
      if (refusal === undefined || refusal.code === "malformed") refusal = error
    }
  }
  throw refusal ?? new AppError("invalid", "The file holds no line that can be read.")
}

function readerFor({ format: name, appId }: FileToRead, sample: string): Reader {
  const format = formatFor(name, sample)
  return { format, ids: new RecordIds(appId, format.name) }
}

function readText({ number, bytes }: Line): string | { readonly fault: string } {
  if (bytes === null) return { fault: "The line is longer than 16 MiB." }
  try {
    const text = decodeUtf8(bytes)
    return (number === 1 ? text.replace(/^\ufeff/, "") : text).trim()
  } catch (error) {
    return { fault: messageOf(error) }
  }
}

/** One record or file of records a line; or several objects on it without a list around them. */
function* recordsOfLine(place: string, text: string, reader: Reader): Iterable<FileRecord> {
  const found = faultOf(text) === null ? null : concatenatedObjects(text)
  if (found === null) return yield* lineRecords(place, text, reader)
  for (const [index, object] of found.objects.entries()) {
    yield* lineRecords(`${place}, object ${index + 1}`, object, reader)
  }
  if (found.rest !== "")
    yield* lineRecords(`${place}, object ${found.objects.length + 1}`, found.rest, reader)
}

function* lineRecords(place: string, text: string, reader: Reader): Iterable<FileRecord> {
  const { records, fault } = readAtOnce(text, reader)
  for (const record of records) {
    yield placed(records.length === 1 && fault === null ? place : `${place}, ${record.position}`, record)
  }
  if (fault !== null) yield { place, event: null, fault }
}

interface ReadText {
  readonly records: readonly FormatRecord[]
  /** Why the text is not read to its end. */
  readonly fault: string | null
}

function readAtOnce(text: string, { format, ids }: Reader): ReadText {
  const records: FormatRecord[] = []
  try {
    for (const record of format.read(text, { ids })) records.push(record)
    return { records, fault: null }
  } catch (error) {
    const fault = messageOf(error)
    // A list that breaks off within its line has whole records before that.
    const whole = records.length > 0 ? null : wholePart(text)
    return { records: whole === null ? records : [...format.read(whole, { ids })], fault }
  }
}

function placed(place: string, record: FormatRecord): FileRecord {
  if (record.event === null) return { place, event: null, fault: record.fault }
  return { place, event: onOneLine(record.event) }
}

async function* readWhole(file: FileToRead): AsyncGenerator<FileRecord | Break> {
  const { text, brokenBy } = await readAll(file)
  const fault = faultOf(text)
  const found = fault === null ? null : concatenatedObjects(text)
  if (found !== null) return yield* readObjects(file, found, brokenBy)
  const whole = fault === null ? text : wholePart(text)
  if (whole === null) throw fault
  const { format, ids } = readerFor(file, whole)
  const place = `line ${text.split("\n").length}`
  let count = 0
  try {
    for (const record of format.read(whole, { ids })) {
      count++
      yield placed(record.position, record)
    }
  } catch (error) {
    if (count === 0) throw error
    yield { place, brokenBy: messageOf(error) }
  }
  const reason = brokenBy ?? fault?.message
  if (reason !== undefined) yield { place, brokenBy: reason }
}

/** Objects that stand on several lines each, one behind the other. */
function* readObjects(
  file: FileToRead,
  { objects, rest }: Concatenated,
  brokenBy: string | undefined,
): Iterable<FileRecord | Break> {
  const reader = readerOf(file, objects)
  for (const [index, object] of objects.entries()) yield* lineRecords(`object ${index + 1}`, object, reader)
  const place = `object ${objects.length + 1}`
  if (rest !== "") yield { place, brokenBy: brokenBy ?? "The text ends within the object." }
  else if (brokenBy !== undefined) yield { place, brokenBy }
}

/** Why the text is not JSON. */
function faultOf(text: string): AppError | null {
  try {
    parseForeignJson(text)
    return null
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
}

/** The text of a file as far as it can be read. */
async function readAll(file: FileToRead): Promise<{ readonly text: string; readonly brokenBy?: string }> {
  const lines: Buffer[] = []
  let size = 0
  let brokenBy: string | undefined
  const lineFeed = Buffer.from("\n")
  for await (const line of splitLines(openFile(file.path, file.onRead), largestWholeBytes)) {
    if (lines.length > 0) lines.push(lineFeed)
    lines.push(line.bytes ?? Buffer.alloc(0))
    size += (line.bytes?.length ?? 0) + 1
    if (line.bytes === null || size > largestWholeBytes) {
      throw new AppError(
        "too-large",
        "A file of one JSON text may have 256 MiB; split it, or write one record a line.",
      )
    }
    brokenBy = line.brokenBy
  }
  const bytes = Buffer.concat(lines)
  if (isUtf8(bytes)) return { text: decodeUtf8(bytes).replace(/^\ufeff/, ""), brokenBy }
  const { text, fault } = validBeginning(bytes)
  return { text, brokenBy: brokenBy ?? fault }
}

/** The text before the first wrong byte, which is where the error says. */
function validBeginning(bytes: Buffer): { readonly text: string; readonly fault: string } {
  try {
    return { text: decodeUtf8(bytes), fault: "" }
  } catch (error) {
    const fault = messageOf(error)
    const end = Number(/offset (\d+)/.exec(fault)?.[1] ?? 0)
    return { text: decodeUtf8(bytes.subarray(0, end)).replace(/^\ufeff/, ""), fault }
  }
}

/** Line ends are white space in JSON: inside of a string they must be written as escapes. */
function onOneLine(event: string): string {
  return event.replaceAll(/[\r\n]+/g, " ")
}

function messageOf(error: unknown): string {
  if (error instanceof AppError) return error.message
  throw error
}
