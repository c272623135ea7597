import { promisify } from "node:util"
import { gzip } from "node:zlib"
import { Client as ApiClient } from "@/sdk/src/client/client"
import {
  AuditoriumError,
  ConnectionError,
  ProblemError,
  UnexpectedAnswerError,
} from "@/sdk/src/client/errors"
import type { BatchResult, Fault, ItemResult, Key } from "@/sdk/src/client/generated/api"

const zip = promisify(gzip)

/** The server cannot be used as it was meant: wrong key, wrong address. Trying again changes nothing. */
export class RefusedError extends Error {
  override readonly name = "RefusedError"
}

/** The server was not reached, or kept saying "later", for longer than the command waits. */
export class UnreachableError extends Error {
  override readonly name = "UnreachableError"
}

export type { Fault, Key as KeyHolder }

/** What became of one event. */
export interface Outcome {
  readonly outcome: "accepted" | "duplicate" | "rejected"
  readonly faults: readonly Fault[]
}

/** A slow answer is worth waiting for: the events may be on their way to the disk. */
const attemptMs = 120_000

/** The client of the API as this command uses it: batches that are too large are halved, and an event alone is judged. */
export class Client {
  private readonly client: ApiClient
  private readonly url: URL
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
    this.client = new ApiClient({
      url: options.url,
      key: options.key,
      patienceMs: options.patienceSeconds * 1000,
      attemptMs,
      onRetry: ({ reason, delayMs }) => options.onWait(reason, delayMs / 1000),
    })
    this.url = options.url
    this.onNote = options.onNote
  }

  /** Returns the organization and app of the key. Throws RefusedError for a key that may not send events. */
  async describeKey(): Promise<Key> {
    const key = await this.client.describeKey().catch(raise)
    if (!Array.isArray(key.permissions) || !key.app || !key.organization) {
      throw new RefusedError(`${this.url.origin} answered with other JSON: is it an Auditorium server?`)
    }
    if (!key.permissions.includes("LOG-INGESTION")) {
      throw new RefusedError("The key may not send events: it has no LOG-INGESTION.")
    }
    return key
  }

  /** Returns the result for each event, in order. Sending the same events again is harmless because of their ids. */
  async send(events: readonly string[]): Promise<readonly Outcome[]> {
    const body = new Uint8Array(await zip(events.map(event => `${event}\n`).join(""), { level: 1 }))
    try {
      const { results }: BatchResult = await this.client.sendLines(body, { encoding: "gzip" })
      if (results.length === events.length) return results.map(outcomeOf)
    } catch (error) {
      return this.judge(error, { events, bytes: body.byteLength })
    }
    throw new RefusedError(`${this.url.origin} answered with other results than for the events sent.`)
  }

  private async judge(
    error: unknown,
    { events, bytes }: { readonly events: readonly string[]; readonly bytes: number },
  ): Promise<readonly Outcome[]> {
    const status = statusOf(error)
    // Our own server explains in a problem document what is too large; another response comes from a proxy in front of it.
    const byProxy = status === 413 && error instanceof UnexpectedAnswerError
    if (status === 413 && events.length > 1) {
      if (byProxy) this.note(proxyLimit(this.url, bytes, "Sending smaller batches."))
      const half = events.length >> 1
      return [...(await this.send(events.slice(0, half))), ...(await this.send(events.slice(half)))]
    }
    if (byProxy) {
      throw new RefusedError(proxyLimit(this.url, bytes, "It cannot be made smaller: this is one event."))
    }
    if (events.length === 1 && error instanceof ProblemError && [400, 413, 422].includes(error.status)) {
      const whole = { pointer: "", detail: error.detail }
      return [{ outcome: "rejected", faults: error.errors.length === 0 ? [whole] : error.errors }]
    }
    return raise(error)
  }

  private note(text: string): void {
    if (!this.hasNoted) this.onNote(text)
    this.hasNoted = true
  }
}

/** Throws the error in the words of this command. */
function raise(error: unknown): never {
  const status = statusOf(error)
  if (!(error instanceof AuditoriumError)) throw error
  const isPassing = error instanceof ConnectionError || status === 408 || status === 429 || status >= 500
  throw isPassing ? new UnreachableError(error.message) : new RefusedError(error.message)
}

/** Returns the HTTP status of a refusal; 0 for every other error. */
function statusOf(error: unknown): number {
  return error instanceof ProblemError || error instanceof UnexpectedAnswerError ? error.status : 0
}

function outcomeOf(result: ItemResult): Outcome {
  if (result.outcome === "conflict") return conflict
  return { outcome: result.outcome, faults: result.outcome === "rejected" ? result.errors : [] }
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
