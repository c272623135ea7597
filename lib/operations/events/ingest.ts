import { z } from "zod"
import type { ApiKeyPrincipal } from "@/lib/access/principal"
import type { AppendResult, PreparedEvent } from "@/lib/audit/event/event"
import { eventLimits } from "@/lib/audit/event/limits"
import { type EventContext, parseEvent } from "@/lib/audit/event/parse"
import { newId } from "@/lib/audit/ids"
import type { JsonItem } from "@/lib/audit/json/items"
import { inTurns } from "@/lib/audit/json/pace"
import { itemLimits } from "@/lib/audit/json/scan-limits"
import type { JsonValue } from "@/lib/audit/json/value"
import { AppError, type Fault, type RateLimit } from "@/lib/errors"
import { type Context, operation } from "@/lib/operations/core/operation"
import { readItems, type SentEvents } from "./items"
import { rateOfKey } from "./sending-rate"

/** An event that was rejected: part of it is invalid, or it is too large. */
export interface Rejected {
  readonly outcome: "rejected"
  readonly code: "invalid" | "too-large"
  readonly faults: readonly Fault[]
}

/** The result for one event, at the position at which it was sent. */
export type IngestResult = AppendResult | Rejected

/** The results for everything that was sent, one per item, in order. */
export interface IngestAnswer {
  readonly kind: "single" | "batch"
  readonly results: readonly IngestResult[]
  readonly rateLimit: RateLimit
}

/**
 * Ingests events of the app of the key. An event that the result calls accepted or duplicate is committed; a rejected
 * one is not stored. A fault of one item does not affect the others.
 */
export const ingestEvents = operation({
  name: "event.ingest",
  summary: "Takes one event, an array of events, or one event a line.",
  permission: "LOG-INGESTION",
  effect: "append",
  // The text is read once, by the scanner that also sees what JSON.parse hides: a schema would read it all again.
  input: z.custom<SentEvents>(value => typeof value === "object" && value !== null && "pieces" in value),
  run: async ({ caller: { principal, at }, rates, ledger }, sent): Promise<IngestAnswer> => {
    if (principal.kind !== "api-key") throw new AppError("forbidden", "Events are sent with an API key.")
    const rate = rateOfKey(rates, principal)
    rate.refuseEvents()
    const pace = inTurns()
    const { kind, items } = await readItems(sent, pace)
    const rateLimit = rate.take(items.length)
    const context = contextOf(principal, at)
    const parsed: ReadItem[] = []
    for (const item of items) {
      parsed.push(readItem(item, context))
      await pace.spend(item.size)
    }
    return { kind, results: await appendAll(ledger, principal.organization.id, parsed), rateLimit }
  },
})

function contextOf({ organization, app }: ApiKeyPrincipal, at: Date): EventContext {
  const atMs = at.getTime()
  return { organizationId: organization.id, appId: app.id, newId: () => newId(atMs) }
}

type ReadItem =
  | { readonly prepared: PreparedEvent }
  | { readonly prepared: null; readonly rejected: Rejected }

function readItem({ value, faults, isTooLarge: isTooMuch }: JsonItem, context: EventContext): ReadItem {
  if (isTooMuch) return rejected("too-large", [tooMuch, ...faults])
  if (faults.length > 0) return rejected("invalid", faults)
  const parsed = parseEvent(value, context)
  if (parsed.ok) return { prepared: parsed.prepared }
  return rejected(isTooLarge(value) ? "too-large" : "invalid", parsed.faults)
}

const tooMuch: Fault = {
  pointer: "",
  message: `has more than ${itemLimits.values} values, or an object with more than ${itemLimits.members} members`,
}

function rejected(code: Rejected["code"], faults: readonly Fault[]): ReadItem {
  return { prepared: null, rejected: { outcome: "rejected", code, faults } }
}

// Checked only for rejected events: the size is one fault of several, but has its own status code. Sorting the keys
// does not change the number of bytes.
function isTooLarge(value: JsonValue): boolean {
  if (typeof value !== "object" || value === null) return false
  const counted = Object.fromEntries(Object.entries(value).filter(([name]) => name !== "raw"))
  return Buffer.byteLength(JSON.stringify(counted)) > eventLimits.eventBytes
}

async function appendAll(
  ledger: Context["ledger"],
  organizationId: string,
  items: readonly ReadItem[],
): Promise<IngestResult[]> {
  const events = items.flatMap(item => item.prepared ?? [])
  const appended = events.length === 0 ? [] : await ledger.append(organizationId, events)
  let next = 0
  return items.map(item => {
    if (!item.prepared) return item.rejected
    const result = appended[next++]
    if (!result) throw new AppError("internal", "The ledger returned fewer results than there were events.")
    return result
  })
}
