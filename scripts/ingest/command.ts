import { stat } from "node:fs/promises"
import { AppError } from "@/lib/errors"
import { isExposed, UsageError } from "@/scripts/connection-options"
import { Client, type KeyHolder, RefusedError, UnreachableError } from "./client"
import { type Options, readOptions, usage } from "./options"
import { Progress } from "./progress"
import { type Counts, sendFile } from "./send-file"

export interface Terminal {
  readonly variables: Readonly<Record<string, string | undefined>>
  /** Results, for people and for other programs. */
  readonly out: (line: string) => void
  /** Progress and what went wrong. */
  readonly err: { readonly write: (text: string) => unknown; readonly isTTY?: boolean }
}

/**
 * Returns the exit code of the command: 0 all events are stored, 1 some were rejected, 2 invalid arguments or not
 * permitted, 3 not reached.
 */
export async function ingest(args: readonly string[], terminal: Terminal): Promise<number> {
  if (args.includes("--help") || args.includes("-h")) {
    terminal.out(usage)
    return 0
  }
  try {
    return await sendAll(readOptions(args, terminal.variables), terminal)
  } catch (error) {
    const code = exitCodeOf(error)
    if (code === null) throw error
    terminal.err.write(`${messageOf(error)}\n`)
    if (error instanceof UsageError) terminal.err.write("npm run ingest -- --help tells how it is used.\n")
    return code
  }
}

async function sendAll(options: Options, terminal: Terminal): Promise<number> {
  const sizes = await Promise.all(options.files.map(sizeOf))
  if (isExposed(options.url)) {
    terminal.err.write(`Careful: the key and the events go to ${options.url.origin} unencrypted.\n`)
  }
  const progress = new Progress(terminal.err)
  const client = new Client({
    ...options,
    onWait: (reason, seconds) => progress.wait(reason, seconds),
    onNote: note => terminal.err.write(`${note}\n`),
  })
  const holder = await client.describeKey()
  terminal.err.write(
    `Sending to ${holder.organization.name}, app ${holder.app.name}, at ${options.url.origin}.\n`,
  )
  let isRejected = false
  for (const [index, path] of options.files.entries()) {
    progress.begin(path, sizes[index] ?? 0)
    isRejected = !(await sendOne(path, { options, client, holder, progress, terminal })) || isRejected
  }
  return isRejected ? 1 : 0
}

interface Sending {
  readonly options: Options
  readonly client: Client
  readonly holder: KeyHolder
  readonly progress: Progress
  readonly terminal: Terminal
}

/** Returns whether all records of the file are stored. */
async function sendOne(
  path: string,
  { options, client, holder, progress, terminal }: Sending,
): Promise<boolean> {
  const file = {
    path,
    format: options.format,
    appId: holder.app.id,
    batchEvents: options.batchEvents,
    stateFile: options.stateFile ?? `${path}.auditorium-progress`,
    target: `${options.url.origin} ${holder.app.id}`,
    onRead: (bytes: number) => progress.advance(bytes),
  }
  let isWhole = true
  const say = (line: string) => {
    progress.clear()
    terminal.out(`${path}: ${line}`)
  }
  try {
    const counts = await sendFile(file, client, {
      onProgress: sent => progress.show(sent),
      onProgressLost: error => progress.warn(`Progress is not kept: ${messageOf(error)}`),
      onRejected: (place, faults) => {
        for (const { pointer, detail } of faults) say(`${place}: rejected: ${`${pointer} ${detail}`.trim()}`)
        if (faults.length === 0) say(`${place}: rejected`)
      },
      onBroken: (place, reason) => {
        isWhole = false
        say(`${place}: the file breaks off here: ${reason}`)
      },
    })
    say(sentenceOf(counts))
    return isWhole && counts.rejected === 0
  } catch (error) {
    // The file as a whole cannot be read; the next one may.
    if (!(error instanceof AppError) && !isSystemError(error)) throw error
    say(`rejected: ${messageOf(error)}`)
    say(sentenceOf(nothing))
    return false
  }
}

const nothing: Counts = { read: 0, accepted: 0, duplicates: 0, rejected: 0, skipped: 0 }

/** An error of the file system, or of unpacking. */
function isSystemError(error: unknown): boolean {
  return error instanceof Error && "code" in error && typeof error.code === "string"
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function sentenceOf({ read, accepted, duplicates, rejected, skipped }: Counts): string {
  const earlier = skipped === 0 ? "" : `, ${skipped} sent earlier`
  return `${read} read, ${accepted} accepted, ${duplicates} duplicate, ${rejected} rejected${earlier}`
}

async function sizeOf(path: string): Promise<number> {
  const found = await stat(path).catch(() => null)
  if (found === null) throw new UsageError(`${path} is not there, or cannot be read.`)
  if (!found.isFile()) throw new UsageError(`${path} is not a file.`)
  return found.size
}

function exitCodeOf(error: unknown): 2 | 3 | null {
  if (error instanceof UsageError || error instanceof RefusedError) return 2
  return error instanceof UnreachableError ? 3 : null
}
