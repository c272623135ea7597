import type { EventInput, TargetInput } from "@/lib/audit/event/input"
import { eventLimits } from "@/lib/audit/event/limits"
import type { JsonObject, JsonValue } from "@/lib/audit/json/value"
import { isObject } from "@/lib/audit/json/value"
import { fitting } from "@/lib/formats/foreign-json"
import type { FreeSlot } from "./mapping"
import type { ForeignRecord } from "./record"
import { fill } from "./slots"

/** Returns the object that a slot gives; members that would make it too large are left out, and undefined for an empty one. */
export function freeObject(
  slot: FreeSlot | undefined,
  record: ForeignRecord,
  most: number,
): JsonObject | undefined {
  if (slot === undefined) return undefined
  if (typeof slot === "function") {
    const whole = slot(record)
    return isObject(whole) ? fitting(whole, most) : undefined
  }
  const members = Object.entries(slot).flatMap(([name, from]): [string, JsonValue][] => {
    const value = fill(from, record, found => found)
    return value === undefined ? [] : [[name, value]]
  })
  if (members.length === 0) return undefined
  return isSurelySmall(members, most) ? Object.fromEntries(members) : asMuchAsFits(members, most)
}

/** Six bytes are the most that JSON needs for a UTF-16 unit. */
function isSurelySmall(members: readonly [string, JsonValue][], most: number): boolean {
  let bytes = 2
  for (const [name, value] of members) {
    if (typeof value === "object") return false
    bytes += 6 * (name.length + (typeof value === "string" ? value.length : 5)) + 6
  }
  return bytes <= most
}

function asMuchAsFits(members: readonly [string, JsonValue][], most: number): JsonObject | undefined {
  const whole = fitting(Object.fromEntries(members), most)
  if (whole !== undefined) return whole
  const kept: [string, JsonValue][] = []
  for (const member of members) {
    if (fitting(Object.fromEntries([...kept, member]), most) !== undefined) kept.push(member)
  }
  return kept.length === 0 ? undefined : Object.fromEntries(kept)
}

/**
 * Takes away what people miss least until the event of a record of so many characters is no larger than the API takes; `raw` has the
 * whole. A mapping uses no value so often that the event of a short record could be too large.
 */
export function withinSize(event: EventInput, recordLength: number): EventInput {
  let smaller = event
  if (recordLength <= shortRecord) return event
  for (const lessen of lessenings) {
    if (bytesOf(smaller) <= eventLimits.eventBytes) return smaller
    smaller = lessen(smaller)
  }
  return smaller
}

const shortRecord = eventLimits.eventBytes / 32

function bytesOf(event: EventInput): number {
  return new TextEncoder().encode(JSON.stringify(event)).length
}

const fewDetails = 8

const lessenings: readonly ((event: EventInput) => EventInput)[] = [
  ({ metadata: _, ...event }) => event,
  event => ({ ...event, targets: event.targets?.map(withoutAttributes) }),
  event => ({ ...event, details: event.details?.slice(0, fewDetails) }),
]

function withoutAttributes({ attributes: _, ...target }: TargetInput): TargetInput {
  return target
}
