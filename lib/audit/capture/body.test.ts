import { Buffer } from "node:buffer"
import { readFileSync } from "node:fs"
import path from "node:path"
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from "node:zlib"
import { describe, expect, test } from "vitest"
import type { EventInput } from "@/lib/audit/event/input"
import { parseEvent } from "@/lib/audit/event/parse"
import { canonicalJson } from "@/lib/audit/json/canonical"
import type { JsonValue } from "@/lib/audit/json/value"
import { mostBodyBytes, recordBody } from "./body"
import type { CapturedBody } from "./call"
import { credentialsOf, numbersOf, tellingParts } from "./fixtures/credentials"
import { randomJson, randomText } from "./fixtures/random-events"
import { hideInEvent } from "./floor"
import type { BodyFlag } from "./policy"

const runs = 10_000

interface Given {
  readonly type?: string | null
  readonly encoding?: string
  readonly total?: number
}

function bodyOf(
  content: string | Uint8Array,
  { type = "application/json", encoding, total }: Given = {},
): CapturedBody {
  const bytes = typeof content === "string" ? Buffer.from(content) : content
  return {
    mediaType: type,
    contentEncoding: encoding ?? null,
    bytes,
    totalBytes: total ?? bytes.length,
    isEnded: true,
  }
}

const record = (content: string | Uint8Array, given?: Given, flag: BodyFlag = true, limit = 8_192) =>
  recordBody(bodyOf(content, given), flag, limit, [])
const recorded = (...args: Parameters<typeof record>) => record(...args).value

/** An event that holds a body where recorded calls hold it. */
function eventWith(value: JsonValue | undefined): EventInput {
  return {
    operation: "http.call",
    actor: { type: "anonymous" },
    status: "success",
    metadata: { call: { request: value ?? null, response: value ?? null } },
  }
}

const context = { organizationId: "o", appId: "a", newId: () => "0192f0e0-0000-7000-8000-000000000000" }
function faultsOf(value: JsonValue | undefined) {
  const { event, hidden } = hideInEvent(eventWith(value))
  const parsed = parseEvent(event, context)
  return { hidden, faults: parsed.ok ? [] : parsed.faults }
}

describe("the kinds of bodies", () => {
  test("JSON becomes JSON, whatever its media type is called", () => {
    for (const type of [
      "application/json",
      "APPLICATION/JSON; charset=utf-8",
      "application/vnd.api+json",
      "application/merge-patch+json",
      "text/json",
      null,
    ]) {
      expect(record('{"a":[1,null,"x"]}', { type })).toEqual({ value: { a: [1, null, "x"] }, withheld: [] })
    }
  })

  test("a form becomes an object, with a list where a name comes twice", () => {
    const type = "application/x-www-form-urlencoded"
    expect(recorded("a=1&b=x+y%21&a=2&a=3&password=hunter2&user[token]=hunter2", { type })).toEqual({
      a: ["1", "2", "3"],
      b: "x y!",
      password: "[secret]",
      "user[token]": "[secret]",
    })
  })

  test("lines of JSON become a list, and a line that is none is kept as text without its secrets", () => {
    for (const type of ["application/x-ndjson", "application/jsonl", "application/json-seq"]) {
      expect(recorded('{"a":1}\n\n\u001e{"token":"hunter2"}\r\ntoken=hunter2 {', { type })).toEqual([
        { a: 1 },
        { token: "[secret]" },
        "token=[secret]",
      ])
    }
    // A watch of Kubernetes and the streams of Docker call themselves JSON.
    expect(recorded('{"a":1}\n{"b":2}\n')).toEqual([{ a: 1 }, { b: 2 }])
    expect(recorded('{"a":1}\n{"b":2}\n{"c', { total: 900 })).toEqual([{ a: 1 }, { b: 2 }])
  })

  test("text stays text, and loses the values of headers and of YAML", () => {
    const text =
      "kind: x\npassword: hunter2 hunter2\n  - api_key: 'hunter2'\nAuthorization: Basic hunter2\nnote: fine"
    expect(recorded(text, { type: "text/plain" })).toBe(
      "kind: x\npassword: [secret]\n  - api_key: [secret]\nAuthorization: [secret]\nnote: fine",
    )
    expect(recorded(Buffer.from("caf\u00e9", "latin1"), { type: "text/plain; charset=iso-8859-1" })).toBe(
      "café",
    )
    expect(recorded(Buffer.from([0xff, 0x61]), { type: "text/plain; charset=no-such" })).toBe("\ufffda")
  })

  test("a form with files becomes the names and sizes of its parts, and nothing of what they hold", () => {
    const parts = [
      '--x y\r\nContent-Disposition: form-data; name="user"\r\n\r\nhunter2',
      '\r\n--x y\r\ncontent-disposition: form-data; name="f"; filename="hunter2.png"\r\n\r\n--hunter2--',
      "\r\n--x y--\r\n",
    ]
    const type = 'multipart/form-data; boundary="x y"'
    expect(recorded(parts.join(""), { type })).toEqual({
      parts: [
        { name: "user", bytes: 7 },
        { name: "f", bytes: 11 },
      ],
      bytes: parts.join("").length,
    })
    const half = parts.slice(0, 2).join("").slice(0, -4)
    expect(recorded(half, { type, total: 5_000 })).toEqual({
      parts: [
        { name: "user", bytes: 7 },
        { name: "f", bytes: 7, more: true },
      ],
      bytes: 5_000,
    })
    expect(recorded("hunter2", { type: "multipart/form-data" })).toEqual({ mediaType: "multipart", bytes: 7 })
  })

  test("of anything else the type and size are told", () => {
    expect(recorded("%PDF hunter2", { type: "application/pdf" })).toEqual({
      mediaType: "application/pdf",
      bytes: 12,
    })
    expect(recorded(Buffer.from([1, 2, 3]), { type: null })).toEqual({ mediaType: "", bytes: 3 })
  })

  test("nothing is recorded of no body, an empty one, or one that the policy leaves out", () => {
    const none = { value: undefined, withheld: [] }
    expect(recordBody(null, true, 8_192, [])).toEqual(none)
    expect(record("")).toEqual(none)
    expect(record('{"a":1}', {}, false)).toEqual(none)
  })
})

