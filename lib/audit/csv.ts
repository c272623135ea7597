import type { AuditEvent, Change, Target } from "@/lib/audit/event/event"
import { wantedMembers } from "@/lib/audit/stored-members"

/** An app as the spreadsheet names it. */
export interface CsvApp {
  readonly slug: string
  readonly name: string
}

/** An event as it is stored: its content as JSON, and what the ledger added. */
export interface StoredEvent {
  readonly body: string
  readonly index: number
  readonly leafHash: string
}

type Apps = ReadonlyMap<string, CsvApp>
type Members = readonly (string | undefined)[]

interface Source {
  readonly members: Members
  readonly changes: readonly Change[]
  readonly stored: StoredEvent
  readonly apps: Apps
}

/** Returns the text of a cell, ready to be joined with separators; "" is an empty cell. */
type Cell = (source: Source) => string

const wanted = wantedMembers()

/** A member that is a text or a number. */
function plain(path: string): Cell {
  const place = wanted.place(path)
  return ({ members }) => {
    const member = members[place]
    if (member === undefined) return ""
    return isHarmless(member) ? member.slice(1, -1) : textCell(textOf(member))
  }
}

/** The same, but empty for one value that means nothing. */
function plainBut(path: string, nothing: string): Cell {
  const place = wanted.place(path)
  return ({ members }) => {
    const text = textOf(members[place])
    return text === nothing ? "" : textCell(text)
  }
}

/** A list or an object, as JSON. */
function json(path: string): Cell {
  const place = wanted.place(path)
  return ({ members }) => jsonCell(members[place])
}

const changesPlace = wanted.place("changes")
const targetsPlace = wanted.place("targets")
const appIdPlace = wanted.place("appId")
const actorPlaces = ["actor.name", "actor.email", "actor.id"].map(wanted.place)

/** All columns of the spreadsheet copy, in order. */
const columns: readonly (readonly [header: string, cell: Cell])[] = [
  ["When (UTC)", plain("occurredAt")],
  ["Actor", ({ members }) => textCell(actorPlaces.map(place => textOf(members[place])).find(isGiven))],
  ["Description", plain("description")],
  ["Operation", plain("operation")],
  ["Operation code", plain("operationCode")],
  ["Family", plain("family")],
  ["Targets", ({ members }) => textCell(targetsInWords(members[targetsPlace]))],
  ["App", ({ members, apps }) => textCell(apps.get(textOf(members[appIdPlace]) ?? "")?.name)],
  ["App slug", ({ members, apps }) => textCell(apps.get(textOf(members[appIdPlace]) ?? "")?.slug)],
  ["App id", plain("appId")],
  ["Environment", plain("environment")],
  ["Source IP", plain("source.ip")],
  ["Source as sent", plain("source.ipText")],
  ["Peer IP", plain("source.peerIp")],
  ["User agent", plain("source.userAgent")],
  ["Status", plain("status")],
  ["Status code", plain("statusCode")],
  ["Status message", plain("statusMessage")],
  ["Actor type", plain("actor.type")],
  ["Actor id", plain("actor.id")],
  ["Actor name", plain("actor.name")],
  ["Actor email", plain("actor.email")],
  ["Actor role", plain("actor.role")],
  ["Actor attributes", json("actor.attributes")],
  ["Actor session hash", plain("actor.sessionHash")],
  ["On behalf of type", plain("actor.onBehalfOf.type")],
  ["On behalf of id", plain("actor.onBehalfOf.id")],
  ["On behalf of name", plain("actor.onBehalfOf.name")],
  ["On behalf of email", plain("actor.onBehalfOf.email")],
  ["Credential type", plain("actor.credential.type")],
  ["Credential id", plain("actor.credential.id")],
  ["Credential name", plain("actor.credential.name")],
  ["Targets (JSON)", json("targets")],
  ["Details (JSON)", json("details")],
  ["Before (JSON)", ({ changes }) => jsonCell(sideOf(changes, "before"))],
  ["After (JSON)", ({ changes }) => jsonCell(sideOf(changes, "after"))],
  ["Metadata (JSON)", json("metadata")],
  ["Request id", plain("requestId")],
  ["Trace id", plain("traceId")],
  ["HTTP method", plain("http.method")],
  ["HTTP path", plain("http.path")],
  ["HTTP route", plain("http.route")],
  ["HTTP status", plain("http.status")],
  ["Duration (ms)", plain("http.durationMs")],
  ["Request (bytes)", plain("http.requestBytes")],
  ["Response (bytes)", plain("http.responseBytes")],
  ["When as sent", plain("occurredAtText")],
  ["When assumed", plainBut("occurredAtAssumed", "none")],
  ["Received (UTC)", plain("receivedAt")],
  ["Event id", plain("id")],
  ["Source id", plain("sourceId")],
  ["Raw format", plain("rawFormat")],
  ["Raw withheld", plain("rawWithheld")],
  ["Index", ({ stored }) => String(stored.index)],
  ["Leaf hash", ({ stored }) => textCell(stored.leafHash)],
]

const cells = columns.map(([, cell]) => cell)

/** What a spreadsheet may read as the beginning of a formula, in half and full width. */
const formulaStart = /^[=+\-@\t\r\n\0＝＋－＠]/
/**
 * The same inside a cell, after what a spreadsheet may read as the end of a cell or of a row: when the file is opened with
 * semicolons or tabs as separators, the quotes around a cell are text and its content may be split into cells. Quotes there
 * may be read as those of a cell.
 */
