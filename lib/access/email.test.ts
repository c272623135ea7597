import { describe, expect, test } from "vitest"
import { z } from "zod"
import { judgeAddresses } from "@/components/access-control/invitations/addresses"
import { faultOf } from "@/components/form/faults"
import { emailInput } from "@/lib/operations/sign-in/credentials"
import { emailFault, longestEmail } from "./email"

const texts = [
  ...["ada@acme.example", "a+b@acme.example", "o'hara@acme.example", "a_b-c.d@sub.acme.co", "a@b.io"],
  ...["günther@acme.example", "ada@müller.example", "ада@пример.рф", "ada@acme", "ada@@acme.example", "ada"],
  ...[".ada@acme.example", "a..b@acme.example", "ada.@acme.example", "ada@-acme.example", "ada@acme.e"],
  ...[
    "",
    "@acme.example",
    "ada@acme.example.",
    "ada lovelace@acme.example",
    "ada@[192.0.2.1]",
    '"a"@b.example',
  ],
  `${"a".repeat(longestEmail - 10)}@b.example`,
  `${"a".repeat(longestEmail - 9)}@b.example`,
]

describe("the server, the field of a form and the dialog that invites agree on every address", () => {
  test.each(texts)("%j", text => {
    const isFine = emailFault(text) === null
    expect(emailInput.safeParse(text).success).toBe(isFine)
    expect(judgeAddresses([text])[0]?.fault === null).toBe(isFine)
    const typed = { value: text, isRequired: true, isEmail: true }
    expect(faultOf(typed) === null).toBe(isFine)
  })
})

test("nothing that zod takes for an address is refused, up to the longest one that is kept", () => {
  for (const text of texts.filter(each => each.length <= longestEmail)) {
    expect(emailFault(text) === null, text).toBe(z.email().safeParse(text).success)
  }
})
