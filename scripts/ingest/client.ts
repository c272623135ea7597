import { setTimeout as wait } from "node:timers/promises"
import { promisify } from "node:util"
import { gzip } from "node:zlib"
import { z } from "zod"

const zip = promisify(gzip)

/** The server cannot be used as it was meant: wrong key, wrong address. Trying again changes nothing. */
export class RefusedError extends Error {
  override readonly name = "RefusedError"
}

/** The server was not reached, or kept saying "later", for longer than the command waits. */
export class UnreachableError extends Error {
  override readonly name = "UnreachableError"
}

const errorsSchema = z.array(z.object({ pointer: z.string(), detail: z.string() }))
const answerSchema = z.object({
  results: z.array(
    z.object({
      outcome: z.enum(["accepted", "duplicate", "conflict", "rejected"]),
      errors: errorsSchema.optional(),
    }),
  ),
})
const keySchema = z.object({
  organization: z.object({ name: z.string() }),
  app: z.object({ id: z.string(), name: z.string() }),
  permissions: z.array(z.string()),
})
const problemSchema = z.object({ detail: z.string(), errors: errorsSchema.optional() })

export interface Fault {
  readonly pointer: string
  readonly detail: string
}

/** What became of one event. */
export interface Outcome {
  readonly outcome: "accepted" | "duplicate" | "rejected"
  readonly faults: readonly Fault[]
}

export type KeyHolder = z.infer<typeof keySchema>

interface Answer {
  readonly status: number
  readonly body: unknown
}

/** The API as this command uses it: every request is tried again until it is answered or patience is at its end. */
export class Client {
  private readonly url: URL
  private readonly key: string
  private readonly patienceMs: number
  private readonly onWait: (reason: string, seconds: number) => void
  private readonly onNote: (note: string) => void
  private hasNoted = false

  constructor(options: {
    url: URL
    key: string
    patienceSeconds: number
    onWait: (reason: string, seconds: number) => void
    /** Something that the person should know, though the work goes on. */
    onNote: (note: string) => void
  }) {
    this.url = options.url
    this.key = options.key
    this.patienceMs = options.patienceSeconds * 1000
    this.onWait = options.onWait
    this.onNote = options.onNote
  }

  /** Returns the organization and app of the key. Throws RefusedError for a key that may not send events. */
  async describeKey(): Promise<KeyHolder> {
    const answer = await this.request("api/v1/key", { method: "GET" })
    const holder = keySchema.safeParse(answer.body)
    if (answer.status !== 200 || !holder.success) throw refusal(answer, this.url)
    if (!holder.data.permissions.includes("LOG-INGESTION")) {
      throw new RefusedError("The key may not send events: it has no LOG-INGESTION.")
    }
    return holder.data
  }

  /** Returns the result for each event, in order. Sending the same events again is harmless because of their ids. */
  async send(events: readonly string[]): Promise<readonly Outcome[]> {
    const body = new Uint8Array(await zip(events.map(event => `${event}\n`).join(""), { level: 1 }))
    const answer = await this.request("api/v1/events", {
      method: "POST",
      headers: { "content-type": "application/x-ndjson", "content-encoding": "gzip" },
      body,
    })
    const parsed = answerSchema.safeParse(answer.body)
    if (parsed.success && parsed.data.results.length === events.length) {
      return parsed.data.results.map(({ outcome, errors = [] }) =>
        outcome === "conflict" ? conflict : { outcome, faults: errors },
      )
    }
    // Our own server explains in a problem document what is too large; another response comes from a proxy in front of it.
    const byProxy = answer.status === 413 && detailOf(answer.body) === undefined
    if (answer.status === 413 && events.length > 1) {
      if (byProxy) this.note(proxyLimit(this.url, body.byteLength, "Sending smaller batches."))
      const half = events.length >> 1
      return [...(await this.send(events.slice(0, half))), ...(await this.send(events.slice(half)))]
    }
    if (byProxy) {
      throw new RefusedError(
        proxyLimit(this.url, body.byteLength, "It cannot be made smaller: this is one event."),
      )
    }
    const problem = problemSchema.safeParse(answer.body)
    if (events.length === 1 && problem.success && [400, 413, 422].includes(answer.status)) {
      const { detail, errors = [{ pointer: "", detail }] } = problem.data
      return [{ outcome: "rejected", faults: errors }]
    }
    throw refusal(answer, this.url)
  }

