import type { AuditEvent, Target } from "@/lib/audit/event/event"
import type { JsonValue } from "@/lib/audit/json/value"

/** An app as the spreadsheet names it. */
export interface CsvApp {
  readonly slug: string
  readonly name: string
}

type Cell = string | number | null | undefined
type Apps = ReadonlyMap<string, CsvApp>

/** Columns that are filled together: a function for each of some fifty cells would take most of an export's time. */
interface Columns {
  readonly headers: readonly string[]
  readonly cells: (event: AuditEvent, apps: Apps) => readonly Cell[]
}

/** A cell for each header, or it does not compile. */
function columns<const Headers extends readonly string[]>(
  headers: Headers,
  cells: (event: AuditEvent, apps: Apps) => { readonly [At in keyof Headers]: Cell },
): Columns {
  return { headers, cells }
}

/** Every column of the spreadsheet copy, each declared once, in its order. Lists and objects are JSON, a cell each. */
const allColumns: readonly Columns[] = [
  columns(
    ["When (UTC)", "Actor", "Description", "Operation", "Operation code", "Family", "Targets"],
    ({ occurredAt, actor, description, operation, operationCode, family, targets }) => [
      occurredAt,
      actor.name ?? actor.email ?? actor.id,
      description,
      operation,
      operationCode,
      family,
      targets.length === 0 ? undefined : targets.map(targetWords).join("; "),
    ],
  ),
  columns(["App", "App slug", "App id", "Environment"], ({ appId, environment }, apps) => {
    const app = apps.get(appId)
    return [app?.name, app?.slug, appId, environment]
  }),
  columns(
    ["Source IP", "Source as sent", "Peer IP", "User agent", "Status", "Status code", "Status message"],
    ({ source, status, statusCode, statusMessage }) => [
      source?.ip,
      source?.ipText,
      source?.peerIp,
      source?.userAgent,
      status,
      statusCode,
      statusMessage,
    ],
  ),
  columns(
    [
      "Actor type",
      "Actor id",
      "Actor name",
      "Actor email",
      "Actor role",
      "Actor attributes",
      "Actor session hash",
    ],
    ({ actor }) => [
      actor.type,
      actor.id,
      actor.name,
      actor.email,
      actor.role,
      json(actor.attributes),
      actor.sessionHash,
    ],
  ),
  columns(
    ["On behalf of type", "On behalf of id", "On behalf of name", "On behalf of email"],
    ({ actor: { onBehalfOf: person } }) => [person?.type, person?.id, person?.name, person?.email],
  ),
  columns(["Credential type", "Credential id", "Credential name"], ({ actor: { credential } }) => [
    credential?.type,
    credential?.id,
    credential?.name,
  ]),
  columns(["Targets (JSON)", "Details (JSON)", "Before (JSON)", "After (JSON)", "Metadata (JSON)"], event => [
    jsonList(event.targets),
    jsonList(event.details),
    sideOfChanges(event, "before"),
    sideOfChanges(event, "after"),
    isEmpty(event.metadata) ? undefined : json(event.metadata),
  ]),
  columns(
    ["Request id", "Trace id", "HTTP method", "HTTP path", "HTTP route", "HTTP status"],
    ({ requestId, traceId, http }) => [
      requestId,
      traceId,
      http?.method,
      http?.path,
      http?.route,
      http?.status,
    ],
  ),
  columns(["Duration (ms)", "Request (bytes)", "Response (bytes)"], ({ http }) => [
    http?.durationMs,
    http?.requestBytes,
    http?.responseBytes,
  ]),
  columns(
    ["When as sent", "When assumed", "Received (UTC)"],
    ({ occurredAtText, occurredAtAssumed, receivedAt }) => [
      occurredAtText,
      occurredAtAssumed === "none" ? undefined : occurredAtAssumed,
      receivedAt,
    ],
  ),
  columns(
    ["Event id", "Source id", "Raw format", "Raw withheld", "Index", "Leaf hash"],
    ({ id, sourceId, rawFormat, rawWithheld, index, leafHash }) => [
      id,
      sourceId,
      rawFormat,
      rawWithheld,
      index,
      leafHash,
    ],
  ),
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
  return `\uFEFF${allColumns.flatMap(({ headers }) => headers.map(csvCell)).join(",")}\r\n`
}

/**
 * Promise: the event as a line of RFC 4180. A cell that a spreadsheet would run as a formula is preceded by an apostrophe;
 * because that changes data, CSV is a copy for spreadsheets, and JSON Lines the evidence.
 */
export function csvRow(event: AuditEvent, apps: Apps): string {
  const cells: string[] = []
  for (const columns of allColumns) {
    for (const cell of columns.cells(event, apps)) cells.push(csvCell(cell))
  }
  return `${cells.join(",")}\r\n`
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
