import type { EventInput } from "@/lib/audit/event/input"

export type LossReason = "full" | "refused" | "unreadable" | "too-large" | "failed"

/** Events that will not reach the log, until an event says so. */
export class Losses {
  #count = 0
  #from = ""
  #to = ""
  #reasons = new Map<LossReason, number>()
  #total = 0

  get count(): number {
    return this.#count
  }

  /** Since the beginning. */
  get total(): number {
    return this.#total
  }

  add(reason: LossReason, occurredAt: string, count = 1): void {
    if (this.#count === 0 || occurredAt < this.#from) this.#from = occurredAt
    if (this.#count === 0 || occurredAt > this.#to) this.#to = occurredAt
    this.#count += count
    this.#total += count
    this.#reasons.set(reason, (this.#reasons.get(reason) ?? 0) + count)
  }

  /** Returns the event that reports what was lost until now, and begins to count again. */
  toEvent(id: string, now: string, instance: string): EventInput {
    const { count, from, to } = { count: this.#count, from: this.#from, to: this.#to }
    const reasons = Object.fromEntries(this.#reasons)
    this.#count = 0
    this.#reasons = new Map()
    return {
      id,
      occurredAt: now,
      operation: "capture.lost",
      status: "failure",
      statusMessage: `${count} ${count === 1 ? "event was" : "events were"} not recorded`,
      actor: { type: "system", id: "auditorium-sdk" },
      targets: [{ type: "capture_instance", id: instance }],
      metadata: { count, from, to, reasons },
    }
  }
}
