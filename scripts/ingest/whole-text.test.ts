import { expect, test } from "vitest"
import { recordLists } from "@/lib/formats/formats"
import { wholePart } from "./whole-text"

test("every list of records that a format names is closed behind its last whole record when a file breaks off", () => {
  expect([...recordLists]).toEqual(expect.arrayContaining(["Records", "entries", "items"]))
  for (const name of recordLists) {
    expect(wholePart(`{"kind":"x","${name}":[{"a":[1]},{"b":{}},{"c":"`)).toBe(
      `{"kind":"x","${name}":[{"a":[1]},{"b":{}}]}`,
    )
  }
  expect(wholePart('{"other":[{"a":1},{"b":')).toBeNull()
})
