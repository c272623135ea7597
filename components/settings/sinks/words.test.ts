import { expect, test } from "vitest"
import { failing, progress, sink } from "./fixtures/sink"
import {
  ageWords,
  behindWords,
  outcomeWords,
  rangeWords,
  replayPercent,
  stateSentence,
  stateWords,
  tookWords,
} from "./words"

test("how far a sink is behind is said in events and in time", () => {
  expect(behindWords(progress)).toBe("Up to date")
  expect(behindWords(failing)).toBe("1,204 events, 1 h")
  expect(behindWords({ ...failing, behindEvents: 1, behindSeconds: null })).toBe("1 event")
})

test.each([
  [null, "0 s"],
  [-3, "0 s"],
  [59.9, "59 s"],
  [60, "1 min"],
  [3599, "59 min"],
  [7200, "2 h"],
  [86_400, "1 day"],
  [259_200, "3 days"],
])("an age of %s seconds reads %s", (seconds, words) => {
  expect(ageWords(seconds)).toBe(words)
})

test("every state and every outcome has a word of its own, and only trouble is red", () => {
  const states = ["delivering", "waiting", "failing", "misconfigured", "paused"] as const
  const words = states.map(state => stateWords(state).words)
  expect(new Set(words).size).toBe(states.length)
  expect(states.filter(state => stateWords(state).tone === "failure")).toEqual(["failing", "misconfigured"])
  const outcomes = ["taken", "partly", "later", "configuration", "gone", "credentials"] as const
  expect(new Set(outcomes.map(outcome => outcomeWords(outcome).words)).size).toBe(outcomes.length)
  expect(outcomes.filter(outcome => outcomeWords(outcome).tone === "success")).toEqual(["taken"])
})

test("the sentence of a state says what happens next, and that nothing is lost", () => {
  expect(stateSentence(sink)).toBe("Everything that was recorded so far has been handled.")
  expect(stateSentence({ ...sink, progress: failing })).toBe(
    "1,204 events are on the way, the oldest 1 h old.",
  )
  expect(stateSentence({ ...sink, state: "waiting", progress: { ...failing, behindEvents: 1 } })).toBe(
    "1 event waits for the next batch.",
  )
  expect(stateSentence({ ...sink, state: "failing", progress: failing })).toContain(
    "The last 7 attempts failed",
  )
  const reasons = ["person", "gone", "credentials", "dead-letters"] as const
  const sentences = reasons.map(pausedReason => stateSentence({ ...sink, state: "paused", pausedReason }))
  expect(new Set(sentences).size).toBe(reasons.length)
  for (const sentence of sentences) expect(sentence).toContain("Nothing is lost")
  expect(sentences[2]).toContain("Enter them again")
})

test("a range is spelled with both of its ends, and a replay by what it has behind it", () => {
  expect(rangeWords(0, 1)).toBe("0")
  expect(rangeWords(1204, 13_000)).toBe("1,204 to 12,999")
  expect(replayPercent({ first: 100, next: 100, past: 300 })).toBe(0)
  expect(replayPercent({ first: 100, next: 299, past: 300 })).toBe(99)
  expect(replayPercent({ first: 100, next: 300, past: 300 })).toBe(100)
  expect(replayPercent({ first: 5, next: 5, past: 5 })).toBe(100)
  expect([tookWords(84), tookWords(2440)]).toEqual(["84 ms", "2.4 s"])
})
