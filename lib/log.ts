import { hideInText } from "@/lib/audit/capture/hide-text"
import { secretName } from "@/lib/audit/capture/secret-names"
import { currentFloor, floorTable } from "@/lib/audit/capture/secrets"
import { keepLine } from "@/lib/server-log/kept-log"
import { entriesOnStdout, processLogLevel } from "./env/env"
import { LOG_LEVELS, type LogLevel } from "./env/variables"

type Level = Exclude<LogLevel, "silent">

/** The fields of a line besides its name; values of any kind are made safe before they are written. */
export type LogFields = Readonly<Record<string, unknown>>

/** The server log: one JSON object per line, whatever the fields contain. */
export interface Log {
  readonly debug: (event: string, fields?: LogFields) => void
  readonly info: (event: string, fields?: LogFields) => void
  readonly warn: (event: string, fields?: LogFields) => void
  readonly error: (event: string, fields?: LogFields) => void
}

interface LogOptions {
  readonly level: () => LogLevel
  readonly write: (line: string, level: Level) => void
  readonly now: () => Date
}

const MOST_DEPTH = 6
const MOST_ITEMS = 100
const MOST_TEXT_CHARACTERS = 4_000
/** Read beyond what is shown, so that a secret is recognised that the end cuts in two. */
const MARGIN_CHARACTERS = 1_000
const HIDDEN = "[secret]"

// Beside the table of secrets, which events go through as well: in the log of the server too much hidden is no loss.
const SECRET_NAME =
  /passw|secret|token|authorization|cookie|credential|apikey|api_key|privatekey|_url$|databaseurl|ownerurl/i
// Whatever follows a bearer, what could be one of our own API keys, and the tokens of one-time links and invitations.
const SECRET_TEXTS: readonly (readonly [RegExp, string])[] = [
  [/\bbearer\s+[\w.~+/=-]+/gi, `Bearer ${HIDDEN}`],
  [/\baud_[A-Za-z0-9_]{8,}/g, `aud_${HIDDEN}`],
  [/(invitations(?:\/|%2F))[\w-]{20,}/gi, `$1${HIDDEN}`],
]
const TABLE = floorTable(currentFloor)

function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name) || (TABLE !== null && secretName(name, TABLE) !== null)
}

/** Returns a log that never throws, and whose lines cannot be forged by their values. */
export function createLog({ level, write, now }: LogOptions): Log {
  const at =
    (own: Level) =>
    (event: string, fields: LogFields = {}) => {
      if (LOG_LEVELS.indexOf(own) < LOG_LEVELS.indexOf(level())) return
      const safe = safeFields(fields)
      write(oneLine({ time: now().toISOString(), level: own, event, ...safe }), own)
    }
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") }
}

/** The bundler may load this module more than once in a process. */
const entriesAlone = Symbol.for("auditorium.entriesAlone")
const marks = globalThis as { [entriesAlone]?: boolean }

/** From now on the log of this process goes to the standard error alone: the standard output has entries of a sink. */
export function leaveStdoutToEntries(): void {
  marks[entriesAlone] = true
}

/**
 * The log of this process: debug and info to the standard output, warn and error to the standard error, and all of it to a file
 * where `keepLog` was called. Where a sink writes entries to the standard output, all of it goes to the standard error.
 */
export const log: Log = createLog({
  level: processLogLevel,
  write: (line, level) => {
    const isForEntries = marks[entriesAlone] || entriesOnStdout()
    const stream = level === "warn" || level === "error" || isForEntries ? process.stderr : process.stdout
    stream.write(line)
    keepLine(line)
  },
  now: () => new Date(),
})

/** Returns the value as one line of JSON that no terminal and no log reader can take for several lines. */
export function oneLine(value: unknown): string {
  // JSON escapes C0 controls. Other characters that can break a line or control a terminal are DEL, C1, the two Unicode
  // line breaks, and those that change the writing direction.
  const text = JSON.stringify(value).replace(
    /[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    character => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  )
  return `${text}\n`
}

function safeFields(fields: LogFields): Record<string, unknown> {
  try {
    const { time, level, event, ...rest } = entriesOf(fields, 0, new Set())
    // The line's own three names cannot be replaced by a field of the same name.
    const taken = { time, level, event }
    return { ...rest, ...(Object.values(taken).some(value => value !== undefined) ? { fields: taken } : {}) }
  } catch (error) {
    return { unwritable: error instanceof Error ? error.name : "error" }
  }
}

function entriesOf(fields: object, depth: number, above: ReadonlySet<object>): Record<string, unknown> {
  const entries = Object.entries(fields).slice(0, MOST_ITEMS)
  return Object.fromEntries(
    entries.map(([name, value]) => [
      name,
      isSecretName(name) && value !== null && value !== undefined ? HIDDEN : safeValue(value, depth, above),
    ]),
  )
}

function safeValue(value: unknown, depth: number, above: ReadonlySet<object>): unknown {
  if (typeof value === "string") return safeText(value)
  if (typeof value === "bigint") return value.toString()
  if (typeof value === "function" || typeof value === "symbol") return `[${typeof value}]`
  if (typeof value !== "object" || value === null) return value
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "[invalid date]" : value.toISOString()
  if (value instanceof Uint8Array) return `[${value.byteLength} bytes]`
  if (above.has(value)) return "[circular]"
  if (depth >= MOST_DEPTH) return "[too deep]"
  const within = new Set(above).add(value)
  if (value instanceof Error) return errorFields(value, depth, within)
  if (Array.isArray(value)) return value.slice(0, MOST_ITEMS).map(item => safeValue(item, depth + 1, within))
  return entriesOf(value, depth + 1, within)
}

function errorFields(error: Error, depth: number, above: ReadonlySet<object>): Record<string, unknown> {
  return {
    name: safeText(error.name),
    message: safeText(error.message),
    ...("code" in error ? { code: safeValue(error.code, depth + 1, above) } : {}),
    ...(error.stack && isSurprise(error) ? { stack: safeText(error.stack) } : {}),
    ...(error.cause === undefined ? {} : { cause: safeValue(error.cause, depth + 1, above) }),
  }
}

/**
 * The stack matters for unexpected errors only: refusals, a lost connection or a full disk have a code that is sufficient.
 */
function isSurprise(error: Error): boolean {
  return !("code" in error) || error.code === "internal" || String(error.code).startsWith("ERR_")
}

function safeText(text: string): string {
  const read = text.slice(0, MOST_TEXT_CHARACTERS + MARGIN_CHARACTERS)
  const hidden = SECRET_TEXTS.reduce(
    (shown, [pattern, instead]) => shown.replace(pattern, instead),
    hideInText(read),
  )
  const left = text.length - MOST_TEXT_CHARACTERS
  return left > 0 ? `${hidden.slice(0, MOST_TEXT_CHARACTERS)}... (${left} more characters)` : hidden
}
