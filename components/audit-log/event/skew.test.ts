import { expect, it } from "vitest"
import { addMicroseconds, assertInstant } from "@/lib/audit/time/instant"
import { skewOf } from "./skew"

const at = assertInstant("2026-03-31T12:00:00.000000Z")
const after = (seconds: number, microseconds = 0) => addMicroseconds(at, seconds * 1_000_000 + microseconds)

it("up to five minutes either way are not worth a word", () => {
  expect(skewOf(at, at)).toBeNull()
  expect(skewOf(at, after(300))).toBeNull()
  expect(skewOf(after(300), at)).toBeNull()
})

it("one microsecond more is", () => {
  expect(skewOf(at, after(300, 1))).toEqual({ kind: "late", distance: "5 minutes" })
  expect(skewOf(after(300, 1), at)).toEqual({ kind: "ahead", distance: "5 minutes" })
})

it.each([
  [3_599, "59 minutes"],
  [3_600, "1 hour"],
  [86_400 * 3, "3 days"],
  [86_400 * 400, "1 year"],
])("%i seconds are %s", (seconds, words) => {
  expect(skewOf(at, after(seconds))?.distance).toBe(words)
})
