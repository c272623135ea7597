import { Buffer } from "node:buffer"
import { hashRaw, sealEvent } from "@/lib/audit/seal"
import { addMicroseconds, type Instant } from "@/lib/audit/time/instant"
import type { EventContent, PreparedEvent } from "./event"

const dayMicroseconds = 86_400_000_000

/** Promise: the content as it is sealed: with the time of receipt, which is also when it occurred if nobody said when. */
export function completeContent(content: PreparedEvent["content"], receivedAt: Instant): EventContent {
  return { ...content, receivedAt, occurredAt: content.occurredAt ?? receivedAt }
}

/** What the ledger keeps of an event beside its content. */
export interface StoredSeal {
  readonly receivedAt: Instant
  readonly salt: Uint8Array
  readonly leafHash: Uint8Array
}

/**
 * Tells whether an event that arrives is the stored one again: whether it has the stored leaf when it is sealed with the stored
 * salt and time of receipt. Nothing about the later arrival itself counts.
 */
export function sameEvent(prepared: PreparedEvent, stored: StoredSeal): boolean {
  const content = completeContent(prepared.content, stored.receivedAt)
  const { leafHash } = sealEvent(content, hashRaw(prepared.raw), stored.salt)
  return Buffer.compare(leafHash, stored.leafHash) === 0
}

/** Tells whether an event claims to have occurred more than a day after it arrived: kept, but its clock is not to be trusted. */
export function isAheadOfReceipt(event: Pick<EventContent, "occurredAt" | "receivedAt">): boolean {
  return event.occurredAt > addMicroseconds(event.receivedAt, dayMicroseconds)
}
