import type { Fault } from "@/lib/errors"

/** Why one of the page's own requests failed, in words for the reader. */
export interface FetchFailure {
  /** The HTTP status, or null without a response. */
  readonly status: number | null
  readonly code: string
  readonly message: string
  readonly requestId: string | null
  readonly retryAfterSeconds: number | null
  /** The invalid parts of the query, by pointer. */
  readonly faults?: readonly Fault[]
}

export type Fetched<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: FetchFailure }

/** Returns the JSON of one of our own routes, or the failure. Never throws, also not when aborted. */
export async function fetchJson<T>(address: string, signal: AbortSignal): Promise<Fetched<T>> {
  try {
    const response = await fetch(address, { signal, headers: { accept: "application/json" } })
    if (!response.ok) return { ok: false, failure: await readFailure(response) }
    return { ok: true, value: await trustedJson<T>(response) }
  } catch (error) {
    return { ok: false, failure: unreachable(error) }
  }
}

/** Returns the content of a refusal: its problem document if it has one. */
export async function readFailure(response: Response): Promise<FetchFailure> {
  const problem: unknown = await response.json().catch(() => null)
  const retryAfter = Number(response.headers.get("retry-after") ?? Number.NaN)
  return {
    status: response.status,
    code: member(problem, "code") ?? String(response.status),
    message:
      member(problem, "detail") ?? member(problem, "title") ?? `The server answered ${response.status}.`,
    requestId: member(problem, "requestId") ?? response.headers.get("x-request-id"),
    retryAfterSeconds: Number.isFinite(retryAfter) ? retryAfter : null,
    faults: faultsOf(problem),
  }
}

function faultsOf(problem: unknown): readonly Fault[] {
  const listed: unknown =
    typeof problem === "object" && problem !== null ? Reflect.get(problem, "errors") : null
  if (!Array.isArray(listed)) return []
  return listed.flatMap(entry => {
    const [pointer, message] = [member(entry, "pointer"), member(entry, "detail")]
    return pointer === null || message === null ? [] : [{ pointer, message }]
  })
}

/** Returns the failure of a request without a response, or with an incomplete one. */
export function unreachable(error: unknown): FetchFailure {
  const aborted = error instanceof DOMException && error.name === "AbortError"
  return {
    status: null,
    code: aborted ? "cancelled" : "unreachable",
    message: aborted ? "Cancelled." : "The server could not be reached. Check the connection and try again.",
    requestId: null,
    retryAfterSeconds: null,
  }
}

/** Our own routes respond with the type of their operation, so it is not validated again in the browser. */
async function trustedJson<T>(response: Response): Promise<T> {
  return (await response.json()) as T
}

function member(value: unknown, name: string): string | null {
  if (typeof value !== "object" || value === null) return null
  const found: unknown = Reflect.get(value, name)
  return typeof found === "string" ? found : null
}
