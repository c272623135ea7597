import { parseArgs } from "node:util"
import { formats } from "@/lib/formats/formats"
import {
  type Connection,
  defaultUrl,
  readConnection,
  readCount,
  UsageError,
  usageErrorOf,
  type Variables,
} from "@/scripts/connection-options"

export interface Options extends Connection {
  readonly files: readonly string[]
  /** A format's name, or `auto`. */
  readonly format: string
  readonly batchEvents: number
  /** Where progress is kept; null = beside each file. */
  readonly stateFile: string | null
  /** So long the server may refuse or be away before the command gives up. */
  readonly patienceSeconds: number
}

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
export function readOptions(args: readonly string[], variables: Variables): Options {
  const { values, positionals } = parse(args)
  if (positionals.length === 0) throw new UsageError("No file was named.")
  const connection = readConnection(values, variables)
  const stateFile = values.state ?? null
  if (stateFile !== null && positionals.length > 1) throw new UsageError("--state goes with one file only.")
  return {
    files: positionals,
    ...connection,
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
    throw usageErrorOf(error)
  }
}

function readFormat(name: string): string {
  const known = ["auto", ...formats.map(format => format.name)]
  if (known.includes(name)) return name
  throw new UsageError(`--format ${name} is not known: ${known.join(", ")}.`)
}
