import { randomUUID } from "node:crypto"
import { createReadStream, createWriteStream } from "node:fs"
import { type FileHandle, mkdir, open, readdir, rename, rm } from "node:fs/promises"
import path from "node:path"
import { pipeline } from "node:stream/promises"
import { createGzip } from "node:zlib"
import { log } from "@/lib/log"
import { onePerProcess } from "@/lib/memory/one-per-process"
import { type Batch, type SinkConnection, SinkError, type Written } from "./sink"

export interface Rotation {
  readonly mostBytes: number
  readonly daily: boolean
  readonly gzip: boolean
  /** Finished files. */
  readonly keep: number
}

/** A file of the folder: `2026-11-30.0001.jsonl`, with `.gz` when it is finished and compressed. */
interface Segment {
  readonly name: string
  readonly day: string
  readonly number: number
  readonly isCompressed: boolean
}

const pattern = /^(\d{4}-\d{2}-\d{2})\.(\d{4,})\.jsonl(\.gz)?$/

/** The follower and the replays of a sink write to the same folder: one after the other. */
const turns = onePerProcess("sinks.turns", () => new Map<string, Promise<unknown>>())
const tidying = onePerProcess("sinks.tidying", () => new Map<string, Promise<void>>())

/** Returns a connection to a folder of lines. A line is whole or not there, also after a kill. */
export function fileSink(directory: string, rotation: Rotation): SinkConnection {
  async function append(batch: Batch): Promise<Written> {
    await mkdir(directory, { recursive: true, mode: 0o700 })
    const segments = await segmentsIn(directory)
    await cutHalfLine(directory, currentOf(segments))
    const bytes = Buffer.from(`${batch.events.map(({ line }) => line).join("\n")}\n`)
    const current = currentOf(segments)
    const place = await placeFor(directory, segments, { bytes: bytes.length, at: batch.at, rotation })
    await appendSafely(path.join(directory, place.name), bytes)
    if (place !== current) {
      await synchroniseFolder(directory)
      tidyLater(directory, rotation)
    }
    return { all: "taken" }
  }
  return {
    write: (batch, signal) =>
      inTurn(directory, () => {
        if (signal.aborted) throw new SinkError("later", "The attempt had ended before it could write.")
        return append(batch).catch(error => Promise.reject(fileError(error)))
      }),
    close: async () => {
      await tidying().get(directory)
    },
  }
}

function inTurn<T>(directory: string, work: () => Promise<T>): Promise<T> {
  const before = turns().get(directory) ?? Promise.resolve()
  const mine = before.then(work, work)
  const settled = mine.catch(() => {})
  turns().set(directory, settled)
  void settled.then(() => {
    if (turns().get(directory) === settled) turns().delete(directory)
  })
  return mine
}

/** Returns the files of the folder in the order in which they were begun. */
async function segmentsIn(directory: string): Promise<readonly Segment[]> {
  const names = await readdir(directory)
  return names
    .flatMap((name): Segment[] => {
      const [, day, number, gz] = pattern.exec(name) ?? []
      if (day === undefined || number === undefined) return []
      return [{ name, day, number: Number(number), isCompressed: gz !== undefined }]
    })
    .sort(inOrder)
}

function inOrder(one: Segment, other: Segment): number {
  if (one.day !== other.day) return one.day < other.day ? -1 : 1
  return one.number - other.number
}

/** Returns the file that is being written: the newest one, unless it is compressed already. */
function currentOf(segments: readonly Segment[]): Segment | null {
  const last = segments.at(-1)
  return last && !last.isCompressed ? last : null
}

interface Wanted {
  readonly bytes: number
  readonly at: Date
  readonly rotation: Rotation
}

/** Returns the file that the bytes go to: the current one while it has room and its day lasts, or else a new one. */
async function placeFor(
  directory: string,
  segments: readonly Segment[],
  { bytes, at, rotation }: Wanted,
): Promise<Segment> {
  const today = at.toISOString().slice(0, 10)
  const current = currentOf(segments)
  if (current !== null) {
    const size = await sizeOf(path.join(directory, current.name))
    const hasRoom = size === 0 || size + bytes <= rotation.mostBytes
    // A clock that goes back does not begin a file before the newest one.
    if (hasRoom && !(rotation.daily && today > current.day)) return current
  }
  const newest = segments.at(-1)
  const day = newest && newest.day > today ? newest.day : today
  const number = newest?.day === day ? newest.number + 1 : 1
  return { name: `${day}.${String(number).padStart(4, "0")}.jsonl`, day, number, isCompressed: false }
}

