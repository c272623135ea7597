import { AppError } from "@/lib/errors"

/** How much of a limit is left, as the headers of an answer tell it. */
export interface RateLimit {
  readonly limitPerSecond: number
  readonly remaining: number
  /** When at least one more will be let through; 0 = now. */
  readonly resetSeconds: number
}

/** Lets a number of things per second through for each name; what was not used is saved up for one second at most. */
export interface TokenBuckets {
  /** Promise: how the name stands, without taking anything. */
  look(name: string, nowMs: number): RateLimit
  /**
   * Takes tokens, also more than there are: a batch is let through whole or not at all, and the debt delays what
   * comes after it.
   */
  take(name: string, count: number, nowMs: number): RateLimit
}

interface Bucket {
  tokens: number
  atMs: number
}

const mostBuckets = 10_000

/** Promise: buckets that refill at `perSecond` and are full when first seen. Held in this process only. */
export function tokenBuckets(perSecond: number): TokenBuckets {
  const buckets = new Map<string, Bucket>()

  function refilled(name: string, nowMs: number): Bucket {
    const bucket = buckets.get(name) ?? { tokens: perSecond, atMs: nowMs }
    // A clock that was set back gives nothing and takes nothing.
    const elapsedSeconds = Math.max(0, nowMs - bucket.atMs) / 1000
    bucket.tokens = Math.min(perSecond, bucket.tokens + elapsedSeconds * perSecond)
    bucket.atMs = nowMs
    if (!buckets.has(name)) {
      if (buckets.size >= mostBuckets) dropFull(nowMs)
      buckets.set(name, bucket)
    }
    return bucket
  }

  // A full bucket is the same as none.
  function dropFull(nowMs: number): void {
    for (const [name, bucket] of buckets) {
      if (bucket.tokens + ((nowMs - bucket.atMs) / 1000) * perSecond >= perSecond) buckets.delete(name)
    }
  }

  function stateOf(bucket: Bucket): RateLimit {
    const missing = Math.max(0, 1 - bucket.tokens)
    return {
      limitPerSecond: perSecond,
      remaining: Math.max(0, Math.floor(bucket.tokens)),
      resetSeconds: Math.ceil(missing / perSecond),
    }
  }

  return {
    look: (name, nowMs) => stateOf(refilled(name, nowMs)),
    take(name, count, nowMs) {
      const bucket = refilled(name, nowMs)
      bucket.tokens -= count
      return stateOf(bucket)
    },
  }
}

/** Refuses somebody who was faster than they may be, and says how they stand. */
export class TooFast extends AppError {
  readonly rateLimit: RateLimit

  constructor(rateLimit: RateLimit) {
    super("rate-limited", "Too many events, or too many bytes, at once; nothing of this request was kept.", {
      retryAfterSeconds: rateLimit.resetSeconds,
    })
    this.rateLimit = rateLimit
  }
}
