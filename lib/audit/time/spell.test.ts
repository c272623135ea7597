import { expect, it } from "vitest"
import { spellTypedTime } from "./spell"

it.each([
  ["2026-08", "August 2026"],
  ["1970-01", "January 1970"],
  ["2199-12", "December 2199"],
  ["2026", "2026"],
  ["2026-08-01", "2026-08-01"],
  ["2026-08-01T10:30", "2026-08-01 10:30"],
  ["2026-13", "2026-13"],
])("%s is read as %s", (text, words) => {
  expect(spellTypedTime(text)).toBe(words)
})
