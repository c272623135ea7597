import { type ServerResponse, STATUS_CODES } from "node:http"
import type { Duplex } from "node:stream"
import { responseHead } from "./raw-headers"

/** A response of the proxy itself, as a problem document (RFC 9457). */
export interface Problem {
  readonly status: number
  readonly detail: string
  readonly headers?: readonly string[]
}

function documentOf({ status, detail }: Problem): Buffer {
  return Buffer.from(
    JSON.stringify({ type: "about:blank", title: STATUS_CODES[status] ?? "Error", status, detail }),
  )
}

function headersOf(problem: Problem, body: Buffer): string[] {
  return [
    ...["Content-Type", "application/problem+json"],
    ...["Content-Length", String(body.length)],
    ...["Cache-Control", "no-store"],
    ...(problem.headers ?? []),
  ]
}

/** Answers a request with a problem document. */
export function answerProblem(response: ServerResponse, problem: Problem, endsConnection = false): void {
  const body = documentOf(problem)
  const headers = headersOf(problem, body)
  if (endsConnection) headers.push("Connection", "close")
  response.sendDate = true
  response.writeHead(problem.status, headers)
  response.end(body)
}

/** Writes a problem document to a connection that has no request of its own, or has left HTTP, and ends it. */
export function endWithProblem(socket: Duplex, problem: Problem): void {
  const body = documentOf(problem)
  const headers = [...headersOf(problem, body), "Connection", "close"]
  const head = responseHead(problem.status, STATUS_CODES[problem.status] ?? "Error", headers)
  socket.end(Buffer.concat([head, body]), () => socket.destroy())
}

export const notReached: Problem = { status: 502, detail: "The target of this proxy could not be reached." }
export const brokenOff: Problem = {
  status: 502,
  detail: "The target of this proxy closed the connection before it answered.",
}
export const tookTooLong: Problem = {
  status: 504,
  detail: "The target of this proxy did not answer in time.",
}
export const notRecordable: Problem = {
  status: 503,
  detail: "This call could not be recorded at present, and the proxy passes on only what it can record.",
  headers: ["Retry-After", "5"],
}
