import { type ItemOutcome, judge } from "./judge"
import type { Log } from "./log"
import { Losses, type LossReason } from "./losses"
import { type Line, lineOf, Queue, type QueueLimits, queueLimits } from "./queue"
import type { Spool, SpooledFile } from "./spool"
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
  readonly limits?: QueueLimits
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

const largestEvent = 256 * 1024

interface Batch {
  readonly lines: readonly Line[]
  /** Where the events go on disk when the server does not take them. */
  readonly place: string | undefined
}

/** A file of the spool that is being sent, and what of it is not settled. */
interface OpenFile {
  readonly file: SpooledFile
  left: readonly Line[]
}

/**
 * Sends events in order, one batch at a time: what is on disk first, then what is in memory. What the server does not take now
 * is kept; what cannot be kept is counted, and reported by an event of its own. Nothing throws, nothing keeps the process running.
 */
export class Sender {
  readonly losses = new Losses()
  readonly #options: Required<Omit<SenderOptions, "transport" | "spool" | "log" | "instance" | "newId">>
  readonly #transport: Transport
  readonly #spool: Spool | null
  readonly #log: Log
  readonly #instance: string
  readonly #newId: () => string
  readonly #queue: Queue
  /** The batch from memory that is on its way. */
  #inFlight: Batch | null = null
  #open: OpenFile | null = null
  #moving: readonly Line[] = []
  #move: Promise<void> | null = null
  #pump: Promise<void> | null = null
  #callOff: (() => void) | null = null
  #retryAt = 0
  #failures = 0
  #lossAt = Number.NEGATIVE_INFINITY
  #isClosing = false

