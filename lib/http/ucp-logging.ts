import type { UcpLogging } from "@/lib/operations/capture/ucp-logging"
import { expectedOf, isKnown, notModified } from "./capture-policy"
import { answerHeaders } from "./headers"
import { readJsonBody } from "./json-body"
import type { Incoming } from "./route"

const limits = { maximumBytes: 16 * 1024, values: 1_000 }

/** Returns the document that was sent, and what the caller expects to change. */
export async function readSentLogging(incoming: Incoming): Promise<unknown> {
  return { document: await readJsonBody(incoming, limits), ...expectedOf(incoming) }
}

/** Returns the document as UCP's clients keep it: byte for byte, without a line break at its end. */
export function answerLogging({ text, isCustom, etag }: UcpLogging, incoming: Incoming): Response {
  const { requestId } = incoming.caller
  if (isKnown(incoming, etag)) return notModified(etag, requestId)
  const extra = { etag, ...(isCustom && { "x-auditorium-policy": "custom" }) }
  return new Response(text, { headers: answerHeaders("application/json; charset=utf-8", requestId, extra) })
}
