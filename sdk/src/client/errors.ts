import type { ErrorCode } from "@/lib/errors"

/** What the client throws, apart from the reason of an abort, and TypeError for a wrong use. */
export class AuditoriumError extends Error {
  override readonly name: string = "AuditoriumError"
}

/** The server was not reached, did not answer in time, or the connection broke. */
export class ConnectionError extends AuditoriumError {
  override readonly name = "ConnectionError"
}

/** The answer is not one of Auditorium: it comes from another server or from a proxy, or leads to another url. */
export class UnexpectedAnswerError extends AuditoriumError {
  override readonly name = "UnexpectedAnswerError"

  constructor(
    message: string,
    /** The HTTP status. */
    readonly status: number,
    /** The delay in `Retry-After`, when there was one. */
    readonly retryAfterMs: number | null = null,
  ) {
    super(message)
  }
}

/** The codes of the API's problems, and those of the server in front of it. */
export type ProblemCode =
  | ErrorCode
  | "method-not-allowed"
  | "request-timeout"
  | "address-too-long"
  | "headers-too-large"

/** One fault in what was sent. `pointer` (RFC 6901) leads into the body, or names the parameter. */
export interface ProblemFault {
  readonly pointer: string
  readonly detail: string
}

/** What a problem document says (RFC 9457). */
export interface ProblemFacts {
  readonly status: number
  /** One of `ProblemCode`, or a code of a newer server. */
  readonly code: string
  readonly title: string
  readonly detail: string
  /** Names the request in the server's log. */
  readonly requestId: string | null
  readonly errors: readonly ProblemFault[]
  /** The delay in `Retry-After`, when there was one. */
  readonly retryAfterMs: number | null
  /** The whole document. */
  readonly document: Readonly<Record<string, unknown>>
}

/** The server refused the request. There is a subclass for each code. */
export class ProblemError extends AuditoriumError implements ProblemFacts {
  override readonly name: string = "ProblemError"
  readonly status: number
  readonly code: string
  readonly title: string
  readonly detail: string
  readonly requestId: string | null
  readonly errors: readonly ProblemFault[]
  readonly retryAfterMs: number | null
  readonly document: Readonly<Record<string, unknown>>

  constructor(message: string, facts: ProblemFacts) {
    super(message)
    this.status = facts.status
    this.code = facts.code
    this.title = facts.title
    this.detail = facts.detail
    this.requestId = facts.requestId
    this.errors = facts.errors
    this.retryAfterMs = facts.retryAfterMs
    this.document = facts.document
  }
}

/** 400: the body cannot be read. */
export class MalformedError extends ProblemError {
  override readonly name = "MalformedError"
}
/** 401: no key, or one that is unknown, expired, revoked or not allowed from here. */
export class UnauthenticatedError extends ProblemError {
  override readonly name = "UnauthenticatedError"
}
/** 403: the key lacks the permission. */
export class ForbiddenError extends ProblemError {
  override readonly name = "ForbiddenError"
}
/** 403: a recent proof of identity is required. */
export class ProofRequiredError extends ProblemError {
  override readonly name = "ProofRequiredError"
}
/** 404: unknown, of another organization, or outside what the key may see. */
export class NotFoundError extends ProblemError {
  override readonly name = "NotFoundError"
}
/** 405: the url does not take this method. */
export class MethodNotAllowedError extends ProblemError {
  override readonly name = "MethodNotAllowedError"
}
/** 408: the body did not arrive in time. */
export class RequestTimeoutError extends ProblemError {
  override readonly name = "RequestTimeoutError"
}
/** 409: something else is in the way. */
export class ConflictError extends ProblemError {
  override readonly name = "ConflictError"
}
/** 409: the environment of the server sets this. */
export class LockedError extends ProblemError {
  override readonly name = "LockedError"
}
/** 410: the content of the event was removed; its entry in the ledger remains. */
export class ExpiredError extends ProblemError {
  override readonly name = "ExpiredError"
}
/** 412: changed since it was read. */
export class PreconditionFailedError extends ProblemError {
  override readonly name = "PreconditionFailedError"
}
/** 413: more than one request may send. */
export class TooLargeError extends ProblemError {
  override readonly name = "TooLargeError"
}
/** 414: the url has more than 8 KiB or 200 parameters. */
export class AddressTooLongError extends ProblemError {
  override readonly name = "AddressTooLongError"
}
/** 415: a content type or encoding that is not understood. */
export class UnsupportedMediaTypeError extends ProblemError {
  override readonly name = "UnsupportedMediaTypeError"
}
/** 422: read, but not acceptable; `errors` has every fault. */
export class InvalidError extends ProblemError {
  override readonly name = "InvalidError"
}
/** 429: too fast. */
export class RateLimitedError extends ProblemError {
  override readonly name = "RateLimitedError"
}
/** 431: the headers are too large. */
export class HeadersTooLargeError extends ProblemError {
  override readonly name = "HeadersTooLargeError"
}
/** 500: an error of the server; `requestId` names it in the server's log. */
export class InternalError extends ProblemError {
  override readonly name = "InternalError"
}
/** 503: the server cannot answer now. */
export class UnavailableError extends ProblemError {
  override readonly name = "UnavailableError"
}
/** 504: the database took too long; ask for less. */
export class TimeoutError extends ProblemError {
  override readonly name = "TimeoutError"
}

/** The class of every code; a new code does not compile without one. */
export const problemClasses: Readonly<Record<ProblemCode, typeof ProblemError>> = {
  malformed: MalformedError,
  unauthenticated: UnauthenticatedError,
  forbidden: ForbiddenError,
  "proof-required": ProofRequiredError,
  "not-found": NotFoundError,
  "method-not-allowed": MethodNotAllowedError,
  "request-timeout": RequestTimeoutError,
  conflict: ConflictError,
  locked: LockedError,
  expired: ExpiredError,
  "precondition-failed": PreconditionFailedError,
  "too-large": TooLargeError,
  "address-too-long": AddressTooLongError,
  "unsupported-media-type": UnsupportedMediaTypeError,
  invalid: InvalidError,
  "rate-limited": RateLimitedError,
  "headers-too-large": HeadersTooLargeError,
  internal: InternalError,
  unavailable: UnavailableError,
  timeout: TimeoutError,
}
