import type { Fault } from "@/lib/errors"

/** Why one of the page's own requests did not answer, in words for the reader. */
export interface FetchFailure {
  /** The HTTP status, or null when no answer came at all. */
  readonly status: number | null
  readonly code: string
  readonly message: string
  readonly requestId: string | null
  readonly retryAfterSeconds: number | null
  /** What of the request was not understood, by pointer. */
  readonly faults?: readonly Fault[]
}

export type Fetched<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: FetchFailure }

/** Promise: the JSON of one of our own routes, or why there is none; never throws, an abort included. */
export async function fetchJson<T>(address: string, signal: AbortSignal): Promise<Fetched<T>> {
  try {
    const response = await fetch(address, { signal, headers: { accept: "application/json" } })
    if (!response.ok) return { ok: false, failure: await readFailure(response) }
    return { ok: true, value: await trustedJson<T>(response) }
  } catch (error) {
    return { ok: false, failure: unreachable(error) }
  }
}

/** Promise: what a refusal says: its problem document when it has one. */
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

/** Promise: the failure of a request that got no answer, or only the beginning of one. */
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

/** Our own routes answer in the type of their operation, so its shape is not checked a second time in the browser. */
async function trustedJson<T>(response: Response): Promise<T> {
  return (await response.json()) as T
}

function member(value: unknown, name: string): string | null {
  if (typeof value !== "object" || value === null) return null
  const found: unknown = Reflect.get(value, name)
  return typeof found === "string" ? found : null
}
