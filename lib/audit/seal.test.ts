import { Buffer } from "node:buffer"
import { createHash, randomBytes } from "node:crypto"
import { readFileSync } from "node:fs"
import { describe, expect, test } from "vitest"
import type { EventContent } from "@/lib/audit/event/event"
import { canonicalJson } from "@/lib/audit/json/canonical"
import type { JsonObject, JsonValue } from "@/lib/audit/json/value"
import {
  commitments,
  eventBody,
  fieldSalts,
  groupValues,
  hashRaw,
  leafData,
  leafGroups,
  readBody,
  sealEvent,
} from "./seal"

interface Vector {
  name: string
  content: EventContent
  salt: string
  rawSha256: string | null
  groupSalts: string[]
  groupValues: string[]
  commitments: string[]
  leafData: string
  leafHash: string
  body: string
}

const vectors: Vector[] = JSON.parse(readFileSync(`${import.meta.dirname}/fixtures/leaf-v1.json`, "utf8"))
const naughty: string[] = JSON.parse(readFileSync(`${import.meta.dirname}/json/fixtures/blns.json`, "utf8"))

function fromHex(text: string | null): Uint8Array | null {
  return text === null ? null : Buffer.from(text, "hex")
}

function vectorNamed(name: string): Vector {
  const vector = vectors.find(candidate => candidate.name === name)
  if (vector === undefined) throw new Error(`No vector named ${name}`)
  return vector
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex")
}

/** Decision record 0004 implemented again, from the group values on, apart from the code under test. */
function recompute(vector: Vector): { leaf: string; leafHash: string } {
  const shake = createHash("shake256", { outputLength: 160 })
  shake.update(Buffer.from(vector.salt, "hex"))
  const salts = shake.digest("hex")
  const texts = vector.groupValues.map((value, group) => {
    const digest = createHash("sha256")
    digest.update("auditorium/commitment/v1", "ascii").update(Buffer.alloc(1))
    digest.update(leafGroups[group] ?? "", "ascii").update(Buffer.alloc(1))
    digest.update(salts.slice(group * 32, group * 32 + 32), "hex").update(value, "utf8")
    return digest.digest("base64").replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")
  })
  const { id, organizationId, receivedAt } = vector.content
  const names = `"id":"${id}","organizationId":"${organizationId}","receivedAt":"${receivedAt}","v":1`
  const leaf = `{"commitments":[${texts.map(text => `"${text}"`).join(",")}],${names}}`
  const leafHash = createHash("sha256")
    .update(Buffer.from([0]))
    .update(leaf, "utf8")
    .digest("hex")
  return { leaf, leafHash }
}

describe("the leaf of version 1 never changes", () => {
  test.each(vectors)("$name", vector => {
    const salt = Buffer.from(vector.salt, "hex")
    const raw = fromHex(vector.rawSha256)
    expect(fieldSalts(salt).map(hexOf)).toEqual(vector.groupSalts)
    expect(groupValues(vector.content, raw)).toEqual(vector.groupValues)
    expect(commitments(vector.content, raw, salt)).toEqual(vector.commitments)
    expect(leafData(vector.content, raw, salt)).toBe(vector.leafData)
    const sealed = sealEvent(vector.content, raw, salt)
    expect(hexOf(sealed.leafHash)).toBe(vector.leafHash)
    expect(sealed.body).toBe(vector.body)
  })

  test.each(vectors)("a second implementation agrees: $name", vector => {
    expect(recompute(vector)).toEqual({ leaf: vector.leafData, leafHash: vector.leafHash })
  })

  test("the groups are ten, in this order", () => {
    expect(leafGroups.join(" ")).toBe(
      "core actor credential targets source request text changes metadata raw",
    )
  })
})

describe("the seal covers everything", () => {
  const vector = vectorNamed("every member")
  const salt = Buffer.from(vector.salt, "hex")
  const raw = fromHex(vector.rawSha256)
  const hashOf = (content: EventContent) => hexOf(sealEvent(content, raw, salt).leafHash)

  /** Every way to change one scalar, or to leave out one member or element, of a JSON value. */
  function* variants(value: JsonValue): Generator<JsonValue> {
    if (typeof value !== "object" || value === null) {
      yield `${value}, changed`
      return
    }
    const members: [string, JsonValue][] = Object.entries(value)
    const rebuild = (changed: [string, JsonValue][]): JsonValue =>
      Array.isArray(value) ? changed.map(([, element]) => element) : Object.fromEntries(changed)
    for (const [index, [key, member]] of members.entries()) {
      yield rebuild(members.toSpliced(index, 1))
      for (const variant of variants(member)) yield rebuild(members.with(index, [key, variant]))
    }
  }

  test("any changed, missing or moved value gives another leaf", () => {
    const whole: JsonValue = JSON.parse(vector.body)
    const hashes = new Set([vector.leafHash])
    let count = 1
    for (const variant of variants(whole)) {
      // Members that are missing as a whole are restored here; the next test covers them.
      const content = readBody(canonicalJson({ ...vector.content, ...Object(variant) }))
      if (canonicalJson(content) === vector.body) continue
      hashes.add(hashOf(content))
      count++
    }
    expect(count).toBeGreaterThan(60)
    expect(hashes.size).toBe(count)
  })

  test.each(Object.keys(vector.content))("leaving out %s gives another leaf", name => {
    const { [name]: _, ...rest } = JSON.parse(vector.body)
    if (name === "actor") return expect(() => hashOf(rest)).toThrow()
    expect(hashOf(rest)).not.toBe(vector.leafHash)
  })

  test("other original bytes, or none, give another leaf", () => {
    expect(hexOf(sealEvent(vector.content, hashRaw(Buffer.from("other")), salt).leafHash)).not.toBe(
      vector.leafHash,
    )
    expect(hexOf(sealEvent(vector.content, null, salt).leafHash)).not.toBe(vector.leafHash)
    expect(hashRaw(null)).toBeNull()
  })

  test("another salt gives other commitments throughout", () => {
    const others = commitments(vector.content, raw, randomBytes(16))
    expect(others.filter(text => vector.commitments.includes(text))).toEqual([])
  })

  test("a salt of another length is refused", () => {
    expect(() => sealEvent(vector.content, raw, randomBytes(32))).toThrow("16 bytes")
  })
})

