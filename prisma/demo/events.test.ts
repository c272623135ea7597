import { expect, test } from "vitest"
import { platformOperations } from "@/lib/audit/event/catalogue-entries"
import { sentenceOf } from "@/lib/audit/event/compose-sentence"
import { parseEvent } from "@/lib/audit/event/parse"
import { sentenceText } from "@/lib/audit/event/sentence"
import { demoDays, demoEventCount, demoEvents } from "./events"

const organizationId = "0193b5a6-0000-7000-8000-000000000001"
const endMs = Date.UTC(2026, 10, 21, 12)
const events = demoEvents(endMs, organizationId)

test("the demo organization is the same for the same end", () => {
  // Compared as one text: nobody could read a difference of fifty thousand objects.
  expect(JSON.stringify(demoEvents(endMs, organizationId)) === JSON.stringify(events)).toBe(true)
  expect(Math.abs(events.length - demoEventCount)).toBeLessThan(demoEventCount / 10)
})

test("the API's parser accepts every event of the demo, and no id comes twice", () => {
  const context = { organizationId, appId: organizationId, newId: () => "unused" }
  const refused = events.map(({ input }) => parseEvent(input, context)).filter(parsed => !parsed.ok)
  expect(refused).toEqual([])
  expect(new Set(events.map(({ input }) => input.id)).size).toBe(events.length)
})

test("the demo reaches from two years ago to its end, and not beyond", () => {
  const times = events.map(({ input }) => Date.parse(String(input.occurredAt)))
  expect(Math.max(...times)).toBeLessThan(endMs)
  expect(Math.min(...times)).toBeLessThan(endMs - (demoDays - 2) * 24 * 60 * 60 * 1000)
})

test("the story can be found: a burst of failures, a success, and denials, all from one address", () => {
  const night = events.filter(({ input }) => JSON.stringify(input.source).includes("203.0.113.66"))
  const count = (status: string) => night.filter(({ input }) => input.status === status).length
  expect(count("failure")).toBe(47)
  expect(count("denied")).toBe(5)
  expect(count("success")).toBeGreaterThan(4)
  const after = events.filter(
    ({ input }) =>
      JSON.stringify(input.actor).includes("marek.dvořák") &&
      String(input.occurredAt) > String(night.at(-1)?.input.occurredAt),
  )
  expect(after.every(({ input }) => String(input.occurredAt) < "2026-11-10T09")).toBe(true)
})

test("the last thirty days show each operation of the platforms, with a sentence about its target", () => {
  const context = { organizationId, appId: organizationId, newId: () => "unused" }
  const recent = events
    .filter(({ input }) => Date.parse(String(input.occurredAt)) > endMs - 30 * 24 * 60 * 60 * 1000)
    .map(({ input }) => parseEvent(input, context))
    .flatMap(parsed => (parsed.ok ? [parsed.prepared.content] : []))
  for (const [name] of platformOperations) {
    const event = recent.find(({ operation, targets }) => operation === name && targets.length > 0)
    expect(event, name).toBeDefined()
    const sentence = event && sentenceOf(event)
    expect(sentence && sentenceText(sentence), name).toContain(event?.targets[0]?.name)
  }
})
