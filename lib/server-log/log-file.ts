import { closeSync, fstatSync, mkdirSync, openSync, writeSync } from "node:fs"
import { type FileHandle, mkdir, open, rename, stat } from "node:fs/promises"
import path from "node:path"

/** A log on disk that grows to two files: `NAME.log`, and `NAME.1.log` with what was before it. */
export interface LogFile {
  /** Takes one line with its line break. Never throws, and never waits for the disk. */
  readonly write: (line: string) => void
  /** Resolves when every line so far has been written or given up. */
  readonly settle: () => Promise<void>
  /** Writes what is still waiting before it returns: for the end of the process. */
  readonly finish: () => void
  readonly close: () => Promise<void>
}

interface LogFileOptions {
  readonly directory: string
  /** Without an ending. Two processes that write at the same time need two names. */
  readonly name: string
  /** A file that would grow larger than this is set aside. */
  readonly maximumBytes?: number
  /** Lines that may wait for the disk; further ones are given up and counted. */
  readonly maximumWaitingBytes?: number
  readonly now?: () => Date
  /** Called when lines cannot be written; once, until it works again. */
  readonly onTrouble?: (error: unknown) => void
}

/** The size of each of the two files of the server log. */
export const logFileBytes = 5 * 1024 * 1024
/** Lines that are written with one call. */
const chunkBytes = 64 * 1024
/** At the end of the process, a write that has begun is given this long. */
const finishMs = 200

/** Returns the paths of the two files of a log, the older one first. */
export function logFilePaths(directory: string, name: string): readonly [older: string, current: string] {
  return [path.join(directory, `${name}.1.log`), path.join(directory, `${name}.log`)]
}

/** Returns a log file. The folder and the file are created with the first line. */
export function logFile(options: LogFileOptions): LogFile {
  const { maximumWaitingBytes = 1024 * 1024, now = () => new Date(), onTrouble = () => {} } = options
  const target = appendTo(options)
  let waiting: string[] = []
  let waitingBytes = 0
  let given = 0
  let isTroubled = false
  let work: Promise<void> | null = null

  const write = (line: string) => {
    const bytes = Buffer.byteLength(line)
    if (waitingBytes + bytes > maximumWaitingBytes) {
      given++
      return
    }
    waiting.push(line)
    waitingBytes += bytes
    work ??= writeAll().finally(() => {
      work = null
    })
  }

  async function writeAll(): Promise<void> {
    while (waiting.length > 0) {
      const told = given
      const lines = take()
      try {
        await target.append(textOf(told, lines))
        given -= told
        isTroubled = false
      } catch (error) {
        given += lines.length
        if (!isTroubled) onTrouble(error)
        isTroubled = true
      }
    }
  }

  function take(): readonly string[] {
    let count = 0
    let bytes = 0
    for (const line of waiting) {
      if (count > 0 && bytes + line.length > chunkBytes) break
      bytes += Buffer.byteLength(line)
      count++
    }
    const lines = waiting.slice(0, count)
    waiting = waiting.slice(count)
    waitingBytes -= bytes
    return lines
  }

  /** The lines, after one that says how many were given up before them. */
  function textOf(lost: number, lines: readonly string[]): Buffer {
    const note = { time: now().toISOString(), level: "warn", event: "log.lines_lost", count: lost }
    return Buffer.from([...(lost === 0 ? [] : [`${JSON.stringify(note)}\n`]), ...lines].join(""))
  }

  const finish = () => {
    target.appendNow(textOf(given, waiting))
    waiting = []
    waitingBytes = 0
  }

  const settle = async () => void (await work)
  const close = async () => {
    await settle()
    await target.leave()
  }
  return { write, settle, finish, close }
}

/** What is being written, and the size of the file before it; null = the writing has not begun. */
interface Running {
  readonly bytes: Buffer
  readonly from: number | null
}

interface Target {
  readonly append: (bytes: Buffer) => Promise<void>
  /** Completes the append that is running, and appends these bytes, before it returns. */
  readonly appendNow: (bytes: Buffer) => void
  readonly leave: () => Promise<void>
}

function appendTo({ directory, name, maximumBytes = logFileBytes }: LogFileOptions): Target {
  const [older, current] = logFilePaths(directory, name)
  let handle: FileHandle | null = null
  let running: Running | null = null

  async function append(bytes: Buffer): Promise<void> {
    try {
      running = { bytes, from: null }
      running = { bytes, from: await openCurrent(bytes.length) }
      await handle?.appendFile(bytes)
    } catch (error) {
      await leave()
      throw error
    } finally {
      running = null
    }
  }

  /** Opens the current file, unless it is open, with room for that many bytes. Returns its size. */
  async function openCurrent(room: number): Promise<number> {
    // The file may have been moved or deleted by somebody else.
    const [there, ours] = await Promise.all([stat(current).catch(() => null), handle?.stat()])
    if (!there || there.ino !== ours?.ino) await leave()
    if (there && there.size > 0 && there.size + room > maximumBytes) {
      await leave()
      await rename(current, older)
    }
    if (handle) return there?.size ?? 0
    await mkdir(directory, { recursive: true, mode: 0o700 })
    handle = await open(current, "a+", 0o600)
    return endHalfLine(handle)
  }

  async function leave(): Promise<void> {
    const left = handle
    handle = null
    await left?.close().catch(() => {})
  }

  function appendNow(bytes: Buffer): void {
    if (running === null && bytes.length === 0) return
    try {
      mkdirSync(directory, { recursive: true, mode: 0o700 })
      const fd = openSync(current, "a", 0o600)
      const rest = running === null ? Buffer.alloc(0) : running.bytes.subarray(waitFor(fd, running))
      writeSync(fd, Buffer.concat([rest, bytes]))
      closeSync(fd)
    } catch {
      // The process is ending, and its standard error has the lines.
    }
  }

  return { append, appendNow, leave }
}

/** A process that was killed may have left a line without its end. Returns the size of the file. */
async function endHalfLine(handle: FileHandle): Promise<number> {
  const { size } = await handle.stat()
  if (size === 0) return 0
  const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, size - 1)
  if (buffer[0] === 0x0a) return size
  await handle.appendFile("\n")
  return size + 1
}

/** Waits for the write that has begun in another thread. Returns how much of it is in the file. */
function waitFor(fd: number, { bytes, from }: Running): number {
  if (from === null) return 0
  const pause = new Int32Array(new SharedArrayBuffer(4))
  const written = () => Math.min(bytes.length, Math.max(0, fstatSync(fd).size - from))
  for (let waited = 0; waited < finishMs && written() < bytes.length; waited += 5)
    Atomics.wait(pause, 0, 0, 5)
  return written()
}
