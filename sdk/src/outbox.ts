import type { Log } from "./log"
import { Losses, type LossReason } from "./losses"
import { type Line, lineOf, lineOfText, Queue, type QueueLimits, queueLimits } from "./queue"
import type { Spool, SpooledFile } from "./spool"

export interface OutboxOptions {
  /** Null where there is no file system: then what does not fit into memory is lost, and counted. */
  readonly spool: Spool | null
  readonly log: Log
  /** Names this process in the event that reports losses. */
  readonly instance: string
  readonly newId: () => string
  readonly limits?: QueueLimits | undefined
  /** The least time between two events that report losses. */
  readonly lossEveryMs?: number | undefined
  readonly now: () => number
}

/** Events that are being sent. */
export interface Parcel {
  readonly lines: readonly Line[]
  /** Says what became of it: the lines of which the server has said nothing are kept. */
  finish(unsettled: readonly Line[]): Promise<void>
}

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

const largestEvent = 256 * 1024
const all: QueueLimits = { events: Number.MAX_SAFE_INTEGER, bytes: Number.MAX_SAFE_INTEGER }

/** Holds events until the server has them, in their order: those on disk are older than those in memory. */
export class Outbox {
  readonly losses = new Losses()
  readonly #options: OutboxOptions
  readonly #queue: Queue
  /** The batch from memory that is on its way. */
  #inFlight: Batch | null = null
  #open: OpenFile | null = null
  #moving: readonly Line[] = []
  #move: Promise<void> | null = null
  #lossAt = Number.NEGATIVE_INFINITY

  constructor(options: OutboxOptions) {
    this.#options = options
    this.#queue = new Queue(options.limits ?? queueLimits)
  }

  /** Events in memory that are not on their way. */
  get length(): number {
    return this.#queue.length
  }

  get hasWork(): boolean {
    return this.#queue.length > 0 || this.#options.spool?.isEmpty === false || this.losses.count > 0
  }

  /** Tells whether so many events of so many bytes together can be taken now. */
  hasRoom(events: number, bytes: number): boolean {
    return this.#queue.hasRoom(events, bytes)
  }

  /** Takes an event. Returns false when there is no room for it: then it is lost, and counted. */
  add(line: Line): boolean {
    if (line.bytes > largestEvent) return this.#lose(line, "too-large")
    if (!this.#queue.add(line)) return this.#lose(line, "full")
    if (this.#queue.isHalfFull) void this.spill()
    return true
  }

  /** Returns the oldest events, or null when there are none. */
  async next(limits: QueueLimits, isLast: boolean): Promise<Parcel | null> {
    await this.#move
    const open = await this.#openOldest()
    if (open !== null) return this.#fromDisk(open, limits)
    this.#reportLosses(isLast)
    const lines = this.#queue.take(limits)
    return lines.length === 0 ? null : this.#fromMemory(lines)
  }

  /** Moves what is in memory to the disk, behind what is there. */
  spill(): Promise<void> {
    const { spool } = this.#options
    if (spool === null) return Promise.resolve()
    this.#move ??= this.#spillTo(spool).finally(() => {
      this.#move = null
    })
    return this.#move
  }

  /** Writes everything that is not yet with the server to the disk, without a turn of the event loop. */
  keepAll(): void {
    if (this.losses.count > 0) this.#queue.putBack([this.#lossLine()])
    // What is on its way may arrive, and what is being written may be written: the ids are fixed, so twice is harmless.
    const { lines = [], place } = this.#inFlight ?? {}
    this.#inFlight = null
    this.#writeNow(lines, place)
    const rest = this.#queue.take(all)
    this.#queue.release(rest)
    this.#writeNow([...this.#moving, ...rest])
  }

  async #openOldest(): Promise<OpenFile | null> {
    if (this.#open !== null) return this.#open
    const file = (await this.#options.spool?.oldest()) ?? null
    if (file === null) return null
    const now = new Date(this.#options.now()).toISOString()
    if (file.unreadable > 0) this.losses.add("unreadable", now, file.unreadable)
    this.#open = { file, left: file.lines.map(text => spooledLine(text, now)) }
    return this.#open
  }

  #fromDisk(open: OpenFile, { events }: QueueLimits): Parcel {
    const lines = open.left.slice(0, events)
    return {
      lines,
      finish: async unsettled => {
        open.left = [...unsettled, ...open.left.slice(lines.length)]
        if (open.left.length > 0) return
        this.#open = null
        await open.file.done()
      },
    }
  }

  #fromMemory(lines: readonly Line[]): Parcel {
    const batch = { lines, place: this.#options.spool?.reserve() }
    this.#inFlight = batch
    return {
      lines,
      finish: async unsettled => {
        // When the process is ending, these have been written to the disk already.
        if (this.#inFlight === batch && unsettled.length > 0) await this.#keep(unsettled, batch.place)
        if (this.#inFlight === batch) this.#inFlight = null
        this.#queue.release(lines)
      },
    }
  }

  /** Keeps events that the server did not take: on disk in their place, or else in memory where they were. */
  async #keep(lines: readonly Line[], place: string | undefined): Promise<void> {
    const texts = lines.map(line => line.text)
    const written = (await this.#options.spool?.write(texts, place)) ?? 0
    for (const line of lines.slice(0, written)) line.settle?.("kept")
    if (this.#inFlight !== null) this.#queue.putBack(lines.slice(written))
  }

  async #spillTo(spool: Spool): Promise<void> {
    for (;;) {
      const lines = this.#queue.take({ events: 1_000, bytes: 1024 * 1024 })
      if (lines.length === 0) return
      this.#moving = lines
      const written = await spool.write(lines.map(line => line.text))
      const isTaken = this.#moving !== lines
      this.#moving = []
      this.#queue.release(lines)
      for (const line of lines.slice(0, written)) line.settle?.("kept")
      if (written === lines.length) continue
      if (!isTaken) this.#queue.putBack(lines.slice(written))
      return
    }
  }

  #writeNow(lines: readonly Line[], place?: string): void {
    const texts = lines.map(line => line.text)
    const written = lines.length === 0 ? 0 : (this.#options.spool?.writeNow(texts, place) ?? 0)
    for (const line of lines.slice(0, written)) line.settle?.("kept")
    for (const line of lines.slice(written)) this.#lose(line, "full")
  }

  #lose(line: Line, reason: LossReason): false {
    this.losses.add(reason, line.occurredAt)
    this.#options.log(
      reason === "full" ? "Events are lost: there is no room to keep them." : "An event is too large.",
    )
    line.settle?.("lost")
    return false
  }

  #reportLosses(isLast: boolean): void {
    if (this.losses.count === 0) return
    const { now, lossEveryMs = 60_000 } = this.#options
    if (!isLast && now() - this.#lossAt < lossEveryMs) return
    this.#lossAt = now()
    this.#queue.putBack([this.#lossLine()])
  }

  #lossLine(): Line {
    const { now, newId, instance } = this.#options
    const time = new Date(now()).toISOString()
    return lineOf(this.losses.toEvent(newId(), time, instance), time)
  }
}

function spooledLine(text: string, now: string): Line {
  const occurredAt = /"occurredAt":"([^"]+)"/.exec(text)?.[1] ?? now
  return lineOfText(text, occurredAt)
}
