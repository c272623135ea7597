import type { EventInput } from "@/lib/audit/event/input"
import { uuidv5, uuidv7 } from "@/lib/audit/ids"
import type { JsonObject } from "@/lib/audit/json/value"
import { type DemoEvent, everydayEvents } from "./days"
import { random } from "./random"
import { isBeforeSuspension, storyEvents } from "./story"
import { tourEvents } from "./tour"

/** How far back the demo data go, and approximately how many events there are. */
export const demoDays = 730
export const demoEventCount = 50_000

/** An event of the demo, ready for the API's parser. */
export interface SeedEvent {
  readonly app: string
  readonly input: EventInput | JsonObject
}

/** Returns every event of the demo, sorted by time, the same for the same `endMs`; ids depend on nothing else. */
export function demoEvents(endMs: number, organizationId: string): readonly SeedEvent[] {
  const chance = random(7)
  const everyday = everydayEvents(endMs, demoDays, demoEventCount).filter(event =>
    isBeforeSuspension(event, endMs),
  )
  return [...everyday, ...storyEvents(endMs), ...tourEvents(endMs)]
    .sort((a, b) => a.occurredAtMs - b.occurredAtMs)
    .map((event, number) =>
      seedEvent(event, { number, microseconds: chance.between(0, 999), organizationId }),
    )
}

interface Place {
  readonly number: number
  readonly microseconds: number
  readonly organizationId: string
}

function seedEvent(
  { app, occurredAtMs, input }: DemoEvent,
  { number, microseconds, organizationId }: Place,
): SeedEvent {
  const digits = String(microseconds).padStart(3, "0")
  const occurredAt = `${new Date(occurredAtMs).toISOString().slice(0, -1)}${digits}Z`
  const chance = Buffer.from(uuidv5(organizationId, `demo event ${number}`).replaceAll("-", ""), "hex")
  return {
    app,
    input: { id: uuidv7(Math.floor(occurredAtMs), chance), occurredAt, ...input } satisfies EventInput,
  }
}
