import { randomBytes } from "node:crypto"
import * as fs from "node:fs"
import * as os from "node:os"
import * as path from "node:path"
import { findOrphans, folderOf, type Owner, rename } from "./spool-folders"

/** Events of an earlier moment, one JSON text each. */
export interface SpooledFile {
  readonly lines: readonly string[]
  /** The number of lines that could not be read: half a line that a killed process left. */
  readonly unreadable: number
  readonly bytes: number
  /** Deletes the file: all of its events are settled. */
  done(): Promise<void>
}

/** Keeps events on disk while the server does not take them. Nothing here throws: a disk that fails is a spool without room. */
export interface Spool {
  /** Tells whether no events are waiting on disk. */
  readonly isEmpty: boolean
  readonly bytes: number
  hasRoom(bytes: number): boolean
  /** Returns a place in the order, for events that may have to be written later. */
  reserve(): string
  /** Writes lines, at the end or in a reserved place, and returns how many were written, from the first. */
  write(lines: readonly string[], place?: string): Promise<number>
  /** The same without giving the event loop a turn: for the end of the process. */
  writeNow(lines: readonly string[], place?: string): number
  /** Returns the oldest file, or null when there is none. Later events go to other files. */
  oldest(): Promise<SpooledFile | null>
  /** Takes over what processes that have ended left behind. */
  adopt(): Promise<void>
  /** Stops looking after the folder. What it holds stays. */
  close(): void
}

export interface SpoolOptions {
  readonly directory: string
  readonly fileBytes?: number
  readonly totalBytes?: number
  readonly log: (problem: string) => void
}

const aliveEveryMs = 10_000

interface SpoolFile {
  readonly folder: string
  readonly name: string
  bytes: number
}

/** Returns a spool in a directory that several processes may share. Only the account of this process can read it. */
export function diskSpool(options: SpoolOptions): Spool {
  return new DiskSpool(options)
}

class DiskSpool implements Spool {
  readonly #directory: string
  readonly #fileBytes: number
  readonly #totalBytes: number
  readonly #log: (problem: string) => void
  readonly #owner: Owner = { host: os.hostname(), pid: process.pid, nonce: randomBytes(6).toString("hex") }
  readonly #folder: string
  #files: SpoolFile[] = []
  #current: SpoolFile | null = null
  #bytes = 0
  #bytesOfOthers = 0
  #adopted = 0
  #lastMs = 0
  #sequence = 0
  #alive: ReturnType<typeof setInterval> | null = null

  constructor({ directory, fileBytes = 1024 * 1024, totalBytes = 256 * 1024 * 1024, log }: SpoolOptions) {
    this.#directory = path.resolve(directory)
    this.#fileBytes = fileBytes
    this.#totalBytes = totalBytes
    this.#log = log
    this.#folder = path.join(this.#directory, folderOf(this.#owner))
  }

  get isEmpty(): boolean {
    return this.#files.length === 0
  }

  get bytes(): number {
    return this.#bytes
  }

  hasRoom(bytes: number): boolean {
    return this.#bytes + this.#bytesOfOthers + bytes <= this.#totalBytes
  }

  reserve(): string {
    this.#lastMs = Math.max(this.#lastMs, Date.now())
    this.#current = null
    return `${String(this.#lastMs).padStart(15, "0")}-${String(this.#sequence++).padStart(9, "0")}.jsonl`
  }

  async write(lines: readonly string[], place?: string): Promise<number> {
    let written = 0
    for (const { text, count } of this.#pieces(lines)) {
      const file = this.#fileFor(text, written === 0 ? place : undefined)
      if (file === null) return written
      try {
        await this.#prepareFolder(file.folder)
        await append(path.join(file.folder, file.name), text, file.bytes)
      } catch (error) {
        this.#failed(file, error)
        return written
      }
      this.#keep(file, text)
      written += count
    }
    return written
  }

