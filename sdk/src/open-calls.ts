import type { Call } from "@/lib/audit/capture/call"
import type { Watched } from "./recorder"
import { every } from "./timer"

/** A call that is being answered. */
export interface OpenCall {
  readonly watched: Watched
  readonly startedAt: number
  /** Returns what is known of it so far. */
  facts(state: Call["state"], failure: Call["failure"]): Call
  isOpened: boolean
}

const openAfterMs = 30_000
const open = new Set<OpenCall>()
let isWatching = false

/** Records of a call that stays open, once, that it has begun. */
export function stayOpen(call: OpenCall): void {
  if (call.isOpened) return
  call.isOpened = true
  call.watched.take(call.facts("opened", null))
}

/** Watches over a call: one that is open after half a minute is recorded as opened. One timer does it for all. */
export function watchOver(call: OpenCall): void {
  open.add(call)
  if (isWatching) return
  isWatching = true
  every(5_000, () => {
    const now = performance.now()
    // They are in the order in which they began.
    for (const one of open) {
      if (now - one.startedAt < openAfterMs) return
      stayOpen(one)
    }
  })
}

/** Records a call that has ended. */
export function endOf(call: OpenCall, failure: Call["failure"]): void {
  open.delete(call)
  call.watched.take(call.facts(call.isOpened ? "closed" : null, failure))
}

export function millisecondsSince(startedAt: number): number {
  return Math.max(0, Math.round((performance.now() - startedAt) * 1000) / 1000)
}
