import type { Call } from "@/lib/audit/capture/call"
import type { Watched } from "./recorder"
import { later } from "./timer"

/** A call that is being answered. */
export interface OpenCall extends Openable {
  readonly watched: Watched
  /** Returns what is known of it so far. */
  facts(state: Call["state"], failure: Call["failure"]): Call
  isOpened: boolean
}

/** What can stay open. */
export interface Openable {
  /** By `performance.now()`. */
  readonly startedAt: number
  /** Is told once that it has been open for so long. */
  stayOpen(): void
}

/** Watches over calls: each that is open after a time is told so. One timer does it for all, whatever number there is. */
export class OpenCalls {
  readonly #afterMs: number
  /** In the order in which they began. */
  readonly #open = new Set<Openable>()
  #isWatching = false

  constructor(afterMs: number) {
    this.#afterMs = afterMs
  }

  add(call: Openable): void {
    this.#open.add(call)
    if (!this.#isWatching) this.#watch(this.#afterMs)
  }

  delete(call: Openable): void {
    this.#open.delete(call)
  }

  /** The timer is not stopped when a call ends: it looks what is left. */
  #watch(ms: number): void {
    this.#isWatching = true
    later(ms, () => this.#look())
  }

  #look(): void {
    this.#isWatching = false
    const now = performance.now()
    for (const call of this.#open) {
      const left = this.#afterMs - (now - call.startedAt)
      if (left > 0) {
        this.#watch(left)
        return
      }
      this.#open.delete(call)
      call.stayOpen()
    }
  }
}

const open = new OpenCalls(30_000)

/** Records of a call that stays open, once, that it has begun. */
export function stayOpen(call: OpenCall): void {
  if (call.isOpened) return
  call.isOpened = true
  call.watched.take(call.facts("opened", null))
}

/** Watches over a call: one that is open after half a minute is recorded as opened. */
export function watchOver(call: OpenCall): void {
  open.add(call)
}

/** Records a call that has ended. */
export function endOf(call: OpenCall, failure: Call["failure"]): void {
  open.delete(call)
  call.watched.take(call.facts(call.isOpened ? "closed" : null, failure))
}

export function millisecondsSince(startedAt: number): number {
  return Math.max(0, Math.round((performance.now() - startedAt) * 1000) / 1000)
}
