import { Buffer } from "node:buffer"
import { readFileSync } from "node:fs"
import { expect, test } from "vitest"
import { canonicalJson } from "@/lib/audit/json/canonical"
import type { JsonValue } from "@/lib/audit/json/value"
import { measure } from "./measure"

const naughty: string[] = JSON.parse(
  readFileSync(`${import.meta.dirname}/../../json/fixtures/blns.json`, "utf8"),
)

test.each<JsonValue>([
  null,
  true,
  false,
  0,
  -1.5,
  1e-7,
  "",
  '\u0000\b\t\n\v\f\r\u001f\u007f\u0080\u07ff\u0800\uffff😀"\\/',
  [],
  {},
  [1, [2, {}], "three"],
  { a: 1, é: { "😀": [null] }, '"': "\\" },
  naughty,
  Object.fromEntries(naughty.map(text => [text, { [text]: text }])),
])("the bytes are those of the canonical text: %j", value => {
  expect(measure(value, []).bytes).toBe(Buffer.byteLength(canonicalJson(value)))
})

test("depth counts arrays and objects inside each other", () => {
  const values: JsonValue[] = [1, [], {}, [[]], { a: [{ b: 1 }], c: [] }]
  expect(values.map(value => measure(value, []).depth)).toEqual([0, 1, 1, 2, 3])
})

test("what cannot be kept exactly is found wherever it stands", () => {
  const value: JsonValue = {
    a: ["\u0000", "\ud800"],
    "k\udc00": 1,
    n: [Number.NaN, 2 ** 53, -1e300, 2 ** 53 - 1],
  }
  const pointers = measure(value, ["metadata"]).faults.map(fault => fault.pointer)
  expect(pointers).toEqual([
    "/metadata/a/0",
    "/metadata/a/1",
    "/metadata/k\udc00",
    "/metadata/n/0",
    "/metadata/n/1",
    "/metadata/n/2",
  ])
})

test("endless nesting is a fault and not followed", () => {
  let value: JsonValue = 1
  for (let depth = 0; depth < 100_000; depth++) value = [value]
  expect(measure(value, []).faults).toEqual([
    { pointer: "/0".repeat(64), message: expect.stringContaining("64") },
  ])
})
