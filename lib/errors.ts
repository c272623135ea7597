/** What went wrong, as one word of a closed list; the edge maps each to an HTTP status and a problem type. */
export type ErrorCode =
  | "malformed" // 400: not even parseable
  | "unauthenticated" // 401
  | "forbidden" // 403: known principal, missing permission
  | "proof-required" // 403: allowed, but only right after proving again who one is
  | "not-found" // 404: unknown, foreign and outside the Scope look the same
  | "conflict" // 409
  | "too-large" // 413
  | "unsupported-media-type" // 415
  | "invalid" // 422: parseable, but not acceptable; carries faults
  | "rate-limited" // 429: carries retryAfterSeconds
  | "internal" // 500
  | "unavailable" // 503: try again; carries retryAfterSeconds
  | "timeout" // 504: the question took longer than it may

/** One fault in the input. `pointer` is an RFC 6901 JSON pointer into what the caller sent ("" is the whole). */
export interface Fault {
  readonly pointer: string
  readonly message: string
  /** Set in the last entry of a list that was cut: how many faults it stands for. */
  readonly more?: number
}

interface AppErrorOptions {
  readonly faults?: readonly Fault[]
  readonly retryAfterSeconds?: number
  readonly cause?: unknown
}

const brand = Symbol.for("auditorium.AppError")

/**
 * The one error class that may reach a caller: its message is written for them and holds no secret, SQL or path. A bundler
 * may load this module more than once; `instanceof AppError` knows the errors of every copy, so that what the one pool of
 * the process throws is understood wherever it is caught.
 */
export class AppError extends Error {
  /** Tells for AppError itself by the brand; for a class that extends it, as usual. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    // biome-ignore lint/complexity/noThisInStatic: a class that extends this one inherits the method
    if (this !== AppError) return Function.prototype[Symbol.hasInstance].call(this, value)
    return typeof value === "object" && value !== null && brand in value
  }

  readonly [brand] = true
  readonly code: ErrorCode
  readonly faults: readonly Fault[]
  readonly retryAfterSeconds: number | undefined

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, { cause: options.cause })
    this.name = "AppError"
    this.code = code
    this.faults = options.faults ?? []
    this.retryAfterSeconds = options.retryAfterSeconds
  }
}

/** Promise: an RFC 6901 pointer of the given path, with `~` and `/` escaped. */
export function jsonPointer(path: readonly PropertyKey[]): string {
  return path.map(part => `/${String(part).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("")
}
