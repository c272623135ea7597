import { expect, test } from "vitest"
import { nextStep, readRange } from "./replay-input"

const numbers = (from: string, to: string) => readRange({ by: "numbers", from, to }, "UTC")
const times = (from: string, to: string, zone = "UTC") => readRange({ by: "times", from, to }, zone)

test("both numbers belong to the range, however they are written", () => {
  expect(numbers("0", "0")).toEqual({ range: { first: 0, past: 1 } })
  expect(numbers(" #1,204 ", "12,999")).toEqual({ range: { first: 1204, past: 13_000 } })
})

test.each([
  ["", "1", ["from"]],
  ["-1", "1", ["from"]],
  ["1", "1.5", ["to"]],
  ["1e3", "1,2", ["from", "to"]],
  ["5", "4", ["to"]],
  ["1", "9999999999999999", ["to"]],
])("the numbers %j to %j are refused at %j", (from, to, at) => {
  const read = numbers(from, to)
  const faults = "faults" in read ? Object.entries(read.faults) : []
  expect(faults.flatMap(([end, words]) => (words === undefined ? [] : [end]))).toEqual(at)
})

test("both times belong to the range, on the clocks of the reader", () => {
  expect(times("2026-03-31", "2026-03-31")).toEqual({
    range: { from: "2026-03-31T00:00:00.000000Z", to: "2026-04-01T00:00:00.000000Z" },
  })
  expect(times("2026-07-01 09:00", "2026-07-01 09:00", "Europe/Berlin")).toEqual({
    range: { from: "2026-07-01T07:00:00.000000Z", to: "2026-07-01T07:01:00.000000Z" },
  })
})

test("times that cannot be read, or end before they begin, are refused", () => {
  expect(times("soon", "2026-03-31")).toMatchObject({ faults: { from: expect.any(String) } })
  expect(times("2026-03-31", "2026-03-30")).toMatchObject({ faults: { to: "It ends before it begins." } })
})

test("a range is counted before it is sent, and a very large one has to be confirmed", () => {
  const found = { first: 0, past: 11_000_000, events: 11_000_000, needsConfirmation: true }
  expect(nextStep(null, true)).toEqual({ label: "Count the events", isReady: true })
  expect(nextStep(found, false)).toEqual({ label: "Send again", isReady: false })
  expect(nextStep(found, true).isReady).toBe(true)
  expect(nextStep({ ...found, needsConfirmation: false }, false).isReady).toBe(true)
  expect(nextStep({ ...found, events: 0, needsConfirmation: false }, true).isReady).toBe(false)
})
