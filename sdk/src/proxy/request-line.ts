import type { IncomingMessage } from "node:http"
import type { Problem } from "./problem"
import { valuesOf } from "./raw-headers"

/** How the body of a request is sent. */
export interface RequestFraming {
  readonly isChunked: boolean
  /** Null when the request does not say. */
  readonly contentLength: number | null
}

/** Returns how the body is sent, or why the request cannot be passed on without being read in two ways. */
export function readFraming(request: IncomingMessage): RequestFraming | Problem {
  const refused = refuseTarget(request)
  if (refused !== null) return refused
  const codings = valuesOf(request.rawHeaders, "transfer-encoding")
  const lengths = valuesOf(request.rawHeaders, "content-length")
  if (codings.length > 0 && lengths.length > 0) {
    return { status: 400, detail: "A request has either Content-Length or Transfer-Encoding, not both." }
  }
  if (codings.length > 0) return readCoding(request, codings)
  if (lengths.length === 0) return { isChunked: false, contentLength: null }
  const [length = ""] = lengths
  if (lengths.length > 1 || !/^\d{1,15}$/.test(length)) {
    return { status: 400, detail: "Content-Length must be one whole number." }
  }
  return { isChunked: false, contentLength: Number(length) }
}

export function isProblem(framing: RequestFraming | Problem): framing is Problem {
  return "status" in framing
}

function readCoding(request: IncomingMessage, codings: readonly string[]): RequestFraming | Problem {
  if (request.httpVersion !== "1.1") {
    return { status: 400, detail: "Transfer-Encoding is not part of HTTP/1.0." }
  }
  if (codings.length > 1 || codings[0]?.trim().toLowerCase() !== "chunked") {
    return { status: 501, detail: "Of the transfer codings only chunked is understood here." }
  }
  return { isChunked: true, contentLength: null }
}

/** The target is fixed by the operator: a request names a path and nothing else. */
function refuseTarget({ url = "", method }: IncomingMessage): Problem | null {
  if (url.startsWith("/") || (url === "*" && method === "OPTIONS")) return null
  return {
    status: 400,
    detail: "The request target must be a path. This proxy has one target, which a request cannot choose.",
  }
}
