import { AppError } from "@/lib/errors"
import { type Concatenated, concatenatedObjects } from "./concatenated"
import {
  type Break,
  type FileRecord,
  type FileToRead,
  faultOf,
  messageOf,
  placed,
  readerFor,
  readerOf,
  reasonOf,
  recordsOf,
} from "./file-record"
import { readLarge } from "./large-file"
import { openFile } from "./open-file"
import { textPieces } from "./text-pieces"
import { wholePart } from "./whole-text"

/** A longer text is read record by record. */
const longestHeld = 16 * 1024 * 1024
/** A longer text of a single record, or of none that is known, is not read at all. */
const longestText = 256 * 1024 * 1024

/** Returns the records of a file that is one JSON text. No more than `held` characters of a list of records are in memory at once. */
export async function* readWhole(file: FileToRead, held = longestHeld): AsyncGenerator<FileRecord | Break> {
  const short = await readAll(file, held)
  if (short !== null) return yield* readText(file, short)
  const records = await readLarge(file, held)
  if (records !== null) return yield* records
  const long = await readAll(file, longestText)
  if (long === null) {
    const most = longestText / (1024 * 1024)
    throw new AppError(
      "too-large",
      `A file without a list of records may have ${most} MiB; split it, or write one record a line.`,
    )
  }
  yield* readText(file, long)
}

interface ReadText {
  readonly text: string
  readonly brokenBy?: string
}

async function* readText(file: FileToRead, { text, brokenBy }: ReadText): AsyncGenerator<FileRecord | Break> {
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
  for (const [index, object] of objects.entries()) yield* recordsOf(`object ${index + 1}`, object, reader)
  const place = `object ${objects.length + 1}`
  if (rest !== "") yield { place, brokenBy: brokenBy ?? "The text ends within the object." }
  else if (brokenBy !== undefined) yield { place, brokenBy }
}

/** Returns the text of a file as far as it can be read; null when it is longer than that. */
async function readAll(file: FileToRead, longest: number): Promise<ReadText | null> {
  const pieces: string[] = []
  let [length, bytes] = [0, 0]
  const count = (more: number) => {
    bytes += more
  }
  let brokenBy: string | undefined
  try {
    for await (const piece of textPieces(openFile(file.path, count))) {
      pieces.push(piece)
      length += piece.length
      if (length > longest) return null
    }
  } catch (error) {
    brokenBy = reasonOf(error)
  }
  file.onRead(bytes)
  return { text: pieces.join(""), ...(brokenBy === undefined ? {} : { brokenBy }) }
}
