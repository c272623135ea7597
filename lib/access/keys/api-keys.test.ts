import { createHash, randomBytes } from "node:crypto"
import { describe, expect, test } from "vitest"
import { hashApiKey, isApiKey, makeApiKey } from "./api-keys"

describe("the format of a key", () => {
  test("a key is prefix, 32 random characters and six of checksum", () => {
    const { key } = makeApiKey(randomBytes)
    expect(key).toMatch(/^aud_live_[0-9A-Za-z]{38}$/)
    expect(isApiKey(key)).toBe(true)
  })

  test("the same random bytes give the same key, for ever", () => {
    const { key } = makeApiKey(size => new Uint8Array(size).fill(7))
    expect(key).toBe("aud_live_777777777777777777777777777777770hzie8")
  })

  test("what is stored of a key is not enough to make it", () => {
    const made = makeApiKey(randomBytes)
    expect(Buffer.from(made.secretHash)).toEqual(createHash("sha256").update(made.key).digest())
    expect(made.prefix).toBe(made.key.slice(0, 13))
    expect(made.lastFour).toBe(made.key.slice(-4))
    // 32 random characters without the four that are shown; the last four are the checksum.
    expect(made.key.length - made.prefix.length - 6).toBe(28)
  })

  test("bytes that would favour the first letters of the alphabet are not used", () => {
    let calls = 0
    const { key } = makeApiKey(size => new Uint8Array(size).fill(calls++ === 0 ? 248 : 247))
    expect(calls).toBe(2)
    expect(key.slice(9, 41)).toBe("z".repeat(32))
  })

  test.each([
    ["", "nothing"],
    ["aud_live_", "no secret"],
    ["secret", "a word"],
    [`${makeApiKey(randomBytes).key}x`, "one character too many"],
    [makeApiKey(randomBytes).key.slice(0, -1), "one too few"],
    [makeApiKey(randomBytes).key.replace("aud_live_", "aud_test_"), "another prefix"],
    [` ${makeApiKey(randomBytes).key}`, "a space before"],
    [`${makeApiKey(randomBytes).key}\n`, "a line end behind"],
  ])("%j is no key (%s)", text => {
    expect(isApiKey(text)).toBe(false)
  })

  test("a slip in any one character is seen without asking anybody", () => {
    const { key } = makeApiKey(randomBytes)
    for (let position = 0; position < key.length; position += 1) {
      const other = key[position] === "a" ? "b" : "a"
      expect(isApiKey(key.slice(0, position) + other + key.slice(position + 1))).toBe(false)
    }
  })

  test("two keys have two hashes", () => {
    expect(hashApiKey(makeApiKey(randomBytes).key)).not.toEqual(hashApiKey(makeApiKey(randomBytes).key))
  })
})
