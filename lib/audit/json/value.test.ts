import { expect, test } from "vitest"
import { isArray, isObject, present } from "./value"

test("an object is neither null nor an array", () => {
  const values = [{}, Object.create(null), null, undefined, [], "x", 1, true]
  expect(values.map(isObject)).toEqual([true, true, false, false, false, false, false, false])
  expect([[], {}, null, undefined, "x"].map(isArray)).toEqual([true, false, false, false, false])
})

test("only what is undefined is left out, and the others keep their order", () => {
  const members = { b: null, a: undefined, c: false, d: 0, e: "", f: [], g: {} }
  expect(Object.entries(present(members))).toEqual([
    ["b", null],
    ["c", false],
    ["d", 0],
    ["e", ""],
    ["f", []],
    ["g", {}],
  ])
})

test("a member called __proto__ is kept as one like any other, and changes no prototype", () => {
  const made = present(JSON.parse('{"__proto__":{"polluted":1},"constructor":2}'))
  expect(JSON.stringify(made)).toBe('{"__proto__":{"polluted":1},"constructor":2}')
  expect(Object.getPrototypeOf(made)).toBe(Object.prototype)
  expect("polluted" in made).toBe(false)
})
