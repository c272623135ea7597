/** The kind of an error, from a closed list; the HTTP edge maps each to a status and a problem type. */
export type ErrorCode =
  | "malformed" // 400: cannot be parsed
  | "unauthenticated" // 401
  | "forbidden" // 403: known caller, missing permission
  | "proof-required" // 403: permitted, but requires a recent proof of identity
  | "not-found" // 404: the same for unknown, of another organization and outside the Scope
  | "conflict" // 409
  | "locked" // 409: the environment of the server sets it; carries faults that name the variable
  | "expired" // 410: it existed, and only those who could see it are told
  | "precondition-failed" // 412: it was changed since the caller read it
  | "too-large" // 413
  | "unsupported-media-type" // 415
  | "invalid" // 422: parsed, but invalid; carries faults
  | "rate-limited" // 429: carries retryAfterSeconds
  | "internal" // 500
  | "unavailable" // 503: try again; carries retryAfterSeconds
  | "timeout" // 504: the query took longer than it may

/**
 * What an error is about, more exactly than its code, for a dialect that has codes of its own: `wrong-key`, a key was sent and
 * refused; `too-deep`, a page lies too far back to be read.
 */
export type ErrorSubcode = "wrong-key" | "too-deep"

/** One fault in the input. `pointer` is an RFC 6901 JSON pointer into what the caller sent ("" is the whole). */
export interface Fault {
  readonly pointer: string
  readonly message: string
  /** Set in the last entry of a truncated list: the number of faults that it stands for. */
  readonly more?: number
}

/** How much of a limit is left, for a sender that can slow down before it is refused. */
export interface RateLimit {
  readonly limitPerSecond: number
  readonly remaining: number
  /** When at least one more request is accepted; 0 = now. */
  readonly resetSeconds: number
}

interface AppErrorOptions {
  readonly faults?: readonly Fault[]
  /** Absent: `resetSeconds` of the rate limit, if there is one. */
  readonly retryAfterSeconds?: number
  /** The limit that a sender has exceeded. */
  readonly rateLimit?: RateLimit
  readonly subcode?: ErrorSubcode
  readonly cause?: unknown
}

const brand = Symbol.for("auditorium.AppError")

/**
 * The only error class that may reach a caller: its message is written for callers and contains no secret, SQL or path. A
 * bundler may load this module more than once; `instanceof AppError` recognises the errors of every copy, so that errors of
 * the shared pool are recognised wherever they are caught.
 */
export class AppError extends Error {
  /** Compares AppError itself by its brand; a class that extends it, as usual. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    // biome-ignore lint/complexity/noThisInStatic: a class that extends this one inherits the method
    if (this !== AppError) return Function.prototype[Symbol.hasInstance].call(this, value)
    return typeof value === "object" && value !== null && brand in value
  }

  readonly [brand] = true
  readonly code: ErrorCode
  readonly faults: readonly Fault[]
  readonly retryAfterSeconds: number | undefined
  readonly rateLimit: RateLimit | undefined
  readonly subcode: ErrorSubcode | undefined

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, { cause: options.cause })
    this.name = "AppError"
    this.code = code
    this.faults = options.faults ?? []
    this.rateLimit = options.rateLimit
    this.subcode = options.subcode
    this.retryAfterSeconds = options.retryAfterSeconds ?? options.rateLimit?.resetSeconds
  }
}

/** Returns the RFC 6901 pointer of the path, with `~` and `/` escaped. */
export function jsonPointer(path: readonly PropertyKey[]): string {
  return path.map(part => `/${String(part).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("")
}
