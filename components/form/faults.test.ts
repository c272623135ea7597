import { describe, expect, test } from "vitest"
import { faultOf, onlyFaults } from "./faults"

describe("what can be seen before a form is sent", () => {
  test.each([
    [{ value: "", isRequired: true, missing: "Give a name." }, "Give a name."],
    [{ value: " \t ", isRequired: true }, "Fill this in."],
    [{ value: "", limit: 3, least: 2, isEmail: true }, null],
    [{ value: "abc", limit: 3 }, null],
    [{ value: "abcd", limit: 3 }, "Use at most 3 characters; these are 4."],
    [{ value: "  abc  ", limit: 3 }, null],
    [{ value: "short", least: 12 }, "Use at least 12 characters."],
    [{ value: "😀".repeat(12), least: 12 }, null],
    [{ value: "ada@acme", isEmail: true }, "ada@acme is not an e-mail address."],
    [{ value: " ada@acme.example ", isEmail: true }, null],
  ])("%j", (typed, words) => {
    expect(faultOf(typed)).toBe(words)
  })
})

test("fields that are fine are no faults", () => {
  expect(onlyFaults({ name: undefined, slug: "" })).toBeNull()
  expect(onlyFaults({ name: "Give a name.", slug: undefined })).toEqual({ name: "Give a name." })
})
