import type { RateLimit } from "@/lib/errors"

/** Limits the rate per second for each name; unused tokens are saved up for at most one second. */
export interface TokenBuckets {
  /** Returns the state of the limit without taking tokens. */
  look(name: string, nowMs: number): RateLimit
  /**
   * Takes tokens, also more than are left: a batch is accepted or refused as a whole, and the debt delays what
   * follows.
   */
  take(name: string, count: number, nowMs: number): RateLimit
}

interface Bucket {
  tokens: number
  atMs: number
}

const mostBuckets = 10_000

/**
 * Returns buckets that refill with `perSecond` tokens per second and start full. The state is local to this process.
 */
export function tokenBuckets(perSecond: number): TokenBuckets {
  const buckets = new Map<string, Bucket>()

  function refilled(name: string, nowMs: number): Bucket {
    const bucket = buckets.get(name) ?? { tokens: perSecond, atMs: nowMs }
    // A clock that was set back neither adds nor removes tokens.
    const elapsedSeconds = Math.max(0, nowMs - bucket.atMs) / 1000
    bucket.tokens = Math.min(perSecond, bucket.tokens + elapsedSeconds * perSecond)
    bucket.atMs = nowMs
    if (!buckets.has(name)) {
      if (buckets.size >= mostBuckets) dropFull(nowMs)
      buckets.set(name, bucket)
    }
    return bucket
  }

  // A full bucket equals none.
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
