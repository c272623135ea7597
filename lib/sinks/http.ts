import { Buffer } from "node:buffer"
import {
  type Outbound,
  type OutboundAnswer,
  OutboundError,
  type OutboundRequest,
} from "@/lib/outbound/outbound"
import { hidingSecrets } from "./hide-secrets"
import { SinkError, type SinkTrouble } from "./sink"

// What sinks over HTTP have in common: what a status means, and which part of an answer people see.

const mostShownBytes = 1_024
const longestPauseMs = 3_600_000

/** Sends a request. Throws SinkError when there is no answer. */
export async function sendHttp(outbound: Outbound, request: OutboundRequest): Promise<OutboundAnswer> {
  try {
    return await outbound.request(request)
  } catch (error) {
    if (request.signal?.aborted)
      throw new SinkError("later", "Stopped before an answer came", { cause: error })
    throw sinkErrorOf(error)
  }
}

const troubles: Readonly<Record<OutboundError["trouble"], SinkTrouble>> = {
  refused: "configuration",
  invalid: "configuration",
  tls: "configuration",
  timeout: "later",
  unreachable: "later",
  broken: "later",
}

/** Returns the SinkError that says the same as an OutboundError, with its text; any other error as it is. */
export function sinkErrorOf(error: unknown): unknown {
  if (!(error instanceof OutboundError)) return error
  return new SinkError(troubles[error.trouble], error.message, { cause: error })
}

/** Returns what the status of an answer means for the whole batch; null when it is about what was sent. */
export function troubleOfStatus(status: number): SinkTrouble | null {
  if (status === 410) return "gone"
  if ([401, 402, 403, 404, 405, 407, 421, 426, 451, 501, 505].includes(status)) return "configuration"
  if (status >= 300 && status < 400) return "configuration"
  if ([408, 409, 425, 429].includes(status) || status >= 500 || status < 200) return "later"
  return null
}

/** Returns the error for an answer that says no to everything. */
export function refusal(trouble: SinkTrouble, answer: OutboundAnswer, words: string, now: Date): SinkError {
  const retryAfterMs = retryAfter(answer.headers["retry-after"], now)
  return new SinkError(trouble, words, retryAfterMs === null ? {} : { retryAfterMs })
}

/** Returns the pause that a Retry-After header asks for, at most an hour; null when it asks for none that can be read. */
export function retryAfter(value: string | undefined, now: Date): number | null {
  if (value === undefined) return null
  const text = value.trim()
  const pauseMs = /^\d{1,10}$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - now.getTime()
  if (!Number.isFinite(pauseMs)) return null
  return Math.min(Math.max(pauseMs, 0), longestPauseMs)
}

/** Returns an answer in words: its status, and the beginning of its text with the secrets replaced. */
export function wordsOf(answer: OutboundAnswer, secrets: readonly string[]): string {
  const text = shown(Buffer.from(answer.body).toString("utf8"), secrets)
  return text === "" ? `Answered ${answer.status}` : `Answered ${answer.status}: ${text}`
}

/** Returns at most 1 KiB of a receiver's text on one line, without the secrets that the receiver may have repeated. */
export function shown(text: string, secrets: readonly string[]): string {
  const clear = hidingSecrets(secrets.map(value => ({ name: "secret", value })))(text)
  const line = clear
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]+/gu, " ")
    .replace(/ {2,}/g, " ")
    .trim()
  if (Buffer.byteLength(line) <= mostShownBytes) return line
  // A character that the limit cuts in two is left out.
  const cut = Buffer.from(line).subarray(0, mostShownBytes).toString("utf8")
  return `${cut.replace(/\ufffd+$/, "")}…`
}

/** Returns the answer as JSON, or undefined when it is none or was cut. */
export function jsonOf(answer: OutboundAnswer): unknown {
  if (answer.isCut) return undefined
  try {
    return JSON.parse(Buffer.from(answer.body).toString("utf8"))
  } catch {
    return undefined
  }
}
