import {
  addressOf,
  answerTimeoutMs,
  headersOf,
  longestAnswer,
  type Server,
  type Transport,
} from "./transport"

/** Returns a transport over the platform's `fetch`, for what is not Node. */
export function fetchTransport(server: Server): Transport {
  return async request => {
    const response = await fetch(addressOf(server, request.path), {
      method: request.method,
      headers: headersOf(server, request),
      body: request.body,
      redirect: "manual",
      signal: AbortSignal.timeout(answerTimeoutMs),
    })
    const body = await response.text()
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: body.length > longestAnswer ? body.slice(0, longestAnswer) : body,
    }
  }
}
