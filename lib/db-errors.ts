import { AppError } from "./errors"

/** What our error means for the caller: come again, took too long, or (null) not a matter of the connection. */
type Trouble = "unavailable" | "timeout" | null

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
/** SQLSTATE classes and codes after which the same request may succeed. */
const passingStates = /^(08...|53...|57P0[1-5]|58...|40001|40P01|55P03|25P03|57P05|XX00[12])$/
const cancelledState = "57014"
/** Of Prisma: cannot reach, timed out, closed, too many connections, no connection from the pool, transaction lost. */
const passingPrismaCodes = new Set(["P1001", "P1002", "P1008", "P1017", "P2024", "P2028", "P2034", "P2037"])
/** `pg` gives these no code. */
const passingWords =
  /timeout exceeded when trying to connect|Connection terminated|connection error and is not queryable|Client was closed|Cannot use a pool after calling end|did not answer in time/

/**
 * Promise: what to throw instead of an error of the driver or of Prisma: AppError `unavailable` when the database cannot be
 * reached or cannot go on, `timeout` when it stopped the statement, and any other error as it is.
 */
export function databaseError(error: unknown): unknown {
  if (error instanceof AppError) return error
  const trouble = troubleOf(error)
  if (trouble === "unavailable") {
    return new AppError("unavailable", "The database cannot be reached just now. Please try again.", {
      retryAfterSeconds: 1,
      cause: error,
    })
  }
  if (trouble === "timeout") {
    return new AppError("timeout", "The database took too long to answer.", { cause: error })
  }
  return error
}

/** Promise: the SQLSTATE at the bottom of an error of the driver or of Prisma, if there is one. */
export function sqlState(error: unknown): string | undefined {
  for (const layer of layers(error)) {
    const code = textOf(layer, "originalCode") ?? textOf(layer, "code")
    if (code !== undefined && /^[0-9A-Z]{5}$/.test(code) && !/^P\d{4}$/.test(code)) return code
  }
  return undefined
}

/** Tells whether the database refused a row because another has its key already. */
export function isUniqueViolation(error: unknown): boolean {
  return sqlState(error) === "23505" || [...layers(error)].some(layer => textOf(layer, "code") === "P2002")
}

function troubleOf(error: unknown): Trouble {
  const state = sqlState(error)
  if (state === cancelledState) return "timeout"
  if (state !== undefined) return passingStates.test(state) ? "unavailable" : null
  for (const layer of layers(error)) {
    const code = textOf(layer, "code")
    if (code !== undefined && (socketCodes.has(code) || passingPrismaCodes.has(code))) return "unavailable"
    if (passingWords.test(textOf(layer, "message") ?? "")) return "unavailable"
    if (
      /^(DatabaseNotReachable|ConnectionClosed|SocketTimeout|TooManyConnections|TransactionWriteConflict)$/.test(
        textOf(layer, "kind") ?? "",
      )
    ) {
      return "unavailable"
    }
  }
  return null
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