describe("an encoded body", () => {
  const text = JSON.stringify({ a: "b".repeat(200) })
  test.each([
    ["gzip", gzipSync],
    ["x-gzip", gzipSync],
    ["deflate", deflateSync],
    ["deflate", deflateRawSync],
    ["br", brotliCompressSync],
  ] as const)("in %s is unfolded", (encoding, fold) => {
    expect(recorded(fold(text), { encoding })).toEqual(JSON.parse(text))
    expect(recorded(fold(text), { encoding: encoding.toUpperCase() })).toEqual(JSON.parse(text))
  })

  test("in several is unfolded from the last to the first", () => {
    expect(recorded(brotliCompressSync(gzipSync(text)), { encoding: "gzip, identity, br" })).toEqual(
      JSON.parse(text),
    )
  })

  test("of which only the beginning was kept is unfolded as far as it goes", () => {
    const lines = Array.from({ length: 2_000 }, (_, line) => JSON.stringify({ line })).join("\n")
    for (const [encoding, fold] of [
      ["gzip", gzipSync],
      ["deflate", deflateSync],
      ["br", brotliCompressSync],
    ] as const) {
      const folded = fold(lines)
      const { value } = record(
        folded.subarray(0, 1_000),
        { encoding, type: "application/x-ndjson", total: folded.length },
        true,
        mostBodyBytes,
      )
      expect(value).toContainEqual({ line: 0 })
    }
  })

  test("that unfolds to more than four times the limit, is damaged or unknown is withheld with its size", () => {
    const bomb = gzipSync(Buffer.alloc(20 * 1024 * 1024, 0x20))
    const withheld = (why: string, bytes: number) => ({
      value: undefined,
      withheld: [{ part: "", why, bytes }],
    })
    expect(record(bomb, { encoding: "gzip" })).toEqual(withheld("unfolds to too much", bomb.length))
    expect(record(gzipSync(bomb), { encoding: "gzip, gzip" })).toEqual(
      withheld("unfolds to too much", gzipSync(bomb).length),
    )
    expect(record("not gzip", { encoding: "gzip" })).toEqual(withheld("damaged", 8))
    expect(record(gzipSync(text).subarray(0, 20), { encoding: "gzip" })).toEqual(withheld("damaged", 20))
    for (const encoding of ["zstd", "constructor", "__proto__", "gzip, gzip, gzip, gzip"]) {
      expect(record("x", { encoding })).toEqual(withheld("unknown encoding", 1))
    }
  })
})

