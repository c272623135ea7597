import { expect, test } from "vitest"
import { remembering } from "./remember"

test("a text is worked out once, also one whose result is null, and any text is taken", () => {
  const asked: string[] = []
  const length = remembering(text => {
    asked.push(text)
    return text === "" ? null : text.length
  })
  for (const text of ["a", "__proto__", "\ud800", "", "a", "__proto__", "\ud800", ""]) {
    expect(length(text)).toBe(text === "" ? null : text.length)
  }
  expect(asked).toEqual(["a", "__proto__", "\ud800", ""])
})

test("what is kept is bounded: a long text is worked out each time, and too many are forgotten", () => {
  let worked = 0
  const count = remembering(() => (worked += 1), { most: 3, longest: 5 })
  count("123456")
  count("123456")
  expect(worked).toBe(2)
  for (const text of ["a", "b", "c", "a", "b", "c"]) count(text)
  expect(worked).toBe(5)
  count("d")
  count("a")
  expect(worked).toBe(7)
})
