import { isObject } from "@/lib/audit/json/value"
import type { OutboundAnswer } from "@/lib/outbound/outbound"
import { jsonOf, refusal, shown, troubleOfStatus, wordsOf } from "@/lib/sinks/http"
import { SinkError, type SinkTrouble } from "@/lib/sinks/sink"

/** `ackId` is what to ask for until it is indexed; null without indexer acknowledgment. */
export type Judged =
  | { readonly accepted: true; readonly ackId: string | null }
  /** Position of the first event that is refused; null when the answer does not say which. */
  | { readonly accepted: false; readonly invalid: number | null; readonly words: string }

/** What the codes of the collector mean for the whole batch. Those that are missing are about one event. */
const troubles: ReadonlyMap<unknown, SinkTrouble> = new Map<unknown, SinkTrouble>([
  [1, "configuration"], // token disabled
  [2, "configuration"], // token is required
  [3, "configuration"], // invalid authorization
  [4, "configuration"], // invalid token
  [5, "later"], // no data: it was lost on the way
  [7, "configuration"], // incorrect index: the same for every event
  [8, "later"], // internal server error
  [9, "later"], // server is busy
  [10, "configuration"], // data channel is missing
  [11, "configuration"], // invalid data channel
  [14, "configuration"], // acknowledgment is disabled
  [16, "configuration"], // query string authorization is not enabled
])

/** About the event: invalid data format, event field required, event field blank, error in handling indexed fields. */
const aboutAnEvent: ReadonlySet<unknown> = new Set([6, 12, 13, 15])

interface Reply {
  readonly text?: unknown
  readonly code?: unknown
  readonly "invalid-event-number"?: unknown
  readonly ackId?: unknown
}

/** Returns what the collector answered. Throws SinkError for what is about the whole batch. */
export function judge(answer: OutboundAnswer, now: Date, secrets: readonly string[]): Judged {
  const reply = replyOf(answer)
  const words = replyWords(answer, reply, secrets)
  if (answer.status === 413) return { accepted: false, invalid: null, words }
  const isSuccess = answer.status >= 200 && answer.status < 300
  if (isSuccess && reply?.code === 0) return { accepted: true, ackId: idOf(reply.ackId) }
  const trouble = troubles.get(reply?.code) ?? troubleOfStatus(answer.status)
  // A success with another code, or without one, is none.
  if (trouble !== null || isSuccess) throw refusal(trouble ?? "later", answer, words, now)
  if (reply !== null && aboutAnEvent.has(reply.code)) {
    const invalid = reply["invalid-event-number"]
    return { accepted: false, invalid: Number.isInteger(invalid) ? Number(invalid) : null, words }
  }
  // A refusal in other words comes from something that is not Splunk.
  throw refusal("configuration", answer, words, now)
}

/** Returns whether the answer to a question about an acknowledgment confirms that id. Throws SinkError when it is no such answer. */
export function judgeAck(
  answer: OutboundAnswer,
  ackId: string,
  now: Date,
  secrets: readonly string[],
): boolean {
  const body = jsonOf(answer)
  if (answer.status === 200 && isObject(body) && isObject(body.acks)) return body.acks[ackId] === true
  const reply = replyOf(answer)
  const trouble = troubles.get(reply?.code) ?? troubleOfStatus(answer.status) ?? "later"
  throw refusal(trouble, answer, replyWords(answer, reply, secrets), now)
}

/** Returns the error for a success without the id of an acknowledgment. */
export function withoutAckId(): SinkError {
  return new SinkError(
    "configuration",
    "The token has no indexer acknowledgment: switch it on in Splunk, or off here",
  )
}

function replyOf(answer: OutboundAnswer): Reply | null {
  const body = jsonOf(answer)
  return isObject(body) && "code" in body ? body : null
}

function replyWords(answer: OutboundAnswer, reply: Reply | null, secrets: readonly string[]): string {
  if (reply === null) return wordsOf(answer, secrets)
  const text = typeof reply.text === "string" ? shown(reply.text, secrets) : ""
  return `Answered ${answer.status}, code ${Number(reply.code)}: ${text}`
}

function idOf(ackId: unknown): string | null {
  return Number.isSafeInteger(ackId) || (typeof ackId === "string" && /^\d{1,20}$/.test(ackId))
    ? `${ackId}`
    : null
}
