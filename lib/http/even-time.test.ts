import { expect, test } from "vitest"
import { noSoonerThan } from "./even-time"

test.each([
  ["a result", () => Promise.resolve("done"), "done"],
  ["a refusal", () => Promise.reject(new Error("refused")), "refused"],
])("%s comes no sooner than it may", async (_, work, expected) => {
  const startedAt = performance.now()
  const answer = await noSoonerThan(120, work).catch((error: Error) => error.message)
  expect(answer).toBe(expected)
  // Timers may fire up to a millisecond early.
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(119)
})
