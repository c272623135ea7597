import { expect, test } from "vitest"
import { keysText, limitedText } from "./app-uses"

const named = (...names: readonly string[]) => names.map(name => ({ id: name, name }))
const nothing = { activeKeys: 0, roles: [], groups: [], collaborators: [] }

test("an archive names who is limited to the app, of many the first five, and says nothing when nobody is", () => {
  expect(limitedText(nothing)).toBeNull()
  expect(
    limitedText({
      ...nothing,
      roles: named("Readers"),
      groups: named("A", "B", "C", "D", "E", "F", "G"),
      collaborators: named("Ada", "Bob"),
    }),
  ).toBe("Limited to it: role Readers; groups A, B, C, D, E and 2 more; collaborators Ada, Bob.")
})

test.each([
  [1, "1 key is"],
  [2, "2 keys are"],
])("%i active keys read %j", (count, text) => {
  expect(keysText(count)).toBe(text)
})