async function sizeOf(file: string): Promise<number> {
  return using(file, "r", async handle => (await handle.stat()).size)
}

/** Appends all of the bytes or none, and waits until they are on the disk. */
async function appendSafely(file: string, bytes: Uint8Array): Promise<void> {
  await using(file, "a", async handle => {
    const { size } = await handle.stat()
    try {
      await handle.appendFile(bytes)
      await handle.datasync()
    } catch (error) {
      await handle.truncate(size).catch(() => {})
      throw error
    }
  })
}

const chunkBytes = 64 * 1024
const lineFeed = 10

/** A worker that was killed while it wrote, this one before or another one, leaves a line without its end; its batch was not taken and comes again. */
async function cutHalfLine(directory: string, current: Segment | null): Promise<void> {
  if (current === null) return
  await using(path.join(directory, current.name), "r+", async handle => {
    const { size } = await handle.stat()
    const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, Math.max(0, size - 1))
    if (size === 0 || buffer[0] === lineFeed) return
    const end = await endOfLastLine(handle, size)
    if (end < size) await handle.truncate(end)
  })
}

async function endOfLastLine(handle: FileHandle, size: number): Promise<number> {
  for (let past = size; past > 0; past -= chunkBytes) {
    const from = Math.max(0, past - chunkBytes)
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(past - from), 0, past - from, from)
    const found = buffer.subarray(0, bytesRead).lastIndexOf(lineFeed)
    if (found >= 0) return from + found + 1
  }
  return 0
}

/** A new file is there after a power failure only when its folder was synchronised too. */
async function synchroniseFolder(directory: string): Promise<void> {
  await using(directory, "r", handle => handle.sync())
}

async function using<T>(file: string, flags: string, work: (handle: FileHandle) => Promise<T>): Promise<T> {
  const handle = await open(file, flags, 0o600)
  try {
    return await work(handle)
  } finally {
    await handle.close()
  }
}

/** Compresses and deletes finished files beside the delivery, which does not wait for it. */
function tidyLater(directory: string, rotation: Rotation): void {
  const before = tidying().get(directory) ?? Promise.resolve()
  const mine = before
    .then(() => tidy(directory, rotation))
    .catch(error => log.warn("sink.files_not_tidied", { directory, error }))
    .finally(() => {
      if (tidying().get(directory) === mine) tidying().delete(directory)
    })
  tidying().set(directory, mine)
}

async function tidy(directory: string, { gzip, keep }: Rotation): Promise<void> {
  for (const name of await readdir(directory))
    if (name.endsWith(".part")) await rm(path.join(directory, name), { force: true })
  const finished = (await segmentsIn(directory)).slice(0, -1)
  const places = [...new Set(finished.map(({ day, number }) => `${day} ${number}`))]
  const kept = new Set(places.slice(-keep))
  for (const segment of finished) {
    const file = path.join(directory, segment.name)
    if (!kept.has(`${segment.day} ${segment.number}`)) await rm(file, { force: true })
    else if (gzip && !segment.isCompressed) await compress(file)
  }
}

/** The compressed file gets its name when it is whole, and only then the other one goes. */
async function compress(file: string): Promise<void> {
  // A name of its own: another worker on the same folder may compress the same file.
  const part = `${file}.gz.${randomUUID()}.part`
  await pipeline(createReadStream(file), createGzip(), createWriteStream(part, { mode: 0o600 }))
  await using(part, "r+", handle => handle.sync())
  await rename(part, `${file}.gz`)
  await rm(file, { force: true })
}

const needsSomebody: ReadonlySet<string> = new Set(["EACCES", "EPERM", "EROFS", "ENOTDIR", "EISDIR"])

function fileError(error: unknown): unknown {
  if (!(error instanceof Error) || !("code" in error)) return error
  const code = String(error.code)
  const trouble = needsSomebody.has(code) ? "configuration" : "later"
  const words = code === "ENOSPC" || code === "EDQUOT" ? "The disk is full" : "The file cannot be written"
  return new SinkError(trouble, `${words} (${code}).`, { cause: error })
}