const formulaInside = /[,;\t\r\n]"*[=+\-@\0＝＋－＠]/
const separators: ReadonlySet<string> = new Set([",", ";", "\t", "\r", "\n"])
const starters: ReadonlySet<string> = new Set(["=", "+", "-", "@", "\0", "＝", "＋", "－", "＠"])
/** In JSON a semicolon occurs in strings only, where any character can be written as an escape. */
const formulaInJson = /;([=+\-@＝＋－＠])/g
const space = 32
const needsQuotes = /[",;\t\r\n]|^ | $/
/** Either of them, in one test, because most cells need neither. */
const needsCare = /[",;\t\r\n]|^[ =+\-@\0＝＋－＠]| $/

/** A string as JSON that needs neither unescaping, nor quotes, nor care: nearly every one. In JSON, control characters are escapes. */
const harmless = /^"(?![ =+\-@＝＋－＠])[^\\,;]*"$/

function isHarmless(member: string): boolean {
  return harmless.test(member) && member.charCodeAt(member.length - 2) !== space
}

/**
 * Returns the first line of the spreadsheet copy. It begins with a byte order mark: without it spreadsheets decode UTF-8 as
 * a code page. Programs that read the file skip it (`bom: true`, `utf-8-sig`).
 */
export function csvHeader(): string {
  return `\uFEFF${columns.map(([header]) => textCell(header)).join(",")}\r\n`
}

/**
 * Returns the stored event as a line of RFC 4180. An apostrophe precedes what a spreadsheet would run as a formula when it
 * opens the file with commas, semicolons or tabs. As that changes data, CSV is a copy for spreadsheets, and JSON Lines the
 * evidence.
 */
export function storedCsvRow(stored: StoredEvent, apps: Apps): string {
  const members = wanted.read(stored.body)
  const source = { members, changes: changesOf(members[changesPlace]), stored, apps }
  // Joined at once: a text that grows by each cell is a tree, which takes as long to write as the cells to make.
  return `${cells.map(cell => cell(source)).join(",")}\r\n`
}

/** Returns the same for an event. */
export function csvRow({ index, leafHash, ...content }: AuditEvent, apps: Apps): string {
  return storedCsvRow({ body: JSON.stringify(content), index, leafHash }, apps)
}

/** Returns a line of RFC 4180 with these cells, guarded as those of `storedCsvRow` are. */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map(textCell).join(",")}\r\n`
}

function textCell(text: string | undefined): string {
  if (text === undefined || text === "") return ""
  if (!needsCare.test(text)) return text
  const started = formulaStart.test(text) ? `'${text}` : text
  const safe = formulaInside.test(started) ? guarded(started) : started
  return needsQuotes.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** Inserts an apostrophe after every separator that a formula follows, directly or after other separators. */
function guarded(text: string): string {
  const pieces: string[] = []
  let end = text.length
  let leadsToFormula = false
  // Backwards, because a row of separators is guarded for what follows the last of them.
  for (let at = text.length - 1; at >= 0; at--) {
    const character = text.charAt(at)
    if (!separators.has(character)) {
      if (character !== '"') leadsToFormula = starters.has(character)
    } else if (leadsToFormula && !(character === "\r" && text.charAt(at + 1) === "\n")) {
      pieces.push(text.slice(at + 1, end))
      end = at + 1
    }
  }
  pieces.push(text.slice(0, end))
  return pieces.reverse().join("'")
}

function jsonCell(text: string | undefined): string {
  if (text === undefined || text === "null" || /^(?:\[\s*\]|\{\s*\})$/.test(text)) return ""
  const escaped = text.replace(
    formulaInJson,
    (_, start: string) => `;\\u${start.charCodeAt(0).toString(16).padStart(4, "0")}`,
  )
  return `"${escaped.replaceAll('"', '""')}"`
}

/** Returns the text of a string member, or the digits of a number as written; undefined for null. */
function textOf(member: string | undefined): string | undefined {
  if (member === undefined || member === "null") return undefined
  if (member.charCodeAt(0) !== 34) return member
  return member.includes("\\") ? JSON.parse(member) : member.slice(1, -1)
}

function isGiven(text: string | undefined): boolean {
  return text !== undefined
}

function targetsInWords(member: string | undefined): string | undefined {
  if (member === undefined || member === "[]") return undefined
  // The one cast: targets as the ledger stores them.
  const targets = JSON.parse(member) as readonly Target[]
  return targets
    .map(({ type, id, name }) => (name === undefined ? `${type}:${id}` : `${name} (${type}:${id})`))
    .join("; ")
}

/** Read once for both of their cells. */
function changesOf(member: string | undefined): readonly Change[] {
  if (member === undefined || member === "[]") return []
  // The one cast: changes as the ledger stores them.
  return JSON.parse(member) as readonly Change[]
}

/** One side of all changes, by path, in one cell. Pairs, because two of them may name the same path. */
function sideOf(changes: readonly Change[], side: "before" | "after"): string | undefined {
  if (changes.length === 0) return undefined
  return JSON.stringify(changes.map(change => ({ path: change.path, [side]: change[side] })))
}
