import { Buffer } from "node:buffer"
import { canonicalAddress } from "@/lib/audit/ip"
import { canonicalJson } from "@/lib/audit/json/canonical"
import { scanJson } from "@/lib/audit/json/scan"
import { decodeUtf8 } from "@/lib/audit/json/utf8"
import type { JsonValue } from "@/lib/audit/json/value"
import { AppError } from "@/lib/errors"
import type { EventContent, PreparedEvent, Source } from "./event"

/** An event as the ledger stores it, with its original bytes. */
export interface StoredEvent {
  readonly content: EventContent
  readonly raw: Uint8Array | null
}

/**
 * Returns whether an event that arrives with a known id is the stored one again, compared by what its sender sent. What the
 * server derived on arrival is not compared, so a changed catalogue, parser or importer causes no conflict; for an imported
 * event the original bytes decide.
 */
export function isRepetition(arrival: PreparedEvent, stored: StoredEvent): boolean {
  return sameOriginal(arrival, stored) || sameSent(arrival, stored)
}

/**
 * The original in the same format, byte for byte; with an id of the source system, the same JSON whatever its white space.
 */
function sameOriginal({ content, raw }: PreparedEvent, stored: StoredEvent): boolean {
  if (raw === null || stored.raw === null || content.rawFormat !== stored.content.rawFormat) return false
  if (Buffer.compare(raw, stored.raw) === 0) return true
  if (content.sourceId === undefined || content.sourceId !== stored.content.sourceId) return false
  const [arrived, kept] = [jsonOf(raw), jsonOf(stored.raw)]
  return arrived !== null && arrived === kept
}

/** Returns one text for each JSON value; null for bytes that are not JSON, or that cannot be compared exactly. */
function jsonOf(bytes: Uint8Array): string | null {
  try {
    const text = decodeUtf8(bytes)
    const { value, faults } = scanJson(text)
    // With a duplicate key or a number that loses digits, only the text itself, without white space between its tokens, is
    // exact.
    return faults.length === 0 ? canonicalJson(value) : withoutSpace(text)
  } catch (error) {
    if (error instanceof AppError) return null
    throw error
  }
}

const stringOrSpace = /"(?:[^"\\]|\\.)*"|[ \t\r\n]+/g

/** Returns a JSON text without the white space between its tokens. */
export function withoutSpace(text: string): string {
  return text.replace(stringOrSpace, token => (token.startsWith('"') ? token : ""))
}

function sameSent(
  { content, raw, derived = [] }: PreparedEvent,
  { content: kept, raw: keptRaw }: StoredEvent,
) {
  if (!sameBytes(raw, keptRaw)) return false
  if (!sameTime(content, kept, derived.includes("occurredAt"))) return false
  return canonicalJson(sentMembers(content, derived)) === canonicalJson(sentMembers(kept, derived))
}

function sameBytes(one: Uint8Array | null, other: Uint8Array | null): boolean {
  return one === null || other === null ? one === other : Buffer.compare(one, other) === 0
}

/** No time equals no time; otherwise the sender's own text counts, and the instant unless it was parsed from that. */
function sameTime(arrived: PreparedEvent["content"], kept: EventContent, isRead: boolean): boolean {
  if (arrived.occurredAt === null) return kept.occurredAtAssumed === "received"
  const keptText = kept.occurredAtText ?? kept.occurredAt
  if ((arrived.occurredAtText ?? arrived.occurredAt) !== keptText) return false
  return isRead || arrived.occurredAt === kept.occurredAt
}

/** The content without its time and without what the server sets or derived on arrival. */
function sentMembers(
  content: PreparedEvent["content"] | EventContent,
  derived: NonNullable<PreparedEvent["derived"]>,
): JsonValue {
  const { source, ...members } = content
  const sent: Record<string, unknown> = { ...members, source: source && sentSource(source) }
  for (const name of givenByServer) delete sent[name]
  for (const name of derived) delete sent[name]
  return JSON.parse(JSON.stringify(sent))
}

const givenByServer = [
  "organizationId",
  "appId",
  "receivedAt",
  "occurredAt",
  "occurredAtText",
  "occurredAtAssumed",
] as const

function sentSource({ ip: _, peerIp, ...sent }: Source): unknown {
  // Stored in canonical form only; an earlier server may have used another one.
  return { ...sent, peerIp: peerIp === undefined ? undefined : (canonicalAddress(peerIp) ?? peerIp) }
}