  constructor({ transport, spool, log, instance, newId, ...options }: SenderOptions) {
    this.#transport = transport
    this.#spool = spool
    this.#log = log
    this.#instance = instance
    this.#newId = newId
    this.#options = {
      limits: queueLimits,
      batch: { events: 500, bytes: 1024 * 1024 },
      flushMs: 1_000,
      firstRetryMs: 1_000,
      longestRetryMs: 30_000,
      lossEveryMs: 60_000,
      now: Date.now,
      random: Math.random,
      ...options,
    }
    this.#queue = new Queue(this.#options.limits)
  }

  /** Events in memory, those on their way included. */
  get waiting(): number {
    return this.#queue.length + this.#moving.length + (this.#inFlight?.lines.length ?? 0)
  }

  /** Takes an event. Returns false when there is no room for it: then it is lost, and counted. */
  add(line: Line): boolean {
    if (line.bytes > largestEvent) return this.#lose(line, "too-large")
    if (!this.#queue.add(line)) return this.#lose(line, "full")
    if (this.#queue.length >= this.#options.batch.events) this.#wake(0)
    else this.#wake(this.#options.flushMs)
    if (this.#queue.isHalfFull) this.#spill()
    return true
  }

  /** Tells whether so many events of so many bytes together can be taken now. */
  hasRoom(events: number, bytes: number): boolean {
    return this.#queue.hasRoom(events, bytes)
  }

  /** Sends what earlier processes left on disk. */
  async start(): Promise<void> {
    await this.#spool?.adopt()
    if (this.#spool?.isEmpty === false) this.#wake(0)
  }

  /** Sends what can be sent until then, and keeps the rest on disk. */
  async close(limitMs: number): Promise<void> {
    this.#isClosing = true
    this.#retryAt = 0
    this.#wake(0)
    let isOver = false
    let timer: ReturnType<typeof setTimeout> | undefined
    const limit = new Promise<void>(resolve => {
      // This timer keeps the process running, because the application waits for the end of the flush.
      timer = setTimeout(() => {
        isOver = true
        resolve()
      }, limitMs)
    })
    const sent = (async () => {
      await this.#pump
      while (!isOver && this.#hasWork() && this.#failures === 0) await this.#run()
    })()
    await Promise.race([sent, limit])
    clearTimeout(timer)
    this.#callOff?.()
    this.#callOff = null
    this.keepAll()
    this.#spool?.close()
    this.#isClosing = false
  }

  /** Writes everything that is not yet with the server to the disk, without a turn of the event loop. */
  keepAll(): void {
    if (this.losses.count > 0) this.#queue.putBack([this.#lossLine()])
    // What is on its way may arrive, and what is being written may be written: the ids are fixed, so twice is harmless.
    const { lines = [], place } = this.#inFlight ?? {}
    this.#inFlight = null
    this.#writeNow(lines, place)
    const rest = this.#queue.take({ events: Number.MAX_SAFE_INTEGER, bytes: Number.MAX_SAFE_INTEGER })
    this.#queue.release(rest)
    this.#writeNow([...this.#moving, ...rest])
  }

  #writeNow(lines: readonly Line[], place?: string): void {
    const texts = lines.map(line => line.text)
    const written = lines.length === 0 ? 0 : (this.#spool?.writeNow(texts, place) ?? 0)
    for (const line of lines.slice(0, written)) line.settle?.("kept")
    for (const line of lines.slice(written)) this.#lose(line, "full")
  }

  #wake(ms: number): void {
    if (this.#pump !== null || (this.#callOff !== null && ms > 0)) return
    this.#callOff?.()
    const delay = Math.max(ms, this.#retryAt - this.#options.now())
    // While the server is away, what comes in goes to the disk all the same.
    this.#callOff = later(Math.min(delay, Math.max(ms, this.#options.flushMs)), () => {
      this.#callOff = null
      void this.#run()
    })
  }

  #run(): Promise<void> {
    this.#pump ??= this.#pumpOnce().finally(() => {
      this.#pump = null
      if (!this.#isClosing && this.#hasWork()) this.#wake(this.#options.flushMs)
    })
    return this.#pump
  }

  #hasWork(): boolean {
    return this.#queue.length > 0 || this.#spool?.isEmpty === false || this.losses.count > 0
  }

  async #pumpOnce(): Promise<void> {
    if (this.#options.now() < this.#retryAt) {
      await this.#spill()
      return
    }
    while (await this.#sendNext()) {}
    if (this.#failures > 0) await this.#spill()
  }

  /** Returns true when something was sent and more may follow. */
  async #sendNext(): Promise<boolean> {
    await this.#move
    return (await this.#openOldest()) === null ? this.#sendFromMemory() : this.#sendFromDisk()
  }

  async #openOldest(): Promise<OpenFile | null> {
    if (this.#open !== null) return this.#open
    const file = (await this.#spool?.oldest()) ?? null
    if (file === null) return null
    const now = new Date(this.#options.now()).toISOString()
    if (file.unreadable > 0) this.losses.add("unreadable", now, file.unreadable)
    this.#open = { file, left: file.lines.map(text => spooledLine(text, now)) }
    return this.#open
  }

  async #sendFromDisk(): Promise<boolean> {
    const open = this.#open
    if (open === null) return false
    while (open.left.length > 0) {
      const part = open.left.slice(0, this.#options.batch.events)
      const unsettled = await this.#send(part)
      open.left = [...unsettled, ...open.left.slice(part.length)]
      if (unsettled.length > 0) return false
    }
    this.#open = null
    await open.file.done()
    return true
  }

  async #sendFromMemory(): Promise<boolean> {
    this.#queueLosses()
    const lines = this.#queue.take(this.#options.batch)
    if (lines.length === 0) return false
    const batch = { lines, place: this.#spool?.reserve() }
    this.#inFlight = batch
    const unsettled = await this.#send(lines)
    // The process is ending, and has written these to the disk already.
    if (this.#inFlight === batch && unsettled.length > 0) await this.#keep(unsettled, batch.place)
    if (this.#inFlight === batch) this.#inFlight = null
    this.#queue.release(lines)
    return unsettled.length === 0
  }

  /** Returns the lines of which the server has said nothing. */
  async #send(lines: readonly Line[]): Promise<readonly Line[]> {
    const answer = await this.#transport({
      method: "POST",
      path: "api/v1/events",
      headers: { "content-type": "application/x-ndjson" },
      body: lines.map(line => `${line.text}\n`).join(""),
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
        this.#postpone(`${judgement.why}; events are kept until key and address are right`, 30_000)
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
    this.#retryAt =
      now() + Math.max(delay * (1 - random() / 2), Math.min(retryAfterMs ?? 0, longestRetryMs * 10))
    this.#log(`${why[0]?.toUpperCase()}${why.slice(1)}.`)
  }

  /** Keeps events that the server did not take: on disk in their place, or else in memory where they were. */
  async #keep(lines: readonly Line[], place: string | undefined): Promise<void> {
    const written =
      (await this.#spool?.write(
        lines.map(line => line.text),
        place,
      )) ?? 0
    for (const line of lines.slice(0, written)) line.settle?.("kept")
    if (this.#inFlight !== null) this.#queue.putBack(lines.slice(written))
  }

  /** Moves what is in memory to the disk, behind what is there. */
  #spill(): Promise<void> {
    const spool = this.#spool
    if (spool === null) return Promise.resolve()
    this.#move ??= this.#spillNow(spool).finally(() => {
      this.#move = null
    })
    return this.#move
  }

  async #spillNow(spool: Spool): Promise<void> {
    for (;;) {
      const lines = this.#queue.take({ events: 1_000, bytes: 1024 * 1024 })
      if (lines.length === 0) return
      this.#moving = lines
      const written = await spool.write(lines.map(line => line.text))
      this.#moving = []
      this.#queue.release(lines)
      for (const line of lines.slice(0, written)) line.settle?.("kept")
      if (written < lines.length) {
        this.#queue.putBack(lines.slice(written))
        return
      }
    }
  }

  #lose(line: Line, reason: LossReason): false {
    this.losses.add(reason, line.occurredAt)
    this.#log(
      reason === "full" ? "Events are lost: there is no room to keep them." : "An event is too large.",
    )
    line.settle?.("lost")
    this.#wake(this.#options.flushMs)
    return false
  }

  #queueLosses(): void {
    if (this.losses.count === 0) return
    const isDue = this.#options.now() - this.#lossAt >= this.#options.lossEveryMs
    if (!isDue && !this.#isClosing) return
    this.#lossAt = this.#options.now()
    this.#queue.putBack([this.#lossLine()])
  }

  #lossLine(): Line {
    const now = new Date(this.#options.now()).toISOString()
    return lineOf(this.losses.toEvent(this.#newId(), now, this.#instance), now)
  }
}

function spooledLine(text: string, now: string): Line {
  const occurredAt = /"occurredAt":"([^"]+)"/.exec(text)?.[1] ?? now
  return { text, bytes: text.length + 1, occurredAt }
}

function causeOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error
  if (!(cause instanceof Error)) return String(cause)
  return "code" in cause && typeof cause.code === "string" ? cause.code : cause.message
}
