import { Buffer } from "node:buffer"
import type { RecordOutcome } from "./outcome"

/** An event as it is sent: one line of JSON. Its id is fixed, so sending it twice is harmless. */
export interface Line {
  readonly text: string
  /** In UTF-8, with the end of the line. */
  readonly bytes: number
  /** When the event happened, RFC 3339: losses are reported with the time from the first to the last. */
  readonly occurredAt: string
  /** Told once. `why` explains a refusal. */
  readonly settle?: (outcome: RecordOutcome, why?: string) => void
}

export function lineOf(
  event: { readonly occurredAt?: string | null },
  now: string,
  settle?: Line["settle"],
): Line {
  return lineOfText(JSON.stringify(event), event.occurredAt ?? now, settle)
}

/** The same for an event that has been written already. */
export function lineOfText(text: string, occurredAt: string, settle?: Line["settle"]): Line {
  return { text, bytes: Buffer.byteLength(text) + 1, occurredAt, settle }
}

/** Returns the lines in UTF-8, each with its end. They are written where they are sent from: joining them first costs as much as packing them. */
export function bodyOf(lines: readonly Line[]): Uint8Array<ArrayBuffer> {
  const body = Buffer.alloc(lines.reduce((sum, { bytes }) => sum + bytes, 0))
  let end = 0
  for (const { text, bytes } of lines) {
    // ASCII is written as it is.
    end += bytes === text.length + 1 ? body.write(text, end, "latin1") : body.write(text, end)
    body[end] = newline
    end += 1
  }
  return body
}

const newline = 10

export interface QueueLimits {
  readonly events: number
  readonly bytes: number
}

export const queueLimits: QueueLimits = { events: 10_000, bytes: 16 * 1024 * 1024 }

/** Events in memory, oldest first, up to a number of events and of bytes. */
export class Queue {
  readonly #limits: QueueLimits
  #lines: Line[] = []
  #first = 0
  #bytes = 0
  #leavingEvents = 0
  #leavingBytes = 0

  constructor(limits: QueueLimits = queueLimits) {
    this.#limits = limits
  }

  get length(): number {
    return this.#lines.length - this.#first
  }

  get bytes(): number {
    return this.#bytes
  }

  /** Tells whether half of the room is used: time to move events to the disk. */
  get isHalfFull(): boolean {
    return this.length * 2 >= this.#limits.events || this.#bytes * 2 >= this.#limits.bytes
  }

  /** Tells whether so many events of so many bytes together can be added. */
  hasRoom(events: number, bytes: number): boolean {
    return (
      this.length + this.#leavingEvents + events <= this.#limits.events &&
      this.#bytes + this.#leavingBytes + bytes <= this.#limits.bytes
    )
  }

  /** Returns false when there is no room; then nothing has changed. */
  add(line: Line): boolean {
    if (!this.hasRoom(1, line.bytes)) return false
    this.#lines.push(line)
    this.#bytes += line.bytes
    return true
  }

  /** Puts lines that were taken back before all others, whatever room there is. */
  putBack(lines: readonly Line[]): void {
    this.#lines = [...lines, ...this.#lines.slice(this.#first)]
    this.#first = 0
    for (const line of lines) this.#bytes += line.bytes
  }

  /**
   * Removes and returns the oldest lines, at least one when there is any. They go on using room until `release` is called,
   * because they are in memory until they have been sent or written.
   */
  take(limits: QueueLimits): readonly Line[] {
    let end = this.#first
    let bytes = 0
    while (end < this.#lines.length && end - this.#first < limits.events) {
      const next = this.#lines[end]?.bytes ?? 0
      if (end > this.#first && bytes + next > limits.bytes) break
      bytes += next
      end++
    }
    const taken = this.#lines.slice(this.#first, end)
    this.#first = end
    this.#bytes -= bytes
    this.#leavingEvents += taken.length
    this.#leavingBytes += bytes
    if (this.#first > 1024 && this.#first * 2 > this.#lines.length) {
      this.#lines = this.#lines.slice(this.#first)
      this.#first = 0
    }
    return taken
  }

  /** Frees the room of lines that were taken. */
  release(lines: readonly Line[]): void {
    this.#leavingEvents -= lines.length
    for (const line of lines) this.#leavingBytes -= line.bytes
  }
}
