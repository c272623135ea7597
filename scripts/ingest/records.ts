import { decodeUtf8 } from "@/lib/audit/json/utf8"
import { AppError } from "@/lib/errors"
import { type Format, type FormatRecord, RecordIds } from "@/lib/formats/format"
import { formatFor } from "@/lib/formats/formats"
import { type Line, openFile, splitLines } from "./lines"

/** One record of a file: an event to send, or the reason why it cannot even be read. */
export type FileRecord =
  | { readonly place: string; readonly event: string }
  | { readonly place: string; readonly event: null; readonly fault: string }

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

/**
 * Promise: the records of a file in their order, the same ones with the same ids at each reading. A file whose first line is an
 * object is read line by line in flat memory; any other is one JSON text. Throws AppError when the file makes no sense at all.
 */
export async function* readRecords(file: FileToRead): AsyncIterable<FileRecord> {
  if (await isLines(file.path)) yield* readLineRecords(file)
  else yield* readWhole(file)
}

async function isLines(path: string): Promise<boolean> {
  for await (const { bytes } of splitLines(openFile(path))) {
    if (bytes === null) return false
    const text = textOf(bytes)
    if (text !== "") return text.startsWith("{") && text.endsWith("}")
  }
  return true
}

/** Without a byte order mark and white space around; wrong bytes do not matter yet. */
function textOf(bytes: Buffer): string {
  return bytes.toString("utf8").trim()
}

async function* readLineRecords(file: FileToRead): AsyncIterable<FileRecord> {
  let reader: { format: Format; ids: RecordIds } | null = null
  for await (const line of splitLines(openFile(file.path, file.onRead))) {
    const place = `line ${line.number}`
    const text = readText(line)
    if (typeof text !== "string") yield { place, event: null, fault: text.fault }
    else if (text !== "") {
      reader ??= readerFor(file, text)
      yield* placeRecords(place, readLine(text, reader))
    }
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

function readerFor({ format: name, appId }: FileToRead, sample: string) {
  const format = formatFor(name, sample)
  return { format, ids: new RecordIds(appId, format.name) }
}

function readLine(
  text: string,
  { format, ids }: { format: Format; ids: RecordIds },
): FormatRecord[] | { fault: string } {
  try {
    return [...format.read(text, { ids })]
  } catch (error) {
    return { fault: messageOf(error) }
  }
}

function* placeRecords(place: string, records: FormatRecord[] | { fault: string }): Iterable<FileRecord> {
  if ("fault" in records) yield { place, event: null, fault: records.fault }
  else {
    for (const { position, event } of records) {
      yield { place: records.length === 1 ? place : `${place}, ${position}`, event: onOneLine(event) }
    }
  }
}

async function* readWhole(file: FileToRead): AsyncIterable<FileRecord> {
  const text = await readAll(file)
  const { format, ids } = readerFor(file, text)
  for (const { position, event } of format.read(text, { ids }))
    yield { place: position, event: onOneLine(event) }
}

async function readAll(file: FileToRead): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of openFile(file.path, file.onRead)) {
    size += chunk.length
    if (size > largestWholeBytes) {
      throw new AppError(
        "too-large",
        "A file of one JSON text may have 256 MiB; split it, or write one record a line.",
      )
    }
    chunks.push(chunk)
  }
  return decodeUtf8(Buffer.concat(chunks)).replace(/^\ufeff/, "")
}

/** Line ends are white space in JSON: inside of a string they must be written as escapes. */
function onOneLine(event: string): string {
  return event.replaceAll(/[\r\n]+/g, " ")
}

function messageOf(error: unknown): string {
  if (error instanceof AppError) return error.message
  throw error
}
