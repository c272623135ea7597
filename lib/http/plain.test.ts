import { describe, expect, test } from "vitest"
import { isPlain } from "./plain"

const throwing = new Proxy(() => {}, {
  get() {
    throw new Error("looked at")
  },
})
const circular: unknown[] = []
circular.push(circular)

describe("what is sent to a form's action", () => {
  test.each([null, undefined, "a", 1, true, 1n, [], {}, { a: [{ b: null }] }, Object.create(null)])(
    "is plain data: %#",
    value => expect(isPlain(value)).toBe(true),
  )

  test.each([
    () => {},
    throwing,
    { email: throwing },
    [[throwing]],
    Symbol("a"),
    new Map(),
    new Set(),
    new FormData(),
    new Blob([]),
    new Date(0),
    Promise.resolve(),
    circular,
    Object.create({ email: "inherited" }),
    Array.from({ length: 100_001 }, () => 0),
  ])("is refused before anything looks at it: %#", value => expect(isPlain(value)).toBe(false))
})