describe("what no event can hold", () => {
  test("is replaced and noted: numbers that lose digits, U+0000, half surrogates, depth", () => {
    expect(record('{"id":12345678901234567890,"e":1e400,"f":0.1,"n":-0,"big":9007199254740993}')).toEqual({
      value: { id: "12345678901234567890", e: "1e400", f: 0.1, n: -0, big: "9007199254740993" },
      withheld: [{ part: "", why: "numbers as text" }],
    })
    expect(record('{"a\\u0000":"x\\ud800\\u0000"}')).toEqual({
      value: { "a\ufffd": "x\ufffd\ufffd" },
      withheld: [{ part: "", why: "characters replaced" }],
    })
    const deep = (depth: number) => "[".repeat(depth) + "]".repeat(depth)
    expect(JSON.stringify(recorded(deep(24)))).toBe(deep(24))
    expect(JSON.stringify(recorded(deep(25)))).toContain('"[cut: depth]"')
    expect(JSON.stringify(recorded(deep(16_000), {}, true, mostBodyBytes))).toContain('"[cut: depth]"')
  })

  test("is withheld with its size and the reason: broken JSON, and JSON of which only the beginning was kept", () => {
    expect(record('{"token":"hunter2"')).toEqual({
      value: undefined,
      withheld: [{ part: "", why: "no valid JSON", bytes: 18 }],
    })
    expect(record('{"token":"hunter2"', { total: 1e9 })).toEqual({
      value: undefined,
      withheld: [{ part: "", why: "larger than what is kept", bytes: 1e9 }],
    })
  })
})

describe("the limit", () => {
  test("counts bytes of canonical JSON after secrets are hidden", () => {
    const body = JSON.stringify({ token: "s".repeat(5_000), note: "é".repeat(100) })
    const size = Buffer.byteLength(canonicalJson({ token: "[secret]", note: "é".repeat(100) }))
    expect(record(body, {}, true, size).withheld).toEqual([{ part: "/token", why: "secret (token)" }])
    expect(record(body, {}, true, size - 1)).toEqual({
      value: undefined,
      withheld: [{ part: "", why: "limit", bytes: Buffer.byteLength(body) }],
    })
  })

  test("first cuts long texts, then long lists, and then withholds the body", () => {
    const text = "a".repeat(2_000)
    const cutText = `${"a".repeat(256)}…[cut 1744]`
    const list = Array.from({ length: 50 }, (_, n) => n)
    expect(recorded(JSON.stringify({ text, list }), {}, true, 1_000)).toEqual({ text: cutText, list })
    expect(recorded(JSON.stringify({ text, list }), {}, true, 380)).toEqual({
      text: cutText,
      list: [...list.slice(0, 20), { cut: 30 }],
    })
    const all = JSON.stringify({ text, list })
    expect(record(all, {}, true, 100)).toEqual({
      value: undefined,
      withheld: [{ part: "", why: "limit", bytes: all.length }],
    })
    expect(recorded(JSON.stringify({ text, list }), {}, true, 8_192)).toEqual({ text, list })
  })

  test("cuts no character in two, and leaves no half of a secret", () => {
    const text = `${"a".repeat(255)}😀${"b".repeat(2_000)}`
    expect(recorded(JSON.stringify({ text }), {}, true, 1_000)).toEqual({
      text: `${"a".repeat(255)}…[cut 2002]`,
    })
    const jwt = credentialsOf(1)[1]?.text ?? ""
    for (let before = 180; before < 260; before += 1) {
      const { value } = record(
        JSON.stringify({ text: `${"a ".repeat(before / 2)}${jwt} ${"b".repeat(2_000)}` }),
        {},
        true,
        1_000,
      )
      expect(JSON.stringify(value)).not.toMatch(/eyJ/)
      expect(faultsOf(value)).toEqual({ hidden: [], faults: [] })
    }
  })

  test("is never more than two bodies in one event may have", () => {
    const value = recorded(JSON.stringify(Array.from({ length: 10_000 }, (_, n) => n)), {}, true, 1_000_000)
    expect(Buffer.byteLength(canonicalJson(value))).toBeLessThanOrEqual(mostBodyBytes)
  })
})

