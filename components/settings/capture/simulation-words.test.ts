import { expect, test } from "vitest"
import { type SimulationAnswer, simulationLines } from "./simulation-words"

const none = { calls: 0, recorded: 0, notKnown: 0 }
const empty: SimulationAnswer = {
  days: 1,
  recorded: {
    ...{ calls: 0, kept: 0, dropped: 0, bytesBefore: 0, bytesAfter: 0, hidden: [] },
    ...{ notKnown: { request: 0, response: 0 }, isWhole: true },
  },
  counted: { now: none, then: none },
}
const words = (answer: SimulationAnswer) =>
  simulationLines(answer).map(({ label, value, note }) => [label, value, note].filter(Boolean).join(" | "))

test("without any call, the simulation says so instead of showing zeros", () => {
  expect(words(empty)).toEqual([
    "All calls of the last day | None was counted.",
    "Calls in the log | None was recorded.",
    "Bodies never captured | None that this policy would record.",
  ])
})

test("the simulation says what is not known, and when only the newest calls were looked at", () => {
  const hidden = Array.from({ length: 10 }, (_, index) => ({
    part: "request" as const,
    field: `f${index}`,
    calls: 10 - index,
  }))
  const answer: SimulationAnswer = {
    days: 7,
    recorded: {
      ...{ calls: 10_000, kept: 9_000, dropped: 1_000, bytesBefore: 5e6, bytesAfter: 4.25e6, hidden },
      ...{ notKnown: { request: 120, response: 1 }, isWhole: false },
    },
    counted: {
      now: { calls: 50_000, recorded: 40_000, notKnown: 0 },
      then: { calls: 50_000, recorded: 12_000, notKnown: 300 },
    },
  }
  expect(words(answer)).toEqual([
    "All calls of the last 7 days | 12,000 of 50,000 would have been recorded; now it is 40,000. | For 300 calls more, it depends on who called or how it ended, which counters do not say.",
    "Calls in the log | 9,000 would still be recorded, 1,000 would not. | The newest 10,000 calls were looked at.",
    "Their size | 4.3 MB instead of 5.0 MB.",
    "No longer recorded | f0 of the request (10 calls), f1 of the request (9 calls), f2 of the request (8 calls), f3 of the request (7 calls), f4 of the request (6 calls), f5 of the request (5 calls), f6 of the request (4 calls), f7 of the request (3 calls) and 2 more fields.",
    "Bodies never captured | Not known: request data of 120 calls and response data of 1 call. | What was not captured cannot be simulated.",
  ])
})
