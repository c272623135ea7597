import { parseArgs } from "node:util"
import { formats } from "@/lib/formats/formats"

/** What was typed is no command; the message says what is missing or wrong. */
export class UsageError extends Error {
  override readonly name = "UsageError"
}

export interface Options {
  readonly files: readonly string[]
  readonly key: string
  readonly url: URL
  /** A format's name, or `auto`. */
  readonly format: string
  readonly batchEvents: number
  /** Where progress is kept; null = beside each file. */
  readonly stateFile: string | null
  /** So long the server may refuse or be away before the command gives up. */
  readonly patienceSeconds: number
}

const defaultUrl = "http://127.0.0.1:3000"
const mostEvents = 1000

/** How the command is used, for people. */
export const usage = `Sends files of events to Auditorium, and goes on where it stopped when it is run again.

  npm run ingest -- FILE... --key KEY [options]

  --key KEY            API key with LOG-INGESTION; better in the variable AUDITORIUM_KEY, out of the shell's history
  --url URL            the server (AUDITORIUM_URL, else ${defaultUrl})
  --format NAME        auto, ${formats.map(format => format.name).join(", ")} (auto)
  --batch COUNT        events in a request, 1 to ${mostEvents} (500)
  --state FILE         where progress is kept (FILE.auditorium-progress beside the file)
  --patience SECONDS   how long to try again while the server refuses or is away (300)

A file that is gzip is unpacked while it is read, whatever it is called. Exit code: 0 everything is kept, 1 something was rejected,
2 not understood or not permitted, 3 the server was not reached or did not take the events.`

/** Returns the parsed options. Throws UsageError for what is missing, unknown or out of range. */
export function readOptions(
  args: readonly string[],
  variables: Readonly<Record<string, string | undefined>>,
): Options {
  const { values, positionals } = parse(args)
  if (positionals.length === 0) throw new UsageError("No file was named.")
  const key = values.key ?? variables.AUDITORIUM_KEY ?? ""
  if (key === "") throw new UsageError("No key: give --key, or set the variable AUDITORIUM_KEY.")
  // A header takes nothing else; fetch would fail with a sentence about byte strings.
  if (!/^[\x21-\x7e]+$/.test(key)) throw new UsageError("The key holds characters that no key has.")
  const stateFile = values.state ?? null
  if (stateFile !== null && positionals.length > 1) throw new UsageError("--state goes with one file only.")
  return {
    files: positionals,
    key,
    url: readUrl(values.url ?? variables.AUDITORIUM_URL ?? defaultUrl),
    format: readFormat(values.format ?? "auto"),
    batchEvents: readCount("batch", values.batch ?? "500", 1, mostEvents),
    stateFile,
    patienceSeconds: readCount("patience", values.patience ?? "300", 0, 86_400),
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        key: { type: "string" },
        url: { type: "string" },
        format: { type: "string" },
        batch: { type: "string" },
        state: { type: "string" },
        patience: { type: "string" },
      },
    })
  } catch (error) {
    // Of node's own sentences the first says what is wrong; the others explain node.
    const [message = ""] = error instanceof Error ? error.message.split(/(?<=\.) /) : []
    throw new UsageError(message)
  }
}

function readUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new UsageError(`--url ${text} is no http(s) address.`)
  return url
}

function readFormat(name: string): string {
  const known = ["auto", ...formats.map(format => format.name)]
  if (known.includes(name)) return name
  throw new UsageError(`--format ${name} is not known: ${known.join(", ")}.`)
}

function readCount(option: string, text: string, least: number, most: number): number {
  const count = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN
  if (count >= least && count <= most) return count
  throw new UsageError(`--${option} must be a whole number from ${least} to ${most}, not ${text}.`)
}
