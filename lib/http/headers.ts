import type { RateLimit } from "@/lib/errors"

/** Returns the headers of every response: its type, no sniffing, no storing, and the request id. */
export function answerHeaders(contentType: string, requestId: string, extra?: HeadersInit): Headers {
  const headers = new Headers(extra)
  headers.set("content-type", contentType)
  headers.set("x-content-type-options", "nosniff")
  headers.set("cache-control", "no-store")
  headers.set("x-request-id", requestId)
  return headers
}

/** Returns a JSON response with those headers. */
export function jsonResponse(
  value: unknown,
  requestId: string,
  init: { status?: number; headers?: HeadersInit } = {},
): Response {
  return new Response(JSON.stringify(value), {
    status: init.status ?? 200,
    headers: answerHeaders("application/json; charset=utf-8", requestId, init.headers),
  })
}

/** Returns the headers by which a sender can slow down before it is refused. */
export function rateLimitHeaders({
  limitPerSecond,
  remaining,
  resetSeconds,
}: RateLimit): Record<string, string> {
  return {
    "ratelimit-limit": String(limitPerSecond),
    "ratelimit-remaining": String(remaining),
    "ratelimit-reset": String(resetSeconds),
  }
}
