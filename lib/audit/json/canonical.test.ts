import { Buffer } from "node:buffer"
import { readFileSync } from "node:fs"
import { describe, expect, test } from "vitest"
import { canonicalJson } from "./canonical"
import type { JsonValue } from "./value"

interface Vector {
  input: string
  output: string
  hex: string
}
const vectors: Record<string, Vector> = JSON.parse(
  readFileSync(`${import.meta.dirname}/fixtures/jcs.json`, "utf8"),
)
const naughty: string[] = JSON.parse(readFileSync(`${import.meta.dirname}/fixtures/blns.json`, "utf8"))

describe("the vectors of RFC 8785", () => {
  test.each(Object.entries(vectors))("%s", (_, vector) => {
    const text = canonicalJson(JSON.parse(vector.input))
    expect(text).toBe(vector.output)
    expect(Buffer.from(text).toString("hex")).toBe(vector.hex)
  })

  // Appendix B of the RFC: the bits of a double, and its text.
  test.each([
    ["0000000000000000", "0"],
    ["8000000000000000", "0"],
    ["0000000000000001", "5e-324"],
    ["8000000000000001", "-5e-324"],
    ["7fefffffffffffff", "1.7976931348623157e+308"],
    ["4340000000000000", "9007199254740992"],
    ["c340000000000000", "-9007199254740992"],
    ["4430000000000000", "295147905179352830000"],
    ["44b52d02c7e14af5", "9.999999999999997e+22"],
    ["44b52d02c7e14af6", "1e+23"],
    ["44b52d02c7e14af7", "1.0000000000000001e+23"],
    ["444b1ae4d6e2ef4e", "999999999999999700000"],
    ["444b1ae4d6e2ef4f", "999999999999999900000"],
    ["444b1ae4d6e2ef50", "1e+21"],
    ["3eb0c6f7a0b5ed8c", "9.999999999999997e-7"],
    ["3eb0c6f7a0b5ed8d", "0.000001"],
    ["41b3de4355555553", "333333333.3333332"],
    ["41b3de4355555557", "333333333.33333343"],
    ["becbf647612f3696", "-0.0000033333333333333333"],
    ["43143ff3c1cb0959", "1424953923781206.2"],
  ])("the double %s is written %s", (bits, text) => {
    expect(canonicalJson(Buffer.from(bits, "hex").readDoubleBE())).toBe(text)
  })
})

describe("canonical text", () => {
  test("does not depend on the order of keys, at any depth", () => {
    expect(canonicalJson({ b: [{ d: 1, c: 2 }], a: null })).toBe(
      canonicalJson({ a: null, b: [{ c: 2, d: 1 }] }),
    )
  })

  test.each(naughty)("reads back the same for %j", text => {
    const written = canonicalJson({ [text]: [text] })
    expect(JSON.parse(written)).toEqual({ [text]: [text] })
    expect(canonicalJson(JSON.parse(written))).toBe(written)
  })

  test("keeps composed and decomposed text apart", () => {
    expect(canonicalJson("\u00e9")).not.toBe(canonicalJson("e\u0301"))
  })

  test("keeps __proto__ as a member", () => {
    expect(canonicalJson(JSON.parse('{"z":1,"__proto__":{"a":1}}'))).toBe('{"__proto__":{"a":1},"z":1}')
  })

  test("leaves out what is undefined", () => {
    const value = JSON.parse('{"a":1}')
    value.b = undefined
    expect(canonicalJson(value)).toBe('{"a":1}')
  })

  test.each([
    ["NaN", Number.NaN],
    ["infinity", Number.NEGATIVE_INFINITY],
    ["half a surrogate pair", "a\ud800b"],
    ["half a surrogate pair as a key", { "\udc00": 1 }],
  ])("refuses %s", (_, value: JsonValue) => {
    expect(() => canonicalJson(value)).toThrow("cannot be written as JSON")
  })

  test("refuses endless nesting instead of exhausting the stack", () => {
    let value: JsonValue = 1
    for (let depth = 0; depth < 100_000; depth++) value = [value]
    expect(() => canonicalJson(value)).toThrow("Nested in more than 1000")
  })
})
