import { Buffer } from "node:buffer"
import { createHash, randomBytes } from "node:crypto"
import { expect, test } from "vitest"
import { hashToken, hashTokenText, isSameHash, isToken, makeToken } from "./tokens"

test("a token says the random bytes, and its size can be told from its text", () => {
  const bytes = randomBytes(32)
  const token = makeToken(() => bytes)
  expect(Buffer.from(token, "base64url")).toEqual(bytes)
  expect([isToken(token), isToken(token, 16), isToken(makeToken(randomBytes, 16), 16)]).toEqual([
    true,
    false,
    true,
  ])
})

test.each([
  ["", false],
  ["A".repeat(42), false],
  ["A".repeat(44), false],
  [`${"A".repeat(42)}=`, false],
  [`${"A".repeat(42)}+`, false],
  [`${"A".repeat(42)}é`, false],
  [`${"A".repeat(42)}\n`, false],
  [`${"A".repeat(43)}\n`, false],
  [`${"A".repeat(41)}-_`, true],
])("%j can be a token: %s", (text, expected) => expect(isToken(text)).toBe(expected))

test("the hash is SHA-256 of the text, in every spelling", () => {
  const digest = createHash("sha256").update("token").digest()
  expect(Buffer.from(hashToken("token"))).toEqual(digest)
  expect(hashTokenText("token", "hex")).toBe(digest.toString("hex"))
  expect(hashTokenText("token", "base64url")).toBe(digest.toString("base64url"))
})

test("hashes are the same only when every byte is", () => {
  const [one, other] = [hashToken("a"), hashToken("b")]
  expect([isSameHash(one, hashToken("a")), isSameHash(one, other), isSameHash(one, one.subarray(1))]).toEqual(
    [true, false, false],
  )
})
