import { describe, expect, test } from "vitest"
import { wordsOf } from "./credentials"

describe("the words of a refused sign-in", () => {
  test("are those of the address that the endpoint answers with", () => {
    const url = `https://audit.example/sign-in?error=${encodeURIComponent("Too many attempts. Try again in 2 minutes.")}`
    expect(wordsOf({ url })).toBe("Too many attempts. Try again in 2 minutes.")
  })

  test("are the detail of a problem document", () => {
    expect(wordsOf({ type: "urn:problem", detail: "Temporarily unavailable." })).toBe(
      "Temporarily unavailable.",
    )
  })

  test.each([null, "", 3, {}, { url: "not an address" }, { url: "https://audit.example/" }])(
    "are ours when the answer is %j",
    answer => {
      expect(wordsOf(answer)).toBe("Signing in did not work. Try again in a moment.")
    },
  )
})
