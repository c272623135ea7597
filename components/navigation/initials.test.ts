import { expect, test } from "vitest"
import { initials } from "./initials"

test.each([
  ["Ada Lovelace", "ada@acme.example", "AL"],
  ["Ada", "ada@acme.example", "A"],
  ["  maria  del carmen  ruiz ", "m@acme.example", "MR"],
  ["", "ops@acme.example", "O"],
  ["𝒜da (she) Łukasz", "x@acme.example", "𝒜Ł"],
])("the initials of %j <%s> are %s", (name, email, expected) => {
  expect(initials(name, email)).toBe(expected)
})