describe("a list of fields", () => {
  const body = JSON.stringify({
    id: 1,
    "a.b": 2,
    user: { name: "x", password: "hunter2", Email: "y" },
    items: [{ id: 1, n: 2 }, { n: 3 }, 4],
  })
  test("keeps top-level names and dotted paths in exact case, and what is absent stays absent", () => {
    expect(recorded(body, {}, ["id", "missing", "user.name", "user.email", "items.id", "a.b"])).toEqual({
      id: 1,
      "a.b": 2,
      user: { name: "x" },
      items: [{ id: 1 }],
    })
    expect(record(body, {}, ["missing", "Id", "__proto__", "constructor"])).toEqual({
      value: undefined,
      withheld: [],
    })
    expect(recorded(body, {}, ["user", "user.name"])).toEqual({
      user: { name: "x", password: "[secret]", Email: "y" },
    })
  })

  test("never shows a secret that it names", () => {
    expect(recorded(body, {}, ["user.password"])).toEqual({ user: { password: "[secret]" } })
    expect(recordBody(bodyOf('{"ssn":1,"x":2}'), ["ssn"], 8_192, ["SSN"]).value).toEqual({ ssn: "[secret]" })
  })

  test("takes nothing of a body that has no fields", () => {
    expect(recorded("text", { type: "text/plain" }, ["text"])).toBeUndefined()
    expect(recorded('[{"a":1,"b":2},{"a":3}]', {}, ["a"])).toEqual([{ a: 1 }, { a: 3 }])
  })
})

describe("a text of which only the beginning was kept", () => {
  test("loses its last word, which could be half of a secret", () => {
    for (const credential of credentialsOf(3).filter(
      ({ kind }) => kind !== "private-key" && kind !== "bearer",
    )) {
      const whole = `before ${credential.text}`
      for (const end of [10, 20, 30]) {
        const { value } = record(whole.slice(0, end), { type: "text/plain", total: 9_000 })
        for (const part of tellingParts(credential)) expect(String(value)).not.toContain(part.slice(0, 6))
      }
    }
    expect(recorded("a=1&token=hun", { type: "application/x-www-form-urlencoded", total: 90 })).toEqual({
      a: "1",
    })
  })
})

/** Base64 of a file, or a text that is too long to store. */
type Vector = string | { readonly repeat: string; readonly times: number; readonly then: string }
const fixture = (name: string) =>
  JSON.parse(readFileSync(path.join(import.meta.dirname, "../json/fixtures", name), "utf8"))
const suite: Readonly<Record<string, Vector>> = fixture("jsontestsuite.json")
const naughty: readonly string[] = fixture("blns.json")
const types = [
  "application/json",
  "application/x-ndjson",
  "application/x-www-form-urlencoded",
  "text/plain",
  "multipart/form-data; boundary=a",
  "image/png",
  null,
]

describe("no body makes an event that the API refuses", () => {
  const accepted = (bytes: Uint8Array, type: string | null, more: Given = {}, flag: BodyFlag = true) => {
    const { value, withheld } = record(bytes, { type, ...more }, flag, mostBodyBytes)
    const { hidden, faults } = faultsOf(value)
    if (faults.length > 0 || hidden.length > 0)
      expect.fail(
        JSON.stringify([Buffer.from(bytes).toString("latin1").slice(0, 500), type, value, hidden, faults]),
      )
    expect(withheld.length).toBeLessThanOrEqual(11)
  }

  test("of the JSON test suite", () => {
    expect(Object.keys(suite)).toHaveLength(318)
    for (const vector of Object.values(suite)) {
      const bytes =
        typeof vector === "string"
          ? Buffer.from(vector, "base64")
          : Buffer.from(vector.repeat.repeat(vector.times) + vector.then)
      for (const type of types) accepted(bytes.subarray(0, 49_152), type, { total: bytes.length })
    }
  })

  test("of the list of naughty strings, as it is, as JSON, and as part of a form", () => {
    for (const text of naughty) {
      for (const type of types) {
        accepted(Buffer.from(text), type)
        accepted(Buffer.from(JSON.stringify({ [text]: [text] })), type)
        accepted(Buffer.from(`${text}=${encodeURIComponent(text.toWellFormed())}`), type)
      }
    }
  })

  test("of 10,000 at random: JSON, texts and bytes, whole and cut, encoded and not", () => {
    const next = numbersOf(21)
    for (let run = 0; run < runs; run += 1) {
      const kind = next()
      const bytes =
        kind < 0.5
          ? Buffer.from(JSON.stringify(randomJson(next, 5)))
          : kind < 0.8
            ? Buffer.from(randomText(next))
            : Buffer.from(Array.from({ length: Math.floor(next() * 200) }, () => Math.floor(next() * 256)))
      const type = types[Math.floor(next() * types.length)] ?? null
      const folded = next() < 0.1 ? gzipSync(bytes) : bytes
      const given = {
        encoding: folded === bytes ? undefined : "gzip",
        total: folded.length + (next() < 0.2 ? 10 : 0),
      }
      accepted(folded, type, given, next() < 0.1 ? ["user", "a.b", "password"] : true)
    }
  })
})
