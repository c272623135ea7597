import type { AppError, ErrorCode } from "@/lib/errors"
import type { ClarifaiStatus } from "./messages"

/** A status code of Clarifai's, its words, and the HTTP status that goes with it. */
export interface ClarifaiCode {
  readonly code: number
  readonly description: string
  readonly httpStatus: number
}

/** The codes that we answer. To answer another one, add a line. */
// biome-ignore format: one code a line
export const codes = {
  ok: { code: 10000, description: "Ok", httpStatus: 200 },
  noKey: { code: 11002, description: "Invalid authentication: no API key was sent", httpStatus: 401 },
  throttled: { code: 11005, description: "Too many requests", httpStatus: 429 },
  noPermission: { code: 11007, description: "API key does not have the required scopes", httpStatus: 403 },
  wrongKey: { code: 11009, description: "API key not found", httpStatus: 401 },
  badFormat: { code: 11100, description: "Bad request format", httpStatus: 400 },
  doesNotExist: { code: 11101, description: "Resource does not exist", httpStatus: 404 },
  invalidRequest: { code: 11102, description: "Invalid request", httpStatus: 400 },
  invalidRange: { code: 11105, description: "Invalid range", httpStatus: 400 },
  internal: { code: 98004, description: "Internal server issue", httpStatus: 500 },
  database: { code: 98006, description: "Internal database issue", httpStatus: 503 },
  timeout: { code: 98009, description: "Request timed out", httpStatus: 503 },
} as const satisfies Readonly<Record<string, ClarifaiCode>>

/** A new kind of error does not compile without a line here. */
const byError: Readonly<Record<ErrorCode, ClarifaiCode>> = {
  malformed: codes.badFormat,
  "unsupported-media-type": codes.badFormat,
  unauthenticated: codes.noKey,
  forbidden: codes.noPermission,
  "proof-required": codes.noPermission,
  "not-found": codes.doesNotExist,
  expired: codes.doesNotExist,
  invalid: codes.invalidRequest,
  "too-large": codes.invalidRequest,
  conflict: codes.invalidRequest,
  locked: codes.invalidRequest,
  "precondition-failed": codes.invalidRequest,
  "rate-limited": codes.throttled,
  internal: codes.internal,
  unavailable: codes.database,
  timeout: codes.timeout,
}

/** Returns what Clarifai says for an error. */
export function clarifaiStatusOf({ code, subcode }: Pick<AppError, "code" | "subcode">): ClarifaiCode {
  if (code === "unauthenticated" && subcode === "wrong-key") return codes.wrongKey
  if (code === "invalid" && subcode === "too-deep") return codes.invalidRange
  return byError[code]
}

/** Returns the status of a response that has what was asked for. */
export function okStatus(requestId: string): ClarifaiStatus {
  return { code: codes.ok.code, description: codes.ok.description, req_id: requestId }
}

/**
 * Returns the status of a response to an error: its message as `details`, and where the fault is, a line each, as
 * `developer_notes`.
 */
export function refusalStatus(error: AppError, requestId: string): ClarifaiStatus {
  const { code, description } = clarifaiStatusOf(error)
  const notes = error.faults.map(({ pointer, message }) => `${pointer || "/"}: ${message}`)
  return {
    ...{ code, description, details: error.message, req_id: requestId },
    ...(notes.length > 0 && { developer_notes: notes.join("\n") }),
  }
}
