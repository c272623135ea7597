import type { EventInput } from "@/lib/audit/event/input"
import { closeAll, standardConnection } from "./connection"
import { answerWith, fetchCapture } from "./fetch-capture"
import type { CaptureOptions, MaybePromise } from "./options"
import type { RecordResult } from "./outcome"
import { webPlatform } from "./web-platform"

export type { ActorInput, EventInput } from "@/lib/audit/event/input"

export interface FetchOptions extends CaptureOptions<Request> {
  /** Returns the address of the connection, from what the platform gives to the handler. */
  readonly peer?: ((request: Request, ...rest: unknown[]) => string | null | undefined) | undefined
}

/**
 * Returns a handler of requests in the style of `fetch` (Deno, Bun, workers) that records the calls of the given one. Events are
 * kept in memory only.
 *
 *     export default { fetch: auditorium(handler, { url, key }) }
 */
export function auditorium<Rest extends unknown[]>(
  handler: (request: Request, ...rest: Rest) => MaybePromise<Response>,
  options: FetchOptions = {},
): (request: Request, ...rest: Rest) => Promise<Response> {
  const capture = fetchCapture(options, "fetch", webPlatform)
  return (request, ...rest) => {
    const call = capture(request, {
      subject: request,
      peer: peerOf(options, request, rest),
      route: () => null,
    })
    return answerWith(call, () => handler(request, ...rest))
  }
}

function peerOf({ peer }: FetchOptions, request: Request, rest: unknown[]): string | null {
  try {
    return peer?.(request, ...rest) ?? null
  } catch {
    // The application's function: without an answer of it the address is not known.
    return null
  }
}

/** Records an event. Resolves when the server has it, or it is clear what becomes of it. Never rejects. */
export async function record(event: EventInput): Promise<RecordResult> {
  const connection = standardConnection(webPlatform)
  return connection?.recorder("generic").record(event) ?? { id: event.id ?? "", outcome: "lost" }
}

/** Sends what is waiting, in at most so many milliseconds. */
export function close(limitMs = 5_000): Promise<void> {
  return closeAll(limitMs)
}
