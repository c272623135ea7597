import { UsageError } from "@/scripts/connection-options"
import type { AuditEvent, EventPage } from "@/sdk/src/client"

/** An app of a page, by whose id an event names it. */
export type App = EventPage["apps"][number]

/** An event as it is printed. */
export interface Row {
  readonly event: AuditEvent
  /** Undefined for one that the key may not know. */
  readonly app: App | undefined
}

export interface Column {
  readonly head: string
  /** Returns the text of the cell; "" when the event has nothing there. */
  readonly cell: (row: Row) => string
  /** The cell in a terminal, when it is shorter there. */
  readonly brief?: (row: Row) => string
}

/** The columns of the console, by their names there, and some more. */
const named: Readonly<Record<string, Column>> = {
  when: {
    head: "When",
    cell: ({ event }) => event.occurredAt,
    brief: ({ event }) => `${event.occurredAt.slice(0, 19).replace("T", " ")}Z`,
  },
  who: { head: "Who", cell: ({ event }) => whoDid(event) },
  what: { head: "What", cell: ({ event }) => event.description },
  target: { head: "Target", cell: ({ event }) => targetsOf(event) },
  app: { head: "App", cell: ({ event, app }) => app?.slug ?? event.appId },
  where: { head: "Where", cell: ({ event }) => event.source?.ip ?? event.source?.ipText ?? "" },
  status: { head: "Status", cell: ({ event }) => event.status },
  operation: { head: "Operation", cell: ({ event }) => event.operation },
  request: { head: "Request", cell: ({ event }) => event.requestId ?? "" },
}

export const columnNames = Object.keys(named)
export const defaultColumns = ["when", "who", "what", "target", "where", "status"]

/** The members of an event, at which a path may begin. */
const members = [
  ...[
    "id",
    "organizationId",
    "appId",
    "index",
    "leafHash",
    "occurredAt",
    "occurredAtText",
    "occurredAtAssumed",
  ],
  ...[
    "receivedAt",
    "environment",
    "sourceId",
    "operationCode",
    "actor",
    "statusMessage",
    "requestId",
    "traceId",
  ],
  ...[
    "http",
    "rawFormat",
    "rawWithheld",
    "family",
    "description",
    "targets",
    "statusCode",
    "source",
    "details",
  ],
  ...["changes", "metadata"],
]

/** Returns the columns of a list of names and paths. Throws UsageError for an unknown one and for an empty list. */
export function readColumns(list: string): readonly Column[] {
  return list.split(",").map(typed => {
    const name = typed.trim()
    if (Object.hasOwn(named, name)) return named[name] as Column
    const [member = "", ...path] = name.split(".")
    if (members.includes(member))
      return { head: name, cell: ({ event }) => textOf(valueAt(event, [member, ...path])) }
    throw new UsageError(
      `--columns: ${name === "" ? "an empty name" : name} is no column; there are ${columnNames.join(", ")}, and members of events: ${members.join(", ")}.`,
    )
  })
}

export const standardColumns = readColumns(defaultColumns.join(","))

function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (found, name) =>
      typeof found === "object" && found !== null && Object.hasOwn(found, name)
        ? (found as Readonly<Record<string, unknown>>)[name]
        : undefined,
    value,
  )
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return ""
  return typeof value === "object" ? JSON.stringify(value) : String(value)
}

function whoDid({ actor }: AuditEvent): string {
  const label = actor.name || actor.email || actor.id || actor.type
  const other = actor.onBehalfOf
  return other ? `${label} as ${other.name || other.email || other.id || other.type}` : label
}

function targetsOf({ targets }: AuditEvent): string {
  const [first] = targets
  if (!first) return ""
  const more = targets.length > 1 ? ` +${targets.length - 1}` : ""
  return `${first.type} ${first.name || first.id}${more}`
}
