import { describe, expect, test } from "vitest"
import { bearer, type KeyScheme, keyOfAuthorization } from "./key-scheme"

describe("the key of an authorisation", () => {
  test("is what the scheme reads; without an authorisation there is none", () => {
    expect(keyOfAuthorization("Bearer abc", bearer)).toBe("abc")
    expect(keyOfAuthorization("bearer   abc ", bearer)).toBe("abc")
    expect(keyOfAuthorization(null, bearer)).toBeNull()
  })

  test.each(["Basic YWJjOmRlZg==", "Bearer", "Bearer a b", "abc", "", "Key abc"])(
    "another scheme (%s) is refused",
    text => {
      expect(() => keyOfAuthorization(text, bearer)).toThrow(
        expect.objectContaining({ code: "unauthenticated" }),
      )
    },
  )

  test("is read by whatever scheme is passed, and the refusal says how that one is written", () => {
    const basic: KeyScheme = {
      usage: "the password of `Authorization: Basic`",
      challenge: "Basic",
      keyOf: text => {
        const [, encoded] = /^Basic (\S+)$/.exec(text) ?? []
        return encoded === undefined
          ? null
          : (Buffer.from(encoded, "base64").toString().split(":")[1] ?? null)
      },
    }
    expect(keyOfAuthorization(`Basic ${btoa("anybody:abc")}`, basic)).toBe("abc")
    expect(() => keyOfAuthorization("Bearer abc", basic)).toThrow(
      "Send the API key in the password of `Authorization: Basic`.",
    )
  })
})
