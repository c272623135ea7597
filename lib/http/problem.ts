import { bearer, type KeyScheme } from "@/lib/access/keys/key-scheme"
import { limitFaults } from "@/lib/audit/faults"
import { AppError, type ErrorCode, type Fault } from "@/lib/errors"
import type { Dialect } from "./dialect"
import { answerHeaders, jsonResponse, rateLimitHeaders } from "./headers"

interface Kind {
  readonly status: number
  readonly title: string
}

/** The HTTP status and the title of every error code; a new code does not compile without a line here. */
const kinds: Readonly<Record<ErrorCode, Kind>> = {
  malformed: { status: 400, title: "Not readable" },
  unauthenticated: { status: 401, title: "Not signed in" },
  forbidden: { status: 403, title: "Not permitted" },
  "proof-required": { status: 403, title: "Fresh proof needed" },
  "not-found": { status: 404, title: "Not found" },
  conflict: { status: 409, title: "Conflict" },
  locked: { status: 409, title: "Set by the environment" },
  expired: { status: 410, title: "Expired" },
  "precondition-failed": { status: 412, title: "Changed meanwhile" },
  "too-large": { status: 413, title: "Too large" },
  "unsupported-media-type": { status: 415, title: "Unsupported media type" },
  invalid: { status: 422, title: "Not acceptable as sent" },
  "rate-limited": { status: 429, title: "Too many requests" },
  internal: { status: 500, title: "Internal error" },
  unavailable: { status: 503, title: "Temporarily unavailable" },
  timeout: { status: 504, title: "Took too long" },
}

/** RFC 9457, with our request id, our code and an entry for each fault of the input. */
export interface Problem {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly code: ErrorCode | "method-not-allowed"
  readonly requestId: string
  readonly errors?: readonly { readonly pointer: string; readonly detail: string }[]
}

/** The HTTP status of an error code. */
export function statusOf(code: ErrorCode): number {
  return kinds[code].status
}

/** Returns the problem document of an error; it contains only what was written for the caller. */
export function describeProblem(error: AppError, requestId: string): Problem {
  const { status, title } = kinds[error.code]
  return {
    type: problemType(error.code),
    title,
    status,
    detail: error.message,
    code: error.code,
    requestId,
    ...(error.faults.length > 0 && { errors: describeFaults(error.faults) }),
  }
}

const contentType = "application/problem+json; charset=utf-8"

/** Temporary errors: their responses always say when to retry. */
const passing: ReadonlySet<ErrorCode> = new Set(["rate-limited", "unavailable", "timeout"])

/** Returns the faults as a problem document lists them: up to a limit, at least one, and the number of the others. */
export function describeFaults(
  faults: readonly Fault[],
  most?: number,
): { pointer: string; detail: string }[] {
  return limitFaults(faults, most).map(({ pointer, message }) => ({ pointer, detail: message }))
}

/**
 * Returns an application/problem+json response for an error, with the rate limit that it carries and with `Retry-After` when
 * it says when to retry. `members` are added to those of RFC 9457.
 */
export function problemResponse(
  error: AppError,
  requestId: string,
  extra?: Readonly<Record<string, string>>,
  members?: Readonly<Record<string, unknown>>,
): Response {
  const headers = refusalHeaders(error, { contentType, requestId, scheme: problemDialect.scheme, extra })
  const problem = { ...describeProblem(error, requestId), ...members }
  return new Response(JSON.stringify(problem), { status: statusOf(error.code), headers })
}

/** How a dialect writes a refusal, apart from its body. */
interface RefusalHeaders {
  readonly contentType: string
  readonly requestId: string
  readonly scheme: KeyScheme
  readonly extra?: Readonly<Record<string, string>>
}

/** Returns the headers of a refusal: the rate limit it carries, when to retry, and how an unknown caller sends its key. */
export function refusalHeaders(
  { code, rateLimit, retryAfterSeconds = passing.has(code) ? 1 : undefined }: AppError,
  { contentType, requestId, scheme, extra }: RefusalHeaders,
): Headers {
  const headers = answerHeaders(contentType, requestId, {
    ...(rateLimit && rateLimitHeaders(rateLimit)),
    ...extra,
  })
  if (retryAfterSeconds !== undefined) headers.set("retry-after", String(retryAfterSeconds))
  if (code === "unauthenticated") headers.set("www-authenticate", scheme.challenge)
  return headers
}

/** Returns a 405 response with the allowed methods in `Allow`. */
export function methodNotAllowed(allowed: readonly string[], requestId: string): Response {
  const problem: Problem = {
    type: problemType("method-not-allowed"),
    title: "Method not allowed",
    status: 405,
    detail: `This address answers ${allowed.join(", ")} only.`,
    code: "method-not-allowed",
    requestId,
  }
  const headers = answerHeaders(contentType, requestId)
  headers.set("allow", allowed.join(", "))
  return new Response(JSON.stringify(problem), { status: 405, headers })
}

/** JSON, with problem documents for refusals, and bearer keys: the dialect of our own API and of the console. */
export const problemDialect: Dialect = {
  scheme: bearer,
  answer: (output, requestId) => jsonResponse(output, requestId),
  refuse: (error, requestId) => problemResponse(error, requestId),
  refuseMethod: methodNotAllowed,
}

/** Returns an AppError; an unknown error becomes `internal` with a message that reveals nothing. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error
  return new AppError(
    "internal",
    "Something went wrong on our side; the request id names it in the server's log.",
    {
      cause: error,
    },
  )
}

function problemType(code: Problem["code"]): string {
  return `urn:problem:auditorium:${code}`
}
