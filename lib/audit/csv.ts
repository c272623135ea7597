import type { AuditEvent, Target } from "@/lib/audit/event/event"
import type { JsonValue } from "@/lib/audit/json/value"

/** An app as the spreadsheet names it. */
export interface CsvApp {
  readonly slug: string
  readonly name: string
}

type Cell = string | number | null | undefined
type Apps = ReadonlyMap<string, CsvApp>

interface Column {
  readonly header: string
  readonly cell: (event: AuditEvent, apps: Apps) => Cell
}

/** Every column of the spreadsheet copy, each declared once, in its order. Lists and objects are JSON, a cell each. */
const columns: readonly Column[] = [
  { header: "When (UTC)", cell: event => event.occurredAt },
  { header: "Actor", cell: event => event.actor.name ?? event.actor.email ?? event.actor.id },
  { header: "Description", cell: event => event.description },
  { header: "Operation", cell: event => event.operation },
  { header: "Operation code", cell: event => event.operationCode },
  { header: "Family", cell: event => event.family },
  { header: "Status", cell: event => event.status },
  { header: "Status code", cell: event => event.statusCode },
  { header: "Status message", cell: event => event.statusMessage },
  { header: "App", cell: (event, apps) => apps.get(event.appId)?.name },
  { header: "App slug", cell: (event, apps) => apps.get(event.appId)?.slug },
  { header: "App id", cell: event => event.appId },
  { header: "Environment", cell: event => event.environment },
  { header: "Targets", cell: event => event.targets.map(targetWords).join("; ") },
  { header: "Source IP", cell: event => event.source?.ip },
  { header: "Source as sent", cell: event => event.source?.ipText },
  { header: "Peer IP", cell: event => event.source?.peerIp },
  { header: "User agent", cell: event => event.source?.userAgent },
  { header: "Actor type", cell: event => event.actor.type },
  { header: "Actor id", cell: event => event.actor.id },
  { header: "Actor name", cell: event => event.actor.name },
  { header: "Actor email", cell: event => event.actor.email },
  { header: "Actor role", cell: event => event.actor.role },
  { header: "Actor attributes", cell: event => json(event.actor.attributes) },
  { header: "Actor session hash", cell: event => event.actor.sessionHash },
  { header: "On behalf of type", cell: event => event.actor.onBehalfOf?.type },
  { header: "On behalf of id", cell: event => event.actor.onBehalfOf?.id },
  { header: "On behalf of name", cell: event => event.actor.onBehalfOf?.name },
  { header: "On behalf of email", cell: event => event.actor.onBehalfOf?.email },
  { header: "Credential type", cell: event => event.actor.credential?.type },
  { header: "Credential id", cell: event => event.actor.credential?.id },
  { header: "Credential name", cell: event => event.actor.credential?.name },
  { header: "Targets (JSON)", cell: event => jsonList(event.targets) },
  { header: "Details (JSON)", cell: event => jsonList(event.details) },
  { header: "Before (JSON)", cell: event => sideOfChanges(event, "before") },
  { header: "After (JSON)", cell: event => sideOfChanges(event, "after") },
  { header: "Metadata (JSON)", cell: event => json(isEmpty(event.metadata) ? undefined : event.metadata) },
  { header: "Request id", cell: event => event.requestId },
  { header: "Trace id", cell: event => event.traceId },
  { header: "HTTP method", cell: event => event.http?.method },
  { header: "HTTP path", cell: event => event.http?.path },
  { header: "HTTP route", cell: event => event.http?.route },
  { header: "HTTP status", cell: event => event.http?.status },
  { header: "Duration (ms)", cell: event => event.http?.durationMs },
  { header: "Request (bytes)", cell: event => event.http?.requestBytes },
  { header: "Response (bytes)", cell: event => event.http?.responseBytes },
  { header: "When as sent", cell: event => event.occurredAtText },
  {
    header: "When assumed",
    cell: event => (event.occurredAtAssumed === "none" ? undefined : event.occurredAtAssumed),
  },
  { header: "Received (UTC)", cell: event => event.receivedAt },
  { header: "Event id", cell: event => event.id },
  { header: "Source id", cell: event => event.sourceId },
  { header: "Raw format", cell: event => event.rawFormat },
  { header: "Raw withheld", cell: event => event.rawWithheld },
  { header: "Index", cell: event => event.index },
  { header: "Leaf hash", cell: event => event.leafHash },
]

/** What a spreadsheet may take for the beginning of a formula, in half and full width. */
const formulaStart = /^[=+\-@\t\r\n\0＝＋－＠]/
/** Also what some spreadsheets take for the end of a cell. */
const needsQuotes = /[",;\t\r\n]|^ | $/
/** Either of the two: one look, because most cells are neither. */
const needsCare = /[",;\t\r\n]|^[ =+\-@\0＝＋－＠]| $/

/**
 * Promise: the first line of the spreadsheet copy. It begins with a byte order mark: without it spreadsheets take
 * UTF-8 for a code page and show other letters. Programs that read the file skip it (`bom: true`, `utf-8-sig`).
 */
export function csvHeader(): string {
  return `\uFEFF${columns.map(column => csvCell(column.header)).join(",")}\r\n`
}

/**
 * Promise: the event as a line of RFC 4180. A cell that a spreadsheet would run as a formula is preceded by an apostrophe;
 * because that changes data, CSV is a copy for spreadsheets, and JSON Lines the evidence.
 */
export function csvRow(event: AuditEvent, apps: Apps): string {
  let row = ""
  let separator = ""
  for (const column of columns) {
    row += separator + csvCell(column.cell(event, apps))
    separator = ","
  }
  return `${row}\r\n`
}

function csvCell(cell: Cell): string {
  if (cell === undefined || cell === null) return ""
  if (typeof cell === "number") return String(cell)
  if (!needsCare.test(cell)) return cell
  const safe = formulaStart.test(cell) ? `'${cell}` : cell
  return needsQuotes.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

function targetWords({ type, id, name }: Target): string {
  return name === undefined ? `${type}:${id}` : `${name} (${type}:${id})`
}

/** One side of all changes, by path, in a cell. */
function sideOfChanges({ changes }: AuditEvent, side: "before" | "after"): string | undefined {
  if (changes.length === 0) return undefined
  // Pairs, because two changes may name the same path.
  return JSON.stringify(changes.map(change => ({ path: change.path, [side]: change[side] })))
}

function json(value: JsonValue | undefined): string | undefined {
  return value === undefined ? undefined : JSON.stringify(value)
}

function jsonList(list: readonly unknown[]): string | undefined {
  return list.length === 0 ? undefined : JSON.stringify(list)
}

function isEmpty(value: object): boolean {
  for (const _ in value) return false
  return true
}
