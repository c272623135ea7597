import { parseArgs } from "node:util"
import {
  type Connection,
  defaultUrl,
  readConnection,
  readCount,
  UsageError,
  usageErrorOf,
  type Variables,
} from "@/scripts/connection-options"
import { QueryText } from "@/sdk/src/client/query-text"
import { type Column, columnNames, defaultColumns, readColumns } from "./columns"

export const formats = ["table", "json", "jsonl", "csv"] as const
export type Format = (typeof formats)[number]

export interface Search extends Connection {
  /** The query string, with what the options add to it. */
  readonly query: string
  readonly format: Format
  /** Null = all that the format has. */
  readonly columns: readonly Column[] | null
  /** The most events to print; null = all. */
  readonly limit: number | null
  readonly follow: boolean
  readonly patienceSeconds: number
}

/** So far back following begins when nothing is said. */
const followedWindow = "15m"

/** How the command is used, for people. */
export const usage = `Searches the audit log of a running Auditorium.

  npm run --silent auditorium -- search QUERY --key KEY [options]

  QUERY                the query string of the API and of the console, such as "status=failure&-actor=monitor"
  --window NAME        15m, 1h, 24h, today, yesterday, 7d, 30d, 90d, 1y, this-month, last-month or all (30d)
  --format NAME        ${formats.join(", ")} (table)
  --columns LIST       for table and csv: ${columnNames.join(", ")}, or members such as actor.email (${defaultColumns.join(",")})
  --limit COUNT        the most events to print (all)
  --follow             prints new events as they are recorded, until it is ended; begins with those of the window (${followedWindow})
  --key KEY            API key with LOG-MANAGEMENT or LOG-OWN; better in the variable AUDITORIUM_KEY, out of the shell's history
  --url URL            the server (AUDITORIUM_URL, else ${defaultUrl})
  --patience SECONDS   how long to try again while the server refuses or is away (60)

Exit code: 0 found, 1 nothing found, 2 the query or an option is not understood, 3 the server was not reached or refuses the key.`

/** Returns the parsed options. Throws UsageError for what is missing, unknown, out of range or contradicts itself. */
export function readSearch(args: readonly string[], variables: Variables): Search {
  const { values, positionals } = parse(args)
  if (positionals.length > 1)
    throw new UsageError("One query, please: put it in quotes, because the shell reads & as an end.")
  const format = formats.find(name => name === (values.format ?? "table"))
  if (!format) throw new UsageError(`--format ${values.format} is not known: ${formats.join(", ")}.`)
  const follow = values.follow ?? false
  if (follow && format === "json")
    throw new UsageError("--follow never ends, and a JSON array would not either; use --format jsonl.")
  if (values.columns !== undefined && format !== "table" && format !== "csv")
    throw new UsageError(`--columns goes with table and csv; ${format} prints whole events.`)
  const connection = readConnection(values, variables)
  return {
    ...connection,
    ...{ format, follow },
    ...readQuery(positionals[0] ?? "", { ...values, follow }),
    columns: values.columns === undefined ? null : readColumns(values.columns),
    patienceSeconds: readCount("patience", values.patience ?? "60", 0, 86_400),
  }
}

function readQuery(
  typed: string,
  { window, limit, follow }: { readonly window?: string; readonly limit?: string; readonly follow: boolean },
): Pick<Search, "query" | "limit"> {
  let text = QueryText.of(typed)
  if (window !== undefined && text.has("window"))
    throw new UsageError("The query has a window already; leave --window out.")
  if (window !== undefined) text = text.with("window", window)
  if (follow && !["window", "from", "to", "cursor"].some(name => text.has(name)))
    text = text.with("window", followedWindow)
  const most = limit === undefined ? null : readCount("limit", limit, 1, 999_999_999)
  // In the query string it is the size of one page, and one page is what is asked for there.
  const inQuery = text.get("limit")
  if (inQuery === undefined) return { query: String(text), limit: most }
  if (most !== null) throw new UsageError("The query has a limit already; leave --limit out.")
  // Another value is for the server to refuse.
  return { query: String(text), limit: /^[1-9]\d{0,2}$/.test(inQuery) ? Number(inQuery) : null }
}

function parse(args: readonly string[]) {
  // A query may begin with a minus, as in "-actor=monitor", and the command has no short options that take a value.
  const isQuery = (argument: string) => /^-[a-z][^-]*=/i.test(argument)
  const queries = args.filter(isQuery)
  try {
    const { values, positionals } = parseArgs({
      args: args.filter(argument => !isQuery(argument)),
      allowPositionals: true,
      options: {
        key: { type: "string" },
        url: { type: "string" },
        window: { type: "string" },
        format: { type: "string" },
        columns: { type: "string" },
        limit: { type: "string" },
        follow: { type: "boolean" },
        patience: { type: "string" },
      },
    })
    return { values, positionals: [...positionals, ...queries] }
  } catch (error) {
    throw usageErrorOf(error)
  }
}
