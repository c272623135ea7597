import { expect, test } from "vitest"
import { givenUpAfterMs, nextAttempt } from "./retry"

const createdAt = new Date("2026-11-21T08:00:00Z")

test("pauses grow up to an hour and are spread", () => {
  const pause = (attempts: number, random: number) =>
    Number(nextAttempt({ attempts, createdAt }, createdAt, random)) - createdAt.getTime()
  expect([1, 2, 3, 20].map(attempts => pause(attempts, 0))).toEqual([2_500, 5_000, 10_000, 1_800_000])
  expect(pause(20, 0.5)).toBe(2_700_000)
})

test("a mail that would be tried after two days is given up", () => {
  const last = new Date(createdAt.getTime() + givenUpAfterMs - 1_000)
  expect(nextAttempt({ attempts: 50, createdAt }, last, 0)).toBeNull()
})
