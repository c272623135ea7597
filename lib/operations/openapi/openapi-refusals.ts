import { type Json, refer } from "./openapi-endpoint"
import { problemsOf } from "./openapi-examples-problems"
import { problem } from "./openapi-schemas"

/** What each refusal means, by its status. */
export const refusalWords: Readonly<Record<number, string>> = {
  400: "The body cannot be read: not JSON, not UTF-8, cut off.",
  401: "No API key, or one that is unknown, expired or revoked.",
  403: "The key lacks the permission.",
  404: "Unknown, foreign and outside what the key may see are the same.",
  408: "The request took too long to arrive. It is unknown whether anything was kept: send the same ids again.",
  409: "There is another event with this id.",
  412: "Changed since the caller read it: `If-Match` or `version` names something older.",
  410: "The event has expired: its entry in the ledger remains, its content was removed.",
  413: "More bytes or items than one request may send.",
  414: "The address has more than 8 KiB or 200 parameters; larger questions go to POST /api/v1/events/search.",
  415: "A content type or encoding that is not understood.",
  422: "Readable, but not acceptable; `errors` points at every fault.",
  429: "Too fast. `Retry-After` says when to come back.",
  431: "The headers have more than 16 KiB or 100 lines.",
  500: "An error of ours; the request id names it in the log.",
  503: "Come back after `Retry-After`; nothing of the request was kept, or it is unknown: send it again with the same ids.",
  504: "The database stopped this before it was done: it took too long, or somebody cancelled it.",
}
/** The refusals of every endpoint. 408, 414 and 431 come from the server before the request is read. */
export const everywhere = [401, 403, 408, 414, 429, 431, 500, 503, 504]
const saysWhenToComeAgain = new Set([408, 429, 503, 504])

const retryAfter: Json = {
  description: "Seconds to wait before the same request is sent again.",
  schema: { type: "integer", minimum: 0 },
}

/** Returns the response of a refusal, with an example of each problem that it can be. */
export function describeRefusal(
  status: number,
  { words = refusalWords[status], codes }: { readonly words?: string; readonly codes?: readonly string[] },
): Json {
  return {
    description: words ?? "Refused.",
    ...(saysWhenToComeAgain.has(status) && { headers: { "Retry-After": retryAfter } }),
    content: { "application/problem+json": { schema: refer(problem), examples: problemsOf(status, codes) } },
  }
}
