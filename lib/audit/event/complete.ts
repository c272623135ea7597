import { Buffer } from "node:buffer"
import { hashRaw, sealEvent } from "@/lib/audit/seal"
import { addMicroseconds, type Instant } from "@/lib/audit/time/instant"
import type { EventContent, PreparedEvent } from "./event"

const dayMicroseconds = 86_400_000_000

/** Returns the content to seal: with the time of receipt, which is also the time of occurrence if none was sent. */
export function completeContent(content: PreparedEvent["content"], receivedAt: Instant): EventContent {
  return { ...content, receivedAt, occurredAt: content.occurredAt ?? receivedAt }
}

/** What the ledger stores about an event besides its content. */
export interface StoredSeal {
  readonly receivedAt: Instant
  readonly salt: Uint8Array
  readonly leafHash: Uint8Array
}

/**
 * Returns whether an arriving event is the stored one again: whether it gets the stored leaf when sealed with the stored
 * salt and time of receipt. Nothing else about the later arrival counts.
 */
export function sameEvent(prepared: PreparedEvent, stored: StoredSeal): boolean {
  const content = completeContent(prepared.content, stored.receivedAt)
  const { leafHash } = sealEvent(content, hashRaw(prepared.raw), stored.salt)
  return Buffer.compare(leafHash, stored.leafHash) === 0
}

/**
 * Returns whether an event claims to have occurred more than a day after it arrived: it is stored, but its clock is not
 * trusted.
 */
export function isAheadOfReceipt(event: Pick<EventContent, "occurredAt" | "receivedAt">): boolean {
  return event.occurredAt > addMicroseconds(event.receivedAt, dayMicroseconds)
}
