import { AppError } from "@/lib/errors"
import { recordLists } from "@/lib/formats/formats"
import {
  type Break,
  type FileRecord,
  type FileToRead,
  placed,
  type Reader,
  readerFor,
  readerOf,
  reasonOf,
  recordsOf,
} from "./file-record"
import { openFile } from "./open-file"
import { splitText, type TextPart } from "./split-text"
import { textPieces } from "./text-pieces"

/** Records that are read at once, and characters of them. */
const mostTogether = 500
const charactersTogether = 1024 * 1024
/** So many records are looked at to tell the format. */
const sampled = 10

/** What a first reading finds: what stands around the records, some of them, and where the text breaks off. */
interface Shape {
  readonly kind: "list" | "objects"
  readonly before: string
  readonly after: string
  readonly sample: readonly string[]
  readonly place: string
  readonly brokenBy: string | null
}

/**
 * Returns the records of a file that is too long to be held: those of the outermost list, of a list of records in the outermost object, or
 * objects that follow each other. Null when it is none of them. The file is read twice: what follows a list may say what its records are.
 */
export async function readLarge(
  file: FileToRead,
  longest: number,
): Promise<AsyncGenerator<FileRecord | Break> | null> {
  const shape = await shapeOf(file, longest)
  if (shape === null) return null
  const { kind, before, after, sample } = shape
  if (kind === "objects") return objectsOf(file, longest, shape, readerOf(file, sample))
  return listOf(file, longest, shape, readerFor(file, `${before}${sample.join(",")}${after}`))
}

async function shapeOf(file: FileToRead, longest: number): Promise<Shape | null> {
  const sample: string[] = []
  let [before, after, objects, lines] = ["", "", 0, 1]
  let brokenBy: string | null = null
  const counted = async function* () {
    for await (const piece of textPieces(openFile(file.path))) {
      lines += piece.split("\n").length - 1
      yield piece
    }
  }
  try {
    for await (const part of splitText(counted(), { lists: recordLists, longest })) {
      if (part.kind === "list") before = part.before
      else if (part.kind === "rest") after = part.after
      else if (sample.length < sampled) sample.push(part.text)
      if (part.kind === "object") objects++
    }
  } catch (error) {
    brokenBy = reasonOf(error)
  }
  // One object is held whole.
  if (sample.length === 0 || (objects === 1 && brokenBy === null)) return null
  const kind = before === "" ? "objects" : "list"
  if (kind === "list" && after === "") {
    brokenBy ??= "The text ends within the list."
    after = before === "[" ? "]" : "]}"
  }
  const place = kind === "list" ? `line ${lines}` : `object ${objects + 1}`
  return { kind, before, after, sample, place, brokenBy }
}

/** The parts of the file as far as they can be read; why not further has been found by the first reading. */
async function* partsOf(file: FileToRead, longest: number): AsyncGenerator<TextPart> {
  const pieces = textPieces(openFile(file.path, file.onRead))
  try {
    yield* splitText(pieces, { lists: recordLists, longest })
  } catch (error) {
    reasonOf(error)
  }
}

async function* objectsOf(
  file: FileToRead,
  longest: number,
  { place, brokenBy }: Shape,
  reader: Reader,
): AsyncGenerator<FileRecord | Break> {
  let number = 0
  for await (const part of partsOf(file, longest)) {
    if (part.kind === "object") yield* recordsOf(`object ${++number}`, part.text, reader)
  }
  if (brokenBy !== null) yield { place, brokenBy }
}

async function* listOf(
  file: FileToRead,
  longest: number,
  { before, after, place, brokenBy }: Shape,
  { format, ids }: Reader,
): AsyncGenerator<FileRecord | Break> {
  let number = 0
  function* read(texts: readonly string[]): Iterable<FileRecord> {
    let count = 0
    try {
      for (const record of format.read(`${before}${texts.join(",")}${after}`, { ids })) {
        count++
        number++
        yield placed(record.position.replace(/\d+$/, String(number)), record)
      }
    } catch (error) {
      // One of them is no JSON: those before it are read alone.
      if (count > 0 || texts.length < 2 || !(error instanceof AppError)) throw error
      for (const text of texts) yield* read([text])
    }
  }
  try {
    for await (const texts of together(partsOf(file, longest))) yield* read(texts)
  } catch (error) {
    if (number === 0) throw error
    return yield { place: `record ${number + 1}`, brokenBy: reasonOf(error) }
  }
  if (brokenBy !== null) yield { place, brokenBy }
}

async function* together(parts: AsyncIterable<TextPart>): AsyncGenerator<readonly string[]> {
  let texts: string[] = []
  let characters = 0
  for await (const part of parts) {
    if (part.kind !== "element") continue
    texts.push(part.text)
    characters += part.text.length
    if (texts.length < mostTogether && characters < charactersTogether) continue
    yield texts
    texts = []
    characters = 0
  }
  if (texts.length > 0) yield texts
}
