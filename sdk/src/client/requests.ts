import { retryAfterMs } from "@/sdk/src/transport"
import { readJson, readStream } from "./answers"
import { AuditoriumError, ConnectionError, ProblemError, UnexpectedAnswerError } from "./errors"
import type { Settings } from "./options"
import type { Time } from "./time"

/**
 * When a request is sent again. `refused`: only when the server has not begun with it (429). `safe`: also after 408 and 503, a broken
 * connection, and 502 or 504 of a proxy, because the server may get it twice. `stubborn`: also after any other 5xx.
 */
export type Repetition = "refused" | "safe" | "stubborn"

export interface Call {
  readonly method: string
  /** Below the url of the server, without a slash in front, with the query string. */
  readonly path: string
  readonly repeat: Repetition
  readonly accept?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array<ArrayBuffer>
  readonly signal?: AbortSignal | undefined
}

/** Sends requests, again and again where that is harmless, within the limits of the settings. */
export class Requests {
  constructor(
    private readonly settings: Settings,
    private readonly time: Time,
  ) {}

  /** Returns the JSON value of the answer. Throws AuditoriumError, or the reason of the signal. */
  json(call: Call): Promise<unknown> {
    return this.send(call, (response, head) => readJson(response, head))
  }

  /** Returns the body of the answer as it arrives. It fails with ConnectionError when the connection breaks. */
  stream(call: Call): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
    return this.send(call, async (response, head, leash) => {
      const body = await readStream(response, head)
      leash.keep()
      return whole(body, { origin: head.origin, signal: call.signal, release: () => leash.release() })
    })
  }

  private async send<Answer>(call: Call, read: Reader<Answer>): Promise<Answer> {
    const { patienceMs, attemptMs, onRetry } = this.settings
    const startedMs = this.time.now()
    const left = () => patienceMs - (this.time.now() - startedMs)
    for (let attempt = 1; ; attempt++) {
      const limitMs = attempt === 1 ? attemptMs : Math.min(attemptMs, Math.max(1, left()))
      const failure = await this.attempt(call, { read, limitMs })
      if (!(failure instanceof Failure)) return failure
      const { error } = failure
      if (!isPassing(error, call.repeat)) throw error
      const delayMs = delayOf(error) ?? backOffMs(attempt, this.time.random())
      if (delayMs >= left()) throw attempt === 1 ? error : givenUp(error, attempt)
      onRetry?.({ reason: reasonOf(error, this.settings.url.origin), delayMs, attempt })
      await this.time.sleep(delayMs, call.signal)
    }
  }

  private async attempt<Answer>(
    { method, path, accept = "application/json", headers, body, signal }: Call,
    { read, limitMs }: { readonly read: Reader<Answer>; readonly limitMs: number },
  ): Promise<Answer | Failure> {
    signal?.throwIfAborted()
    const { url, key, agent, fetch } = this.settings
    const leash = new Leash(this.time, limitMs, signal)
    try {
      const response = await fetch(new URL(path, url), {
        method,
        headers: { accept, "user-agent": agent, ...headers, authorization: `Bearer ${key}` },
        body,
        // The key goes to the url that was named and nowhere else, and no cookie goes with it.
        redirect: "manual",
        credentials: "omit",
        cache: "no-store",
        signal: leash.signal,
      })
      const retryAfter = retryAfterMs(response.headers.get("retry-after") ?? undefined, this.time.today())
      return await read(response, { origin: url.origin, retryAfterMs: retryAfter }, leash)
    } catch (error) {
      if (signal?.aborted) throw signal.reason
      if (error instanceof AuditoriumError) return new Failure(error)
      const why = leash.isLate
        ? `did not answer within ${limitMs / 1000} seconds`
        : `cannot be reached (${causeOf(error)})`
      return new Failure(new ConnectionError(`${url.origin} ${why}.`))
    } finally {
      if (!leash.isKept) leash.release()
    }
  }
}

type Reader<Answer> = (
  response: Response,
  head: { readonly origin: string; readonly retryAfterMs: number | null },
  leash: Leash,
) => Promise<Answer>

class Failure {
  constructor(readonly error: AuditoriumError) {}
}

/** A signal for one attempt: it follows that of the caller, and aborts when the time is up. */
class Leash {
  private readonly controller = new AbortController()
  private readonly cancel: () => void
  private readonly follow: () => void
  isLate = false
  isKept = false

  constructor(
    time: Time,
    limitMs: number,
    private readonly other: AbortSignal | undefined,
  ) {
    this.follow = () => this.controller.abort(other?.reason)
    other?.addEventListener("abort", this.follow, { once: true })
    this.cancel = time.after(limitMs, () => {
      this.isLate = true
      this.controller.abort()
    })
  }

  get signal(): AbortSignal {
    return this.controller.signal
  }

  /** Ends the limit, and leaves `release` to the reader of a stream. */
  keep(): void {
    this.isKept = true
    this.cancel()
  }

  release(): void {
    this.cancel()
    this.other?.removeEventListener("abort", this.follow)
  }
}

/** Returns the same stream, which fails in our words and says when it has ended, however it ends. */
function whole(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  ending: {
    readonly origin: string
    readonly signal: AbortSignal | undefined
    readonly release: () => void
  },
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const reader = body.getReader()
  return new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      async pull(controller) {
        try {
          const { done, value } = await reader.read()
          if (!done) return controller.enqueue(value)
          ending.release()
          controller.close()
        } catch (error) {
          ending.release()
          const broken = new ConnectionError(
            `${ending.origin} broke off: ${causeOf(error)}. The rest is missing.`,
          )
          controller.error(ending.signal?.aborted ? ending.signal.reason : broken)
        }
      },
      cancel(reason) {
        ending.release()
        return reader.cancel(reason)
      },
    },
    { highWaterMark: 0 },
  )
}

function isPassing(error: AuditoriumError, repeat: Repetition): boolean {
  if (error instanceof ConnectionError) return repeat !== "refused"
  if (!(error instanceof ProblemError || error instanceof UnexpectedAnswerError)) return false
  const { status } = error
  if (status === 429) return true
  if (repeat === "refused") return false
  if (status === 408 || status === 503) return true
  if (repeat === "stubborn") return status >= 500
  // A proxy did not reach the server. Our own 504 says that the query takes too long, and would say so again.
  return error instanceof UnexpectedAnswerError && (status === 502 || status === 504)
}

/** The shortest wait, whatever a server asks for. */
const leastDelayMs = 100

function delayOf(error: AuditoriumError): number | null {
  const asked =
    error instanceof ProblemError || error instanceof UnexpectedAnswerError ? error.retryAfterMs : null
  return asked === null ? null : Math.max(leastDelayMs, asked)
}

/** Half a second, doubled each time up to half a minute, less a random part so that many clients do not come back at once. */
function backOffMs(attempt: number, random: number): number {
  return Math.min(30_000, 500 * 2 ** (attempt - 1)) * (1 - random / 2)
}

function givenUp(error: AuditoriumError, attempts: number): AuditoriumError {
  error.message = `${error.message.replace(/\.$/, "")}; gave up after ${attempts} attempts.`
  return error
}

/** Returns what happened without the name of the server: "answered 503: ...". */
function reasonOf({ message }: AuditoriumError, origin: string): string {
  return message.replace(`${origin} `, "").replace(/\.$/, "")
}

/** Returns the words or the code of the error underneath, in which no header and no key is. */
function causeOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error
  if (!(cause instanceof Error)) return String(cause)
  return "code" in cause && typeof cause.code === "string" ? cause.code : cause.message
}
