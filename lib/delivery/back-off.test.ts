import { expect, test } from "vitest"
import { nextAttempt, pauseAfter } from "./back-off"

const backOff = { firstMs: 1_000, longestMs: 900_000 }
const at = new Date("2026-11-21T08:00:00Z")
const pauseOf = (attempted: object) =>
  Number(nextAttempt({ attempts: 1, since: at, at, random: 0, ...attempted }, backOff)) - at.getTime()

test("pauses double up to the longest, however often it failed", () => {
  expect([0, 1, 2, 3, 10, 11, 5_000].map(failures => pauseAfter(failures, backOff))).toEqual([
    1_000, 1_000, 2_000, 4_000, 512_000, 900_000, 900_000,
  ])
})

test("attempts are spread over the upper half of the pause", () => {
  expect([0, 0.5, 0.999_999].map(random => pauseOf({ attempts: 4, random }))).toEqual([4_000, 6_000, 8_000])
})

test("a receiver that asks for a pause gets it, up to the longest", () => {
  expect(pauseOf({ retryAfterMs: 30_000 })).toBe(30_000)
  expect(pauseOf({ retryAfterMs: 1 })).toBe(500)
  expect(pauseOf({ retryAfterMs: 1e12 })).toBe(900_000)
})

test("attempts end after the given time, and never end without one", () => {
  const since = new Date(at.getTime() - 10_000)
  const attempted = { attempts: 1, since, at, random: 0 }
  expect(nextAttempt(attempted, { ...backOff, givenUpAfterMs: 10_499 })).toBeNull()
  expect(nextAttempt(attempted, { ...backOff, givenUpAfterMs: 10_500 })).toEqual(new Date(at.getTime() + 500))
  expect(nextAttempt({ ...attempted, since: new Date(0) }, backOff)).not.toBeNull()
})