  writeNow(lines: readonly string[], place?: string): number {
    let written = 0
    for (const { text, count } of this.#pieces(lines)) {
      const file = this.#fileFor(text, written === 0 ? place : undefined)
      if (file === null) return written
      try {
        fs.mkdirSync(file.folder, { recursive: true, mode: 0o700 })
        refuseForeign(this.#directory, fs.lstatSync(this.#directory))
        appendNow(path.join(file.folder, file.name), text, file.bytes)
      } catch (error) {
        this.#failed(file, error)
        return written
      }
      this.#keep(file, text)
      written += count
    }
    return written
  }

  async oldest(): Promise<SpooledFile | null> {
    for (;;) {
      const file = this.#files[0]
      if (file === undefined) return null
      if (file === this.#current) this.#current = null
      const text = await fs.promises.readFile(path.join(file.folder, file.name), "utf8").catch(() => null)
      if (text !== null) return this.#opened(file, text)
      // Somebody removed it. There is nothing to send and nothing to wait for.
      this.#forget(file)
    }
  }

  async adopt(): Promise<void> {
    try {
      const { orphans, bytesOfOthers } = await findOrphans(this.#directory, this.#owner)
      this.#bytesOfOthers = bytesOfOthers
      for (const orphan of orphans) await this.#adoptFolder(orphan)
    } catch (error) {
      if (codeOf(error) !== "ENOENT")
        this.#log(`The spool ${this.#directory} cannot be read: ${textOf(error)}`)
    }
  }

  close(): void {
    if (this.#alive !== null) clearInterval(this.#alive)
    this.#alive = null
  }

  async #adoptFolder(orphan: string): Promise<void> {
    const folder = path.join(this.#directory, `${folderOf(this.#owner)}~${++this.#adopted}`)
    // Of several processes that try this, one succeeds.
    if (!(await rename(path.join(this.#directory, orphan), folder))) return
    const names = (await fs.promises.readdir(folder)).filter(name => name.endsWith(".jsonl"))
    for (const name of names) {
      const { size } = await fs.promises.stat(path.join(folder, name))
      this.#files.push({ folder, name, bytes: size })
      this.#bytes += size
    }
    this.#files.sort((one, other) => (one.name < other.name ? -1 : 1))
    await this.#prepareFolder(folder)
    if (names.length === 0) await fs.promises.rm(folder, { recursive: true, force: true })
  }

  /** The lines in pieces that fit into a file. */
  #pieces(lines: readonly string[]): readonly { readonly text: string; readonly count: number }[] {
    const pieces: { text: string; count: number }[] = []
    let piece = { text: "", count: 0 }
    for (const line of lines) {
      if (piece.count > 0 && piece.text.length + line.length > this.#fileBytes) {
        pieces.push(piece)
        piece = { text: "", count: 0 }
      }
      piece.text += `${line}\n`
      piece.count++
    }
    return piece.count === 0 ? pieces : [...pieces, piece]
  }

  #fileFor(text: string, place: string | undefined): SpoolFile | null {
    const bytes = Buffer.byteLength(text)
    if (!this.hasRoom(bytes)) return null
    if (place !== undefined) return { folder: this.#folder, name: place, bytes: 0 }
    const current = this.#current
    if (current !== null && current.bytes + bytes <= this.#fileBytes) return current
    const name = this.reserve()
    this.#current = { folder: this.#folder, name, bytes: 0 }
    return this.#current
  }

  #keep(file: SpoolFile, text: string): void {
    const bytes = Buffer.byteLength(text)
    file.bytes += bytes
    this.#bytes += bytes
    if (this.#files.includes(file)) return
    const next = this.#files.findIndex(({ name }) => name > file.name)
    this.#files.splice(next === -1 ? this.#files.length : next, 0, file)
  }

  #failed(file: SpoolFile, error: unknown): void {
    if (file === this.#current) this.#current = null
    this.#log(`Events cannot be kept in ${this.#directory}: ${textOf(error)}`)
  }

  #forget(file: SpoolFile): void {
    this.#files = this.#files.filter(other => other !== file)
    this.#bytes -= file.bytes
  }

  #opened(file: SpoolFile, text: string): SpooledFile {
    const parts = text.split("\n")
    const half = parts.pop()
    const lines = parts.filter(line => line.startsWith("{") && line.endsWith("}"))
    return {
      lines,
      unreadable: parts.length - lines.length + (half === "" ? 0 : 1),
      bytes: file.bytes,
      done: async () => {
        await fs.promises.rm(path.join(file.folder, file.name), { force: true }).catch(error => {
          this.#log(`A sent file cannot be deleted from ${file.folder}: ${textOf(error)}`)
        })
        this.#forget(file)
        if (this.#files.some(({ folder }) => folder === file.folder)) return
        if (file.folder !== this.#folder)
          await fs.promises.rm(file.folder, { recursive: true, force: true }).catch(() => undefined)
      },
    }
  }

  async #prepareFolder(folder: string): Promise<void> {
    await fs.promises.mkdir(folder, { recursive: true, mode: 0o700 })
    refuseForeign(this.#directory, await fs.promises.lstat(this.#directory))
    if (this.#alive !== null) return
    this.#alive = setInterval(() => this.#touch(), aliveEveryMs)
    this.#alive.unref()
  }

  /** Other processes recognise by its time that the folder is in use. */
  #touch(): void {
    const now = new Date()
    for (const folder of new Set([this.#folder, ...this.#files.map(file => file.folder)]))
      fs.promises.utimes(folder, now, now).catch(() => undefined)
  }
}

/** Appends to a file that has so many bytes; after a failure the file has as many again. */
async function append(file: string, text: string, bytesBefore: number): Promise<void> {
  const handle = await fs.promises.open(file, "a", 0o600)
  try {
    await handle.writeFile(text)
    await handle.datasync()
  } catch (error) {
    await handle.truncate(bytesBefore).catch(() => undefined)
    throw error
  } finally {
    await handle.close()
  }
}

/** The same without giving the event loop a turn. */
function appendNow(file: string, text: string, bytesBefore: number): void {
  try {
    fs.writeFileSync(file, text, { flag: "a", mode: 0o600 })
  } catch (error) {
    try {
      fs.truncateSync(file, bytesBefore)
    } catch {
      // It could not even be created.
    }
    throw error
  }
}

/** Throws when the directory belongs to somebody else, or others may write in it: they could read events or make some up. */
export function refuseForeign(directory: string, found: fs.Stats): void {
  if (process.getuid === undefined) return
  if (!found.isDirectory()) throw new Error(`${directory} is not a directory`)
  if (found.uid !== process.getuid()) throw new Error(`${directory} belongs to another account`)
  if ((found.mode & 0o022) !== 0) throw new Error(`${directory} can be written by other accounts`)
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
