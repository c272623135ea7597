import { gzipSync } from "node:zlib"
import { expect, test } from "vitest"
import { hideInText, shownBytes } from "./shown-bytes"

const secret = "s3cr3t/token+with=signs"
const hidden = { token: secret }

/** Every way in which a kind may write a secret into what it sends. */
const spellings: readonly (readonly [string, string])[] = [
  ["as it is", `Splunk ${secret}`],
  ["in a query string", `token=${encodeURIComponent(secret)}`],
  ["in base64", Buffer.from(secret).toString("base64")],
  ["behind a user name", `Basic ${Buffer.from(`elastic:${secret}`).toString("base64")}`],
  ["in a JSON body that the receiver sends back", JSON.stringify({ echo: [{ header: `Bearer ${secret}` }] })],
  ["twice on a line", `${secret} ${secret}`],
]

test.each(spellings)("a secret is not shown, wherever it is: %s", (_, text) => {
  const shown = shownBytes(Buffer.from(text), hidden, ["elastic"])
  expect(shown).not.toContain(secret)
  expect(shown).not.toContain(encodeURIComponent(secret))
  expect(shown).not.toContain(Buffer.from(secret).toString("base64").slice(0, 20))
  expect(shown).toMatch(/\[token\]|\[credentials\]/)
})

test("an authorization is never shown, whatever it was made of; its scheme is", () => {
  const text =
    "POST /x\nAuthorization: AWS4-HMAC-SHA256 Credential=A/B, Signature=00ff\nx-other: kept\n\nbody"
  expect(shownBytes(Buffer.from(text), {})).toBe(
    "POST /x\nAuthorization: AWS4-HMAC-SHA256 [credentials]\nx-other: kept\n\nbody",
  )
})

test("a secret that is part of another one never hides half of it", () => {
  expect(hideInText("abcdef abc", { short: "abc", long: "abcdef" })).toBe("[long] [short]")
})

test("gzip is unfolded, also behind a head, and a secret in it is not shown", () => {
  const bytes = Buffer.concat([Buffer.from("PUT /o\n\n"), gzipSync(`{"a":1,"b":"${secret}"}\n`)])
  expect(shownBytes(bytes, hidden)).toMatch(
    /^PUT \/o\n\n\[gzip, \d+ bytes, unfolded\]\n\{"a":1,"b":"\[token\]"\}\n$/,
  )
})

test("a bomb of gzip and what only looks like gzip are shown as bytes", () => {
  expect(shownBytes(gzipSync(Buffer.alloc(3 * 1024 * 1024)), {})).toContain("bytes that are no text")
  expect(shownBytes(Buffer.from([0x1f, 0x8b, 0x08, 1, 2, 3]), {})).toBe(
    "[6 bytes that are no text]\n1f8b08010203",
  )
})

test("text is shown exactly, with its line breaks and every language; other bytes in hexadecimal", () => {
  const text = "<165>1 … 𝄞\r\n\tZeile 二\n"
  expect(shownBytes(Buffer.from(text), {})).toBe(text)
  expect(shownBytes(Buffer.from([0x93, 0xa3, 0x74, 0x61, 0x67, 0xc0]), {})).toContain("93a3746167c0")
  expect(shownBytes(Buffer.from("a\u0000b"), {})).toContain("610062")
})

test("what is shown has an end", () => {
  expect(shownBytes(Buffer.from("x".repeat(200_000)), {}).length).toBeLessThan(70_000)
})
