import { AppError } from "@/lib/errors"
import { parseForeignJson } from "@/lib/formats/foreign-json"
import { type Format, type FormatRecord, RecordIds } from "@/lib/formats/format"
import { formatFor } from "@/lib/formats/formats"
import { concatenatedObjects } from "./concatenated"
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

export interface FileToRead {
  readonly path: string
  /** A format's name, or `auto`. */
  readonly format: string
  readonly appId: string
  /** Told how many bytes of the file have been read more. */
  readonly onRead: (bytes: number) => void
}

export interface Reader {
  readonly format: Format
  readonly ids: RecordIds
}

/** Returns the reader of the format that the first readable line is of; the lines before it are rejected when they come. */
export function readerOf(file: FileToRead, sample: readonly (string | null)[]): Reader {
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

/** Returns the reader of the named format, or of the one that the sample is of. */
export function readerFor({ format: name, appId }: FileToRead, sample: string): Reader {
  const format = formatFor(name, sample)
  return { format, ids: new RecordIds(appId, format.name) }
}

/** Returns the records of a text: one record, or a file of them. */
export function* recordsOf(place: string, text: string, reader: Reader): Iterable<FileRecord> {
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

/** Returns a record with its place in the file. */
export function placed(place: string, record: FormatRecord): FileRecord {
  if (record.event === null) return { place, event: null, fault: record.fault }
  return { place, event: onOneLine(record.event) }
}

/** Line ends are white space in JSON: inside of a string they must be written as escapes. */
function onOneLine(event: string): string {
  return event.replaceAll(/[\r\n]+/g, " ")
}

/** Returns why the text is not JSON; null when it is. */
export function faultOf(text: string): AppError | null {
  try {
    parseForeignJson(text)
    return null
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
}

/** Returns why something cannot be read, in words. Throws what is a fault of this program. */
export function messageOf(error: unknown): string {
  if (error instanceof AppError) return error.message
  throw error
}

/** The same, also for what the file system or the unpacking says. */
export function reasonOf(error: unknown): string {
  if (error instanceof Error && "code" in error && typeof error.code === "string") return error.message
  return messageOf(error)
}
