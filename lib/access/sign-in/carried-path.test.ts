import { randomBytes } from "node:crypto"
import { deflateRawSync } from "node:zlib"
import { describe, expect, test } from "vitest"
import { sizeLimits } from "@/scripts/launcher/request-size.mjs"
import { carryPath, readCarriedPath } from "./carried-path"
import { isOwnPath } from "./own-path"

const log = "/acme/admin/audit-logs?"
const filled = (piece: () => string, bytes: number) => {
  let path = log
  while (path.length < bytes) path += piece()
  return path.slice(0, bytes)
}
const inAddress = (path: string) => `/sign-in?return=${encodeURIComponent(carryPath(path))}`

/** Of those that a url of a page can have. */
const characters = Array.from({ length: 94 }, (_, at) => String.fromCharCode(33 + at)).filter(isOwnCharacter)
function isOwnCharacter(character: string): boolean {
  return isOwnPath(`/a${character}b`) && character !== "#"
}
const randomCharacters = (count: number) =>
  Array.from(randomBytes(count), byte => characters[byte % characters.length]).join("")

const longPaths: readonly (readonly [string, string])[] = [
  ["8 KiB of ids", filled(() => `actor=${randomBytes(16).toString("hex")}&`, 8_192)],
  ["8 KiB of escaped text", filled(() => "text=%E4%BD%A0%E5%A5%BD%26&", 8_192)],
  ["8 KiB of one letter", filled(() => "x", 8_192)],
  ["200 parameters", log + Array.from({ length: 200 }, (_, n) => `operation=a.${n}`).join("&")],
  // As long as the console's own filters can make it, and hard to compress.
  ["7 KiB of noise", filled(() => `actor=${randomBytes(75).toString("base64url")}&`, 7_168)],
  ["8 KiB of noise", filled(() => randomBytes(75).toString("base64url"), 8_192)],
  ["8 KiB of noise of every character", filled(() => randomCharacters(75), 8_192)],
]

describe("a path that another address carries", () => {
  test.each(longPaths)("comes back as it was and leaves that address within 10 KiB: %s", (_, path) => {
    const address = inAddress(path)
    expect(path.length).toBeLessThanOrEqual(8_192)
    expect(address.length).toBeLessThanOrEqual(sizeLimits.signInBytes)
    const carried = new URL(address, "https://audit.example.com").searchParams.get("return")
    expect(readCarriedPath(carried)).toBe(path)
  })

  test("stays readable when it is short", () => {
    expect(carryPath("/acme?text=a%26b")).toBe("/acme?text=a%26b")
    expect(readCarriedPath("/acme?text=a%26b")).toBe("/acme?text=a%26b")
  })

  test("leads to its page when the rest does not fit", () => {
    const path = filled(() => randomBytes(75).toString("base64url"), 9_500)
    expect(readCarriedPath(carryPath(path))).toBe("/acme/admin/audit-logs")
    expect(carryPath(`/${"x".repeat(9_000)}`).length).toBeLessThan(8_000)
  })

  const packed = (text: string) => `~${deflateRawSync(text).toString("base64url")}`
  test.each([
    undefined,
    ["/a", "/b"],
    "",
    "~",
    "~!!!!",
    packed("//evil.example"),
    packed("https://evil.example"),
    packed("/\\evil.example"),
    packed("/a b"),
    packed(`/${"x".repeat(1_000_000)}`),
    `/${"x".repeat(8_192)}`,
  ])("leads nowhere else, whatever is sent: %#", carried => {
    expect(readCarriedPath(carried)).toBe("/")
  })
})
