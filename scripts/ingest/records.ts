import { decodeUtf8 } from "@/lib/audit/json/utf8"
import { isObject, type JsonValue } from "@/lib/audit/json/value"
import { AppError } from "@/lib/errors"
import { concatenatedObjects } from "./concatenated"
import {
  type Break,
  type FileRecord,
  type FileToRead,
  faultOf,
  messageOf,
  type Reader,
  readerOf,
  recordsOf,
} from "./file-record"
import { type Line, splitLines } from "./lines"
import { openFile } from "./open-file"
import { readWhole } from "./whole-file"

/**
 * Returns the records of a file in their order, the same ones with the same ids at each reading, in flat memory. A file of one record a
 * line is read line by line; any other is one JSON text, of which a large one is read record by record. Of a file that breaks off, every whole record comes before the
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
  if (found === null) return yield* recordsOf(place, text, reader)
  for (const [index, object] of found.objects.entries()) {
    yield* recordsOf(`${place}, object ${index + 1}`, object, reader)
  }
  if (found.rest !== "") yield* recordsOf(`${place}, object ${found.objects.length + 1}`, found.rest, reader)
}