  private note(text: string): void {
    if (!this.hasNoted) this.onNote(text)
    this.hasNoted = true
  }

  private async request(path: string, init: RequestInit): Promise<Answer> {
    const startedMs = performance.now()
    for (let attempt = 1; ; attempt++) {
      const tried = await this.attempt(path, init)
      if ("status" in tried) return tried
      const leftMs = this.patienceMs - (performance.now() - startedMs)
      const delayMs = tried.retryAfterMs ?? backOffMs(attempt)
      if (delayMs > leftMs) {
        throw new UnreachableError(`${this.url.origin} ${tried.reason}; gave up after ${attempt} attempts.`)
      }
      this.onWait(tried.reason, delayMs / 1000)
      await wait(delayMs)
    }
  }

  private async attempt(
    path: string,
    init: RequestInit,
  ): Promise<Answer | { reason: string; retryAfterMs: number | null }> {
    try {
      const base = this.url.href.endsWith("/") ? this.url.href : `${this.url.href}/`
      const response = await fetch(new URL(path, base), {
        ...init,
        headers: { ...init.headers, authorization: `Bearer ${this.key}`, accept: "application/json" },
        // The key goes to the address that was named and nowhere else.
        redirect: "manual",
        signal: AbortSignal.timeout(120_000),
      })
      const text = await response.text()
      if (response.status === 429 || response.status >= 500) {
        const reason = `answered ${response.status} (${detailOf(jsonOf(text)) ?? response.statusText})`
        return { reason, retryAfterMs: retryAfterMs(response.headers.get("retry-after")) }
      }
      const location = response.headers.get("location")
      if (location !== null)
        throw new RefusedError(`${this.url.origin} leads on to ${location}; name that address.`)
      return { status: response.status, body: jsonOf(text) }
    } catch (error) {
      if (error instanceof RefusedError) throw error
      return { reason: `cannot be reached (${causeOf(error)})`, retryAfterMs: null }
    }
  }
}

const conflict: Outcome = {
  outcome: "rejected",
  faults: [{ pointer: "/id", detail: "names an event that was sent before with another content" }],
}

function proxyLimit(url: URL, bytes: number, consequence: string): string {
  const size = `${Math.ceil(bytes / 1024)} KiB`
  return (
    `${url.origin} answered 413 to a body of ${size}, and not in the words of Auditorium: a proxy before it takes no ` +
    `bodies of this size. ${consequence} In nginx the limit is client_max_body_size, 1m unless set; docs/deployment.md has the rest.`
  )
}

function refusal({ status, body }: Answer, url: URL): RefusedError {
  const detail = detailOf(body) ?? `is it an Auditorium server?`
  return new RefusedError(`${url.origin} answered ${status}: ${detail}`)
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // A proxy's page, perhaps: what it says is of no use here, its status is.
    return null
  }
}

function detailOf(body: unknown): string | undefined {
  return problemSchema.safeParse(body).data?.detail
}

function causeOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error
  if (!(cause instanceof Error)) return String(cause)
  return "code" in cause && typeof cause.code === "string" ? cause.code : cause.message
}

/** Half a second, doubled each time up to half a minute, less a random part so that many senders do not come back at once. */
function backOffMs(attempt: number): number {
  return Math.min(30_000, 500 * 2 ** (attempt - 1)) * (1 - Math.random() / 2)
}

/** The header holds seconds or a date (RFC 9110). */
function retryAfterMs(header: string | null): number | null {
  if (header === null) return null
  const delayMs = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now()
  return Number.isNaN(delayMs) ? null : Math.max(0, delayMs)
}
