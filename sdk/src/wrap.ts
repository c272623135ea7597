import type { IncomingMessage, ServerResponse } from "node:http"
import type { Headers } from "@/lib/audit/capture/call"
import type { KeptBody } from "./kept-body"

/**
 * Lets a body pass through a copy on its way into the request. Only the call by which the parser hands it over is wrapped: nobody
 * reads because of this, so a body that the application does not read stays unread, and one that it reads late waits.
 */
export function wrapRequest(request: IncomingMessage, body: KeptBody): void {
  takeWhatCame(request, body)
  const push = request.push
  request.push = function (this: IncomingMessage, ...[chunk, encoding]: Parameters<typeof push>) {
    if (chunk === null) body.isEnded = true
    else body.takeAny(chunk, encoding)
    return push.call(this, chunk, encoding)
  }
}

/** Behind a middleware that waited, the beginning of the body has come already and nobody has read it. */
function takeWhatCame(request: IncomingMessage, body: KeptBody): void {
  if (request.readableLength === 0) return
  // The cast: the member of Node that holds what has come has no type.
  const { buffer, bufferIndex = 0 } = (request as unknown as Waiting)._readableState ?? {}
  for (const chunk of [...(buffer ?? [])].slice(bufferIndex)) body.takeAny(chunk, "utf8")
  if (request.complete) body.isEnded = true
}

interface Waiting {
  readonly _readableState?: { readonly buffer?: Iterable<unknown>; readonly bufferIndex?: number }
}

type Method<Result> = (this: ServerResponse, ...args: unknown[]) => Result

/** Lets the answer pass through a copy. The methods return what they returned, also that the receiver is slow. */
export function wrapResponse(response: ServerResponse, body: KeptBody, firstWrite: () => void): void {
  // The casts: both methods have several forms, which are all passed on as they are.
  const methods = response as unknown as { write: Method<boolean>; end: Method<ServerResponse> }
  const { write, end } = methods
  let isEnding = false
  let hasWritten = false
  methods.write = function (...args) {
    // Some responses write their last chunk by this method, which has been counted then.
    if (!isEnding) body.takeAny(args[0], args[1])
    const result = write.apply(this, args)
    if (!hasWritten) {
      hasWritten = true
      firstWrite()
    }
    return result
  }
  methods.end = function (...args) {
    if (!isEnding) body.takeAny(args[0], args[1])
    isEnding = true
    try {
      return end.apply(this, args)
    } finally {
      isEnding = false
    }
  }
}

/** Returns the headers as they were sent, those that Node adds included. */
export function headersSentBy(response: ServerResponse): Headers {
  // The cast: the member of Node that holds the sent head has no type.
  const { _header: head } = response as unknown as { readonly _header?: unknown }
  if (typeof head !== "string") return headersSetOn(response)
  const headers: (readonly [string, string])[] = []
  let from = head.indexOf("\r\n") + 2
  for (;;) {
    const end = head.indexOf("\r\n", from)
    // An empty line ends the head.
    if (end <= from) return headers
    const colon = head.indexOf(": ", from)
    headers.push([head.slice(from, colon), head.slice(colon + 2, end)])
    from = end + 2
  }
}

/** HTTP/2 has no head in text. */
function headersSetOn(response: ServerResponse): Headers {
  return Object.entries(response.getHeaders()).flatMap(([name, value]) =>
    [value ?? ""].flat().map(one => [name, String(one)] as const),
  )
}