describe("an event read back from storage seals to the same leaf", () => {
  const base = vectorNamed("the least an event can have").content
  const salt = randomBytes(16)

  function expectRoundTrip(content: EventContent): void {
    const sealed = sealEvent(content, null, salt)
    expect(sealed.body).toBe(eventBody(content))
    expect(sealed.body).toBe(canonicalJson(content))
    // As PostgreSQL stores it: UTF-8 bytes.
    const stored = Buffer.from(sealed.body, "utf8").toString("utf8")
    const again = sealEvent(readBody(stored), null, salt)
    expect(hexOf(again.leafHash)).toBe(hexOf(sealed.leafHash))
    expect(again.body).toBe(sealed.body)
  }

  test.each(naughty)("with the text %j everywhere", text => {
    expectRoundTrip({
      ...base,
      description: text,
      actor: { type: "user", id: text, name: text, attributes: { [text]: [text] } },
      targets: [{ type: "file", id: text, attributes: { [text]: text } }],
      source: { ip: null, ipText: text, userAgent: text },
      details: [text, text],
      changes: [{ path: text, before: text, after: { [text]: null } }],
      metadata: { [text]: { [text]: text } },
    })
  })

  test("with numbers at the borders", () => {
    const numbers = [
      -0,
      0,
      1e21,
      1e-7,
      5e-324,
      Number.MAX_VALUE,
      2 ** 53 - 1,
      -(2 ** 53 - 1),
      0.1,
      1 / 3,
      1e300,
    ]
    expectRoundTrip({ ...base, metadata: { numbers }, http: { durationMs: -0 } })
  })

  test("with deep metadata, emoji, and composed and decomposed twins", () => {
    let deep: JsonValue = { "👨‍👩‍👧": "e\u0301 é \u1e9b\u0323" }
    for (let depth = 0; depth < 60; depth++) deep = depth % 2 === 0 ? [deep] : { deep }
    expectRoundTrip({ ...base, metadata: { deep, "\u00e9": 1, "e\u0301": 2 } })
  })

  test("with keys that JavaScript orders or treats in its own way", () => {
    const metadata: JsonObject = JSON.parse(
      '{"10":1,"9":2,"__proto__":{"x":1},"constructor":null,"toString":"t","":0}',
    )
    expectRoundTrip({ ...base, metadata })
    expect(eventBody({ ...base, metadata })).toContain('"metadata":{"":0,"10":1,"9":2,"__proto__":{"x":1},')
  })

  test("when it is larger than any buffer used before", () => {
    expectRoundTrip({ ...base, details: ["€".repeat(200_000)] })
  })

  test("whatever content it has", () => {
    for (let round = 0; round < 300; round++) {
      const value = randomValue(4)
      expectRoundTrip({ ...base, metadata: { value }, changes: [{ path: "", before: value, after: value }] })
    }
  })

  // Always the same values, so that a failure can be repeated.
  let seed = 1
  function random(): number {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
    return seed / 2 ** 32
  }

  function randomValue(depth: number): JsonValue {
    const choice = Math.floor(random() * (depth > 0 ? 6 : 4))
    if (choice === 0) return [null, true, false][Math.floor(random() * 3)] ?? null
    if (choice === 1) return randomNumber()
    if (choice <= 3) return randomText()
    const values = Array.from({ length: Math.floor(random() * 5) }, () => randomValue(depth - 1))
    return choice === 4 ? values : Object.fromEntries(values.map(value => [randomText(), value]))
  }

  function randomNumber(): number {
    return (random() - 0.5) * 10 ** Math.floor(random() * 600 - 300)
  }

  function randomText(): string {
    const points = Array.from({ length: Math.floor(random() * 6) }, () => Math.floor(random() * 0x10ffff))
    return points
      .map(point => (point >= 0xd800 && point <= 0xdfff ? "." : String.fromCodePoint(point)))
      .join("")
  }
})
