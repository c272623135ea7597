import { type ItemOutcome, judge } from "./judge"
import type { Log } from "./log"
import type { Losses } from "./losses"
import { Outbox } from "./outbox"
import { bodyOf, type Line, type QueueLimits } from "./queue"
import type { Spool } from "./spool"
import { later } from "./timer"
import type { Transport } from "./transport"

export interface SenderOptions {
  readonly transport: Transport
  /** Null where there is no file system: then what does not fit into memory is lost, and counted. */
  readonly spool: Spool | null
  readonly log: Log
  /** Names this process in the event that reports losses. */
  readonly instance: string
  readonly newId: () => string
  /** What is held in memory. */
  readonly limits?: QueueLimits
  /** What is sent at once. */
  readonly batch?: QueueLimits
  /** How long an event waits for others. */
  readonly flushMs?: number
  readonly firstRetryMs?: number
  readonly longestRetryMs?: number
  /** The least time between two events that report losses. */
  readonly lossEveryMs?: number
  readonly now?: () => number
  readonly random?: () => number
}

const defaults = {
  batch: { events: 500, bytes: 1024 * 1024 },
  flushMs: 1_000,
  firstRetryMs: 1_000,
  longestRetryMs: 30_000,
  now: Date.now,
  random: Math.random,
}

/**
 * Sends events in order, one batch at a time: what is on disk first, then what is in memory. What the server does not take now
 * is kept; what cannot be kept is counted, and reported by an event of its own. Nothing throws, nothing keeps the process running.
 */
export class Sender {
  readonly #options: Required<Pick<SenderOptions, keyof typeof defaults>>
  readonly #transport: Transport
  readonly #spool: Spool | null
  readonly #log: Log
  readonly #outbox: Outbox
  #pump: Promise<void> | null = null
  #callOff: (() => void) | null = null
  #retryAt = 0
  #failures = 0
  #isClosing = false

  constructor(options: SenderOptions) {
    const { transport, spool, log, now = Date.now } = options
    this.#transport = transport
    this.#spool = spool
    this.#log = log
    this.#options = { ...defaults, ...options }
    this.#outbox = new Outbox({ ...options, now })
  }

  get losses(): Losses {
    return this.#outbox.losses
  }

  /** Takes an event. Returns false when there is no room for it: then it is lost, and counted. */
  add(line: Line): boolean {
    const isTaken = this.#outbox.add(line)
    this.#wake(this.#outbox.length >= this.#options.batch.events ? 0 : this.#options.flushMs)
    return isTaken
  }

  /** Tells whether so many events of so many bytes together can be taken now. */
  hasRoom(events: number, bytes: number): boolean {
    return this.#outbox.hasRoom(events, bytes)
  }

  /** Sends what earlier processes left on disk. */
  async start(): Promise<void> {
    await this.#spool?.adopt()
    if (this.#outbox.hasWork) this.#wake(0)
  }

  /** Sends what can be sent until then, and keeps the rest on disk. */
  async close(limitMs: number): Promise<void> {
    this.#isClosing = true
    this.#retryAt = 0
    let isOver = false
    let timer: ReturnType<typeof setTimeout> | undefined
    const limit = new Promise<void>(resolve => {
      // This timer keeps the process running, because the application waits for the end of the flush.
      timer = setTimeout(() => {
        isOver = true
        resolve()
      }, limitMs)
    })
    await Promise.race([this.#drain(() => isOver), limit])
    clearTimeout(timer)
    this.#callOff?.()
    this.#callOff = null
    this.keepAll()
    this.#spool?.close()
    this.#isClosing = false
  }

  /** Writes everything that is not yet with the server to the disk, without a turn of the event loop. */
  keepAll(): void {
    this.#outbox.keepAll()
  }

  async #drain(isOver: () => boolean): Promise<void> {
    await this.#pump
    this.#failures = 0
    while (!isOver() && this.#outbox.hasWork && this.#failures === 0) {
      this.#retryAt = 0
      await this.#run()
    }
  }

  #wake(ms: number): void {
    if (this.#pump !== null || (this.#callOff !== null && ms > 0)) return
    this.#callOff?.()
    // While the server is away, what comes in goes to the disk all the same.
    this.#callOff = later(ms, () => {
      this.#callOff = null
      void this.#run()
    })
  }

  #run(): Promise<void> {
    this.#pump ??= this.#pumpOnce().finally(() => {
      this.#pump = null
      if (!this.#isClosing && this.#outbox.hasWork) this.#wake(this.#options.flushMs)
    })
    return this.#pump
  }

  async #pumpOnce(): Promise<void> {
    while (this.#options.now() >= this.#retryAt) {
      const parcel = await this.#outbox.next(this.#options.batch, this.#isClosing)
      if (parcel === null) return
      await parcel.finish(await this.#send(parcel.lines))
    }
    await this.#outbox.spill()
  }

  /** Returns the lines of which the server has said nothing. */
  async #send(lines: readonly Line[]): Promise<readonly Line[]> {
    if (lines.length === 0) return lines
    const answer = await this.#transport({
      method: "POST",
      path: "api/v1/events",
      headers: { "content-type": "application/x-ndjson" },
      body: bodyOf(lines),
    }).catch((error: unknown) => causeOf(error))
    if (typeof answer === "string") {
      this.#postpone(`the server cannot be reached (${answer})`, null)
      return lines
    }
    const judgement = judge(answer, lines.length, this.#options.now())
    switch (judgement.kind) {
      case "items":
        this.#failures = 0
        for (const [at, line] of lines.entries()) this.#settle(line, judgement.items[at])
        return []
      case "later":
        this.#postpone(judgement.why, judgement.retryAfterMs)
        return lines
      case "configuration":
        this.#postpone(`${judgement.why}; events are kept until key and address are right`, null)
        return lines
      case "halve":
        return this.#sendHalves(lines, judgement.why)
    }
  }

  async #sendHalves(lines: readonly Line[], why: string): Promise<readonly Line[]> {
    const [line] = lines
    if (line !== undefined && lines.length === 1) {
      this.#settle(line, { outcome: "refused", why })
      return []
    }
    const half = lines.length >> 1
    const unsettled = await this.#send(lines.slice(0, half))
    const second = lines.slice(half)
    return unsettled.length > 0 ? [...unsettled, ...second] : this.#send(second)
  }

  #settle(line: Line, item: ItemOutcome | undefined): void {
    if (item === undefined) return
    if (item.outcome !== "refused") {
      line.settle?.(item.outcome)
      return
    }
    this.#log(`An event was refused: ${item.why}`)
    // A report of losses that is refused is not reported: the next one would be refused as well.
    if (!line.text.includes('"operation":"capture.lost"')) this.losses.add("refused", line.occurredAt)
    line.settle?.("refused", item.why)
  }

  #postpone(why: string, retryAfterMs: number | null): void {
    const { firstRetryMs, longestRetryMs, random, now } = this.#options
    const delay = Math.min(longestRetryMs, firstRetryMs * 2 ** Math.min(this.#failures, 20))
    this.#failures++
    this.#retryAt = now() + Math.max(delay * (1 - random() / 2), retryAfterMs ?? 0)
    this.#log(`${why[0]?.toUpperCase()}${why.slice(1)}.`)
  }
}

function causeOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error
  if (!(cause instanceof Error)) return String(cause)
  return "code" in cause && typeof cause.code === "string" ? cause.code : cause.message
}
