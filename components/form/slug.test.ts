import { expect, test } from "vitest"
import { slugOf } from "./slug"

test.each([
  ["Door Control", "door-control"],
  ["  Über-Café №5  ", "uber-cafe-no5"],
  ["--", ""],
  [`${"a".repeat(49)} b`, "a".repeat(49)],
])("the slug proposed for %j is %j", (name, expected) => {
  expect(slugOf(name)).toBe(expected)
})
