import type { ErrorCode } from "@/lib/errors"
import type { Json } from "./openapi-endpoint"
import { exampleIds } from "./openapi-examples-json"

/** The problems of the API, and those that the server in front of it answers. */
type Code =
  | Exclude<ErrorCode, "proof-required">
  | "request-timeout"
  | "address-too-long"
  | "headers-too-large"

interface ProblemExample {
  readonly status: number
  readonly title: string
  readonly detail: string
  readonly errors?: readonly { readonly pointer: string; readonly detail: string }[]
}

const maybe = { pointer: "/status", detail: '"maybe" is none of success, failure, denied, unknown' }
const locked = { pointer: "/policy/enabled", detail: "CLEARML__APISERVER__AUDIT__ENABLED sets this to true" }

/** A problem of each code; a new code does not compile without one. */
const problems: Readonly<Record<Code, ProblemExample>> = {
  malformed: { status: 400, title: "Not readable", detail: "The body is not JSON." },
  unauthenticated: {
    status: 401,
    title: "Not signed in",
    detail: "The API key is not valid.",
  },
  forbidden: { status: 403, title: "Not permitted", detail: "This needs the permission LOG-OWN." },
  "not-found": { status: 404, title: "Not found", detail: "There is nothing of this id." },
  "request-timeout": {
    status: 408,
    title: "The request took too long to arrive",
    detail:
      "Nothing is known of what was sent. When events were sent, send the same ids again: those already there are duplicates.",
  },
  conflict: { status: 409, title: "Conflict", detail: "Something else has this name or id." },
  locked: {
    status: 409,
    title: "Set by the environment",
    detail: "The environment of the server sets this.",
    errors: [locked],
  },
  expired: { status: 410, title: "Expired", detail: "The content of this event was removed." },
  "precondition-failed": { status: 412, title: "Changed meanwhile", detail: "Somebody has changed this." },
  "too-large": { status: 413, title: "Too large", detail: "The body may have 1048576 bytes." },
  "address-too-long": {
    status: 414,
    title: "The address is too long",
    detail:
      "An address may have 8192 bytes and 200 parameters. Larger questions go in the body of POST /api/v1/events/search.",
  },
  "unsupported-media-type": {
    status: 415,
    title: "Unsupported media type",
    detail: "The body must be application/json.",
  },
  invalid: {
    status: 422,
    title: "Not acceptable as sent",
    detail: `Not acceptable as sent. ${maybe.pointer}: ${maybe.detail}`,
    errors: [maybe],
  },
  "rate-limited": { status: 429, title: "Too many requests", detail: "Too many requests. Please wait." },
  "headers-too-large": {
    status: 431,
    title: "The headers are too large",
    detail: "The headers may have 16384 bytes in 100 lines.",
  },
  internal: {
    status: 500,
    title: "Internal error",
    detail: "Something went wrong on our side; the request id names it in the server's log.",
  },
  unavailable: {
    status: 503,
    title: "Temporarily unavailable",
    detail: "The database is away. Please try again in a moment.",
  },
  timeout: { status: 504, title: "Took too long", detail: "The database stopped this: it took too long." },
}

const entries = Object.entries(problems)

/** The examples of problems as a part of the description, by code. */
export const problemExamples: Json = Object.fromEntries(
  entries.map(([code, { status, title, detail, errors }]) => [
    code,
    {
      summary: title,
      value: {
        type: `urn:problem:auditorium:${code}`,
        ...{ title, status, detail, code, requestId: exampleIds.delivery },
        ...(errors && { errors }),
      },
    },
  ]),
)

/** Returns references to the examples of the problems that a refusal with this status can be. */
export function problemsOf(status: number, codes?: readonly string[]): Json {
  const meant = entries.filter(
    ([code, problem]) => problem.status === status && (codes === undefined || codes.includes(code)),
  )
  return Object.fromEntries(meant.map(([code]) => [code, { $ref: `#/components/examples/${code}` }]))
}
