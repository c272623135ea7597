import { Buffer } from "node:buffer"
import { randomBytes } from "node:crypto"
import { expect, test } from "vitest"
import { newId, uuidv5, uuidv7 } from "./ids"
import { hasUuidShape, isUuid } from "./uuid"

test("version 5 gives the example of RFC 9562", () => {
  expect(uuidv5("6ba7b810-9dad-11d1-80b4-00c04fd430c8", "www.example.com")).toBe(
    "2ed6657d-e927-568b-95e1-2665a8aea6a2",
  )
})

test("version 5 does not depend on the namespace's case, and differs by namespace and name", () => {
  const namespace = "6ba7b811-9dad-11d1-80b4-00c04fd430c8"
  expect(uuidv5(namespace.toUpperCase(), "é")).toBe(uuidv5(namespace, "é"))
  expect(uuidv5(namespace, "é")).not.toBe(uuidv5(namespace, "e"))
  expect(uuidv5(namespace, "é")).not.toBe(uuidv5("6ba7b812-9dad-11d1-80b4-00c04fd430c8", "é"))
  expect(() => uuidv5("no uuid", "x")).toThrow("must be a UUID")
})

test("version 7 gives the example of RFC 9562", () => {
  const random = Buffer.from("0cc318c4dc0c0c07398f", "hex")
  expect(uuidv7(0x017f22e279b0, random)).toBe("017f22e2-79b0-7cc3-98c4-dc0c0c07398f")
})

test("version 7 sorts by time, and leaves the random bytes as they were", () => {
  const random = randomBytes(10)
  const before = random.toString("hex")
  const ids = [1, 255, 256, 1_700_000_000_000, 7_258_118_399_999].map(at => uuidv7(at, random))
  expect([...ids].sort()).toEqual(ids)
  expect(random.toString("hex")).toBe(before)
  expect(ids.every(isUuid)).toBe(true)
  expect(() => uuidv7(1, randomBytes(9))).toThrow("ten random bytes")
})

test.each([
  ["919108f7-52d1-4320-9bac-f847db4148a8", true],
  ["919108F7-52D1-4320-9BAC-F847DB4148A8", true],
  ["00000000-0000-0000-0000-000000000000", false],
  ["FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF", false],
  ["919108f752d143209bacf847db4148a8", false],
  ["{919108f7-52d1-4320-9bac-f847db4148a8}", false],
  ["919108f7-52d1-4320-9bac-f847db4148a8\n", false],
  ["919108f7-52d1-4320-9bac-f847db4148ag", false],
])("%j is a UUID: %s", (text, expected) => {
  expect(isUuid(text)).toBe(expected)
})

test.each([
  ["00000000-0000-0000-0000-000000000000", true],
  ["FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF", true],
  ["919108f7-52d1-4320-9bac-f847db4148a8", true],
  ["919108f752d143209bacf847db4148a8", false],
  ["919108f7-52d1-4320-9bac-f847db4148a8'", false],
  ["919108f7-52d1-4320-9bac-f847db4148a8\n", false],
])("%j has the shape of a UUID: %s", (text, expected) => {
  expect(hasUuidShape(text)).toBe(expected)
})

test("ids of one moment are version 7 UUIDs of it, none twice", () => {
  const atMs = Date.UTC(2026, 10, 20)
  const ids = Array.from({ length: 10_000 }, () => newId(atMs))
  expect(new Set(ids).size).toBe(10_000)
  expect(
    ids.every(id => /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id)),
  ).toBe(true)
  expect(new Set(ids.map(id => Number.parseInt(id.replaceAll("-", "").slice(0, 12), 16)))).toEqual(
    new Set([atMs]),
  )
})
