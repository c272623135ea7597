/** A request to the server. The key is added by the transport and goes to the configured address only. */
export interface ApiRequest {
  readonly method: "GET" | "POST"
  /** Below the address of the server, without a slash in front: `api/v1/events`. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  /** Text, or text that is in UTF-8 already. */
  readonly body?: string | Uint8Array<ArrayBuffer>
}

export interface ApiAnswer {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: string
}

/** How the server is reached. Rejects when it was not reached or did not answer in time; follows no redirect. */
export type Transport = (request: ApiRequest) => Promise<ApiAnswer>

export interface Server {
  readonly url: URL
  readonly key: string
}

/** An answer that is longer is cut: none that is understood is. */
export const longestAnswer = 4 * 1024 * 1024

export const answerTimeoutMs = 30_000

export function addressOf(server: Server, path: string): URL {
  const base = server.url.href.endsWith("/") ? server.url.href : `${server.url.href}/`
  return new URL(path, base)
}

export function headersOf(server: Server, request: ApiRequest): Record<string, string> {
  return {
    accept: "application/json",
    "user-agent": "auditorium-sdk",
    ...request.headers,
    authorization: `Bearer ${server.key}`,
  }
}

/** Returns the delay that the header asks for: seconds or a date (RFC 9110); null when it asks for none. */
export function retryAfterMs(header: string | undefined, now: number): number | null {
  if (header === undefined) return null
  const delayMs = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now
  return Number.isNaN(delayMs) ? null : Math.min(3_600_000, Math.max(0, delayMs))
}
