import type { EventInput, TargetInput } from "@/lib/audit/event/input"
import { eventLimits } from "@/lib/audit/event/limits"
import type { JsonObject, JsonValue } from "@/lib/audit/json/value"
import { fitting, isObject } from "@/lib/formats/foreign-json"
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
  const kept: [string, JsonValue][] = []
  for (const [name, from] of Object.entries(slot)) {
    const value = fill(from, record, found => found)
    if (value !== undefined && fitting(Object.fromEntries([...kept, [name, value]]), most) !== undefined)
      kept.push([name, value])
  }
  return kept.length === 0 ? undefined : Object.fromEntries(kept)
}

/** Takes away what people miss least until the event is no larger than the API takes; `raw` has the whole. */
export function withinSize(event: EventInput): EventInput {
  let smaller = event
  for (const lessen of lessenings) {
    if (bytesOf(smaller) <= eventLimits.eventBytes) return smaller
    smaller = lessen(smaller)
  }
  return smaller
}

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
