import { createHash } from "node:crypto"
import { subscriberNetwork } from "@/lib/audit/ip"
import type { PrismaTransaction } from "@/lib/database/database"

/** How many attempts of one kind a subject has within a time span. */
export interface AttemptLimit {
  readonly kind: string
  readonly most: number
  readonly spanSeconds: number
}

/** Who or what tries, and when. */
export interface Attempt {
  readonly subject: string
  readonly at: Date
}

/** Failed sign-ins, per account and, apart from that, per ip. */
export const badSignIns = {
  account: { kind: "sign-in-account", most: 10, spanSeconds: 15 * 60 },
  address: { kind: "sign-in-address", most: 10, spanSeconds: 15 * 60 },
} satisfies Record<string, AttemptLimit>

/** Unknown and refused API keys, per ip. */
export const badKeys: AttemptLimit = { kind: "api-key-address", most: 50, spanSeconds: 60 }

/** Whether one more attempt is allowed; if not, when the next one will be. */
export type Counted =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly retryAfterSeconds: number }

interface Bucket {
  readonly startedAt: Date
  readonly count: number
}

// A span is counted in fifteen steps, so a limit of fifteen minutes is exact to the minute.
const bucketsPerSpan = 15
const oldestKeptMs = 24 * 60 * 60 * 1000

/**
 * Counts an attempt before it is made, in one statement, so that concurrent attempts cannot exceed the limit together. A
 * refused one is not counted. Call it outside the transaction that a failure would roll back.
 */
export async function countAttempt(
  prisma: PrismaTransaction,
  limit: AttemptLimit,
  { subject, at }: Attempt,
): Promise<Counted> {
  const { bucketAt, beganAfter } = bucketOf(limit, at)
  const key = keyOf(limit, subject)
  const buckets = await prisma.$queryRaw<Bucket[]>`
    WITH counted AS (
      INSERT INTO attempt (kind, key, started_at, count) VALUES (${limit.kind}, ${key}, ${bucketAt}::timestamptz, 1)
      ON CONFLICT (kind, key, started_at) DO UPDATE SET count = attempt.count + 1
      RETURNING started_at, count
    )
    SELECT started_at AS "startedAt", count FROM counted
    UNION ALL
    SELECT started_at, count FROM attempt
    WHERE kind = ${limit.kind} AND key = ${key}
      AND started_at > ${beganAfter}::timestamptz AND started_at <> ${bucketAt}::timestamptz`
  const before = buckets.reduce((sum, bucket) => sum + bucket.count, 0) - 1
  if (before < limit.most) return { allowed: true }
  await withdrawAttempt(prisma, limit, { subject, at })
  return { allowed: false, retryAfterSeconds: secondsUntilAllowed(buckets, before, { limit, at }) }
}

/** Withdraws a counted attempt that turned out to be legitimate. */
export async function withdrawAttempt(
  prisma: PrismaTransaction,
  limit: AttemptLimit,
  { subject, at }: Attempt,
): Promise<void> {
  const key = keyOf(limit, subject)
  const { bucketAt } = bucketOf(limit, at)
  const lowered = await prisma.$executeRaw`
    UPDATE attempt SET count = count - 1
    WHERE kind = ${limit.kind} AND key = ${key} AND started_at = ${bucketAt}::timestamptz AND count > 1`
  // A counter at zero has no row. If another attempt is counted in between, one extra attempt does no harm.
  if (lowered > 0) return
  await prisma.attempt.deleteMany({ where: { kind: limit.kind, key, startedAt: bucketAt, count: 1 } })
}

/** Counting of attempts on connections of its own. */
export interface Attempts {
  readonly count: (limit: AttemptLimit, attempt: Attempt) => Promise<Counted>
  readonly withdraw: (limit: AttemptLimit, attempt: Attempt) => Promise<void>
}

/** Returns the counting of attempts through this client. */
export function attemptsThrough(prisma: PrismaTransaction): Attempts {
  return {
    count: (limit, attempt) => countAttempt(prisma, limit, attempt),
    withdraw: (limit, attempt) => withdrawAttempt(prisma, limit, attempt),
  }
}

/** Deletes the counters of a subject (the person has proven their identity otherwise). */
export async function forgetAttempts(
  prisma: PrismaTransaction,
  limit: AttemptLimit,
  subject: string,
): Promise<void> {
  await prisma.attempt.deleteMany({ where: { kind: limit.kind, key: keyOf(limit, subject) } })
}

/** Deletes counters that are older than every limit. */
export async function deleteOldAttempts(prisma: PrismaTransaction, at: Date): Promise<void> {
  await prisma.attempt.deleteMany({ where: { startedAt: { lt: new Date(at.getTime() - oldestKeptMs) } } })
}

/** Returns the subject under which limits count an ip; IPv6 counts by /64, as one customer has all of it. */
export function addressSubject(ip: string): string {
  return subscriberNetwork(ip) ?? ip
}

function bucketOf(limit: AttemptLimit, at: Date): { readonly bucketAt: Date; readonly beganAfter: Date } {
  const spanMs = limit.spanSeconds * 1000
  const bucketMs = spanMs / bucketsPerSpan
  return {
    bucketAt: new Date(Math.floor(at.getTime() / bucketMs) * bucketMs),
    beganAfter: new Date(at.getTime() - spanMs),
  }
}

// Drops the oldest buckets until what remains is below the limit.
function secondsUntilAllowed(
  buckets: readonly Bucket[],
  before: number,
  { limit, at }: { readonly limit: AttemptLimit; readonly at: Date },
): number {
  let remaining = before
  let leavesAt = at.getTime()
  for (const bucket of [...buckets].sort((a, b) => a.startedAt.getTime() - b.startedAt.getTime())) {
    if (remaining < limit.most) break
    remaining -= bucket.count
    leavesAt = bucket.startedAt.getTime() + limit.spanSeconds * 1000
  }
  return Math.max(1, Math.ceil((leavesAt - at.getTime()) / 1000))
}

// Neither an email nor an ip needs to be readable here.
function keyOf(limit: AttemptLimit, subject: string): string {
  return createHash("sha256").update(`${limit.kind}\n${subject}`).digest("hex")
}
