import { describe, expect, test } from "vitest"
import { readClaims } from "./claims"

const settings = { issuer: "https://id.example", groupsClaim: "groups" }
const claims = { sub: "1", email: "ada@acme.example", email_verified: true, name: "Ada" }
const read = (more: Record<string, unknown>) => readClaims({ ...claims, ...more }, settings)

describe("claims", () => {
  test("are understood as OpenID Connect names them", () => {
    expect(read({ groups: ["a", "b"], auth_time: 5, iat: 6 })).toEqual({
      identity: {
        issuer: settings.issuer,
        subject: "1",
        email: "ada@acme.example",
        emailVerified: true,
        name: "Ada",
        groups: ["a", "b"],
      },
      authTime: 5,
      issuedAt: 6,
    })
  })

  test.each([
    [true, true],
    ["true", true],
    [false, false],
    ["false", false],
    [1, false],
    [undefined, false],
    [null, false],
  ])("an address is verified by email_verified = %j: %j", (email_verified, verified) => {
    expect(read({ email_verified }).identity.emailVerified).toBe(verified)
  })

  test.each([undefined, "", 7, null])("without a subject (%j) are nobody's", sub => {
    expect(() => read({ sub })).toThrow()
  })

  test.each([
    [["a", 7, "", "x".repeat(501)], ["a"]],
    ["a", ["a"]],
    [undefined, []],
    [{ a: 1 }, []],
    [Array.from({ length: 1_001 }, (_, n) => `g${n}`), null],
  ])("list groups as texts, whatever else they hold (%#)", (groups, expected) => {
    expect(read({ groups }).identity.groups).toEqual(expected)
  })

  test("that are said to be elsewhere, or are not asked for, say nothing about groups", () => {
    expect(read({ _claim_names: { groups: "src1" } }).identity.groups).toBeNull()
    const without = readClaims({ ...claims, groups: ["a"] }, { ...settings, groupsClaim: null })
    expect(without.identity.groups).toBeNull()
  })

  test("of a strange kind are taken for absent", () => {
    const { identity, authTime } = read({ email: 7, name: {}, auth_time: "yesterday" })
    expect([identity.email, identity.name, authTime]).toEqual([null, null, null])
  })
})
