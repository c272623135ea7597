import { AppError } from "@/lib/errors"

/**
 * Why the database failed: the message for the caller, the class of the line in the log, and what `/api/health` reports
 * about writing.
 */
export type DatabaseTrouble =
  | "unreachable"
  | "disk-full"
  | "too-many-connections"
  | "out-of-memory"
  | "read-only"
  | "busy"
  | "storage"
  | "cancelled"

const socketCodes = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
])

/** By SQLSTATE; the first match counts. After all of these errors the same request may succeed later. */
const byState: readonly (readonly [RegExp, DatabaseTrouble])[] = [
  [/^57014$/, "cancelled"],
  [/^53100$/, "disk-full"],
  [/^53200$/, "out-of-memory"],
  [/^53.../, "too-many-connections"],
  [/^25006$/, "read-only"],
  [/^(40001|40P01|55P03)$/, "busy"],
  [/^(08...|57P0[1-5]|25P0[34])$/, "unreachable"],
  [/^(58...|XX00[12])$/, "storage"],
]

/**
 * Prisma: cannot reach, closed; timed out or no connection from the pool; too many connections; written by another
 * transaction.
 */
const byPrismaCode: Readonly<Record<string, DatabaseTrouble>> = {
  P1001: "unreachable",
  P1002: "unreachable",
  P1008: "unreachable",
  P1017: "unreachable",
  P2024: "busy",
  P2028: "busy",
  P2034: "busy",
  P2037: "too-many-connections",
}

/** The names of such errors in Prisma's driver adapter. */
const byKind: Readonly<Record<string, DatabaseTrouble>> = {
  DatabaseNotReachable: "unreachable",
  ConnectionClosed: "unreachable",
  SocketTimeout: "unreachable",
  TooManyConnections: "too-many-connections",
  TransactionWriteConflict: "busy",
}

/** `pg` has no code for these. */
const byWords: readonly (readonly [RegExp, DatabaseTrouble])[] = [
  [/timeout exceeded when trying to connect/, "busy"],
  [
    /Connection terminated|connection error and is not queryable|Client was closed|Cannot use a pool after calling end|did not answer in time/,
    "unreachable",
  ],
]

/** The same in words, without values. */
export const troubleInWords: Readonly<Record<DatabaseTrouble, string>> = {
  unreachable: "The connection to the database failed.",
  "disk-full": "The disk of the database is full: nothing can be written until there is space again.",
  "too-many-connections": "The database takes no more connections just now.",
  "out-of-memory": "The database has not enough memory for this just now.",
  "read-only": "The database takes no writes just now: it is read-only.",
  busy: "The database is busy: the wait for a connection or a lock was too long.",
  storage: "The database cannot read or write its files.",
  cancelled: "The database stopped this before it was done: it took too long, or somebody cancelled it.",
}

const troubleKey = Symbol.for("auditorium.database-trouble")

/** Returns why the database failed, for an error that `databaseError` has created; undefined for any other. */
export function databaseTroubleOf(error: unknown): DatabaseTrouble | undefined {
  return typeof error === "object" && error !== null ? Reflect.get(error, troubleKey) : undefined
}

/**
 * Returns the error to throw for one of the driver or of Prisma: AppError `unavailable` when the database cannot be reached
 * or cannot continue, `timeout` when it stopped the statement; other errors unchanged.
 */
export function databaseError(error: unknown): unknown {
  if (error instanceof AppError) return error
  const trouble = troubleOf(error)
  if (trouble === null) return error
  const code = trouble === "cancelled" ? "timeout" : "unavailable"
  const made = new AppError(code, `${troubleInWords[trouble]} Please try again.`, {
    retryAfterSeconds: 1,
    cause: error,
  })
  Object.defineProperty(made, troubleKey, { value: trouble })
  return made
}

/** Returns the SQLSTATE at the root of an error of the driver or of Prisma, if there is one. */
export function sqlState(error: unknown): string | undefined {
  for (const layer of layers(error)) {
    const code = textOf(layer, "originalCode") ?? textOf(layer, "code")
    if (code !== undefined && /^[0-9A-Z]{5}$/.test(code) && !/^P\d{4}$/.test(code)) return code
  }
  return undefined
}

/** Returns whether the database refused a row because of a duplicate key. */
export function isUniqueViolation(error: unknown): boolean {
  return sqlState(error) === "23505" || [...layers(error)].some(layer => textOf(layer, "code") === "P2002")
}

function troubleOf(error: unknown): DatabaseTrouble | null {
  const state = sqlState(error)
  if (state !== undefined && !socketCodes.has(state)) return firstOf(byState, state)
  for (const layer of layers(error)) {
    const found = troubleOfLayer(layer)
    if (found !== null) return found
  }
  return null
}

function troubleOfLayer(layer: object): DatabaseTrouble | null {
  const code = textOf(layer, "code") ?? ""
  if (socketCodes.has(code)) return "unreachable"
  const named = byPrismaCode[code] ?? byKind[textOf(layer, "kind") ?? ""]
  return named ?? firstOf(byWords, textOf(layer, "message") ?? "")
}

function firstOf(table: typeof byState, text: string): DatabaseTrouble | null {
  return table.find(([pattern]) => pattern.test(text))?.[1] ?? null
}

/** The error, its causes, and what the driver adapter wraps, from the outside in. */
function* layers(error: unknown): Generator<object> {
  const waiting: unknown[] = [error]
  for (let seen = 0; waiting.length > 0 && seen < 12; seen++) {
    const layer = waiting.shift()
    if (typeof layer !== "object" || layer === null) continue
    yield layer
    for (const name of ["cause", "meta", "driverAdapterError"]) waiting.push(Reflect.get(layer, name))
    const several: unknown = Reflect.get(layer, "errors")
    if (Array.isArray(several)) waiting.push(...several)
  }
}

function textOf(layer: object, name: string): string | undefined {
  const value: unknown = Reflect.get(layer, name)
  return typeof value === "string" ? value : undefined
}
