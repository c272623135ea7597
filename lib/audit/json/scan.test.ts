import { Buffer } from "node:buffer"
import { readFileSync } from "node:fs"
import { describe, expect, test } from "vitest"
import { AppError } from "@/lib/errors"
import { scanJson } from "./scan"
import { decodeUtf8 } from "./utf8"

type Vector = string | { repeat: string; times: number; then: string }
const suite = readFixture<Record<string, Vector>>("jsontestsuite.json")
const naughty = readFixture<string[]>("blns.json")

function readFixture<T>(name: string): T {
  return JSON.parse(readFileSync(`${import.meta.dirname}/fixtures/${name}`, "utf8"))
}

function bytesOf(vector: Vector): Uint8Array {
  if (typeof vector === "string") return Buffer.from(vector, "base64")
  return Buffer.from(vector.repeat.repeat(vector.times) + vector.then)
}

/** The result of reading: the faults, or "malformed". Anything else that is thrown fails the test. */
function read(input: string | Uint8Array): "malformed" | { value: unknown; faults: readonly unknown[] } {
  try {
    return scanJson(typeof input === "string" ? input : decodeUtf8(input))
  } catch (error) {
    if (error instanceof AppError && error.code === "malformed") return "malformed"
    throw error
  }
}

function faultsOf(text: string): readonly { pointer: string; message: string }[] {
  return scanJson(text).faults
}

function pointersOf(text: string): string[] {
  return faultsOf(text).map(fault => fault.pointer)
}

function messageOf(text: string): string {
  try {
    scanJson(text)
  } catch (error) {
    if (error instanceof AppError) return error.message
  }
  return "was read"
}

describe("the JSON test suite", () => {
  const names = Object.keys(suite)
  test("is complete: 95 good, 188 bad, 35 undecided", () => {
    expect(["y_", "n_", "i_"].map(kind => names.filter(name => name.startsWith(kind)).length)).toEqual([
      95, 188, 35,
    ])
  })
  test.each(names)("%s", name => {
    const bytes = bytesOf(suite[name] ?? "")
    const outcome = read(bytes)
    if (name.startsWith("n_")) expect(outcome).toBe("malformed")
    if (name.startsWith("y_")) expect(outcome).not.toBe("malformed")
    if (outcome !== "malformed" && outcome.faults.length === 0) {
      expect(outcome.value).toEqual(JSON.parse(Buffer.from(bytes).toString("utf8")))
    }
  })
})

describe("what a value could not keep is reported with a pointer", () => {
  test.each([
    ["9007199254740992"],
    ["-9007199254740993"],
    ["1e400"],
    ["-1e400"],
    ["1e21"],
    ["1e-400"],
    ["0.1000000000000000055511151231257827"],
    ["3.14159265358979323846"],
    [`0.${"0".repeat(400)}1`],
  ])("the number %s", number => {
    expect(pointersOf(`{"a":[0,${number}]}`)).toEqual(["/a/1"])
  })

  test.each([
    ["9007199254740991", 9007199254740991],
    ["-9007199254740991", -9007199254740991],
    ["1.50", 1.5],
    ["0.1", 0.1],
    ["1e2", 100],
    ["0.000000000000000000000000001", 1e-27],
    ["123456789.12345678", 123456789.12345678],
    ["5e-324", 5e-324],
    ["0e999999999", 0],
    ["100000.0000000000000000000000000000", 100000],
  ])("but the number %s is kept", (number, value) => {
    expect(scanJson(number)).toEqual({ value, faults: [] })
  })

  test("a key that stands twice, also when spelled differently, also among many", () => {
    expect(pointersOf('{"a":1,"b":{"c":1,"c":2}}')).toEqual(["/b/c"])
    expect(pointersOf('{"a":1,"\\u0061":2}')).toEqual(["/a"])
    expect(pointersOf('{"\\u0061":1,"a":2}')).toEqual(["/a"])
    expect(pointersOf('{"":1,"":2}')).toEqual(["/"])
    const many = Array.from({ length: 100 }, (_, index) => `"key${index}":0`)
    expect(pointersOf(`{${[...many, '"key7":1'].join(",")}}`)).toEqual(["/key7"])
    expect(pointersOf(`{${many.join(",")}}`)).toEqual([])
  })

  test("the same key in neighbouring and nested objects is no fault", () => {
    expect(pointersOf('[{"a":{"a":{"a":1}}},{"a":1}]')).toEqual([])
  })

  test("half a surrogate pair, escaped or raw, and U+0000, in values and in keys", () => {
    expect(pointersOf('["\\ud800"]')).toEqual(["/0"])
    expect(pointersOf('["\\udc00\\ud800"]')).toEqual(["/0"])
    expect(pointersOf('["x\ud800"]')).toEqual(["/0"])
    expect(pointersOf('["\\u0000"]')).toEqual(["/0"])
    expect(pointersOf('{"a":{"\\ud800":1}}')).toEqual(["/a"])
    expect(pointersOf('{"a":{"\\u0000":1}}')).toEqual(["/a"])
  })

  test("a whole pair is kept, escaped, raw or half of each", () => {
    for (const text of ['"\\ud83d\\ude00"', '"\ud83d\ude00"', '"\\ud83d\ude00"', '"\ud83d\\ude00"']) {
      expect(scanJson(text)).toEqual({ value: "😀", faults: [] })
    }
  })

  test("depth over 64, once for each place", () => {
    expect(pointersOf("[".repeat(64) + "]".repeat(64))).toEqual([])
    expect(pointersOf("[".repeat(65) + "]".repeat(65))).toEqual(["/0".repeat(64)])
    const deep = "[".repeat(70) + "]".repeat(70)
    expect(pointersOf(`[1,${deep},2,${deep}]`)).toEqual([`/1${"/0".repeat(63)}`, `/3${"/0".repeat(63)}`])
  })

  test("a byte order mark, which is not part of the value", () => {
    expect(scanJson('\ufeff{"a":1}')).toEqual({
      value: { a: 1 },
      faults: [{ pointer: "", message: expect.any(String) }],
    })
  })

  test("pointers escape ~ and / and reach through arrays and objects", () => {
    expect(pointersOf('{"a/b":[{"c~d":1e400}]}')).toEqual(["/a~1b/0/c~0d"])
    expect(pointersOf('[{"x":{"y":1}},{"x":[0,{"y":1,"z":1e400}]}]')).toEqual(["/1/x/1/z"])
  })

  test("many faults in one item do not hide those of another", () => {
    const bad = `[${Array(100).fill("1e400").join(",")}]`
    const pointers = pointersOf(`[${bad},${bad},1,1e400]`)
    expect(pointers.filter(pointer => pointer.startsWith("/0/"))).toHaveLength(20)
    expect(pointers.filter(pointer => pointer.startsWith("/1/"))).toHaveLength(20)
    expect(pointers.at(-1)).toBe("/3")
  })

  test("a text of nothing but faults is given up as a whole", () => {
    expect(read(`[${Array(30_000).fill("1e400").join(",")}]`)).toBe("malformed")
  })
})

describe("a text that is not JSON is refused with the place", () => {
  test.each([
    ['{"a":1,}', "line 1, column 8: expected a key in double quotes, found }"],
    ['{"a" 1}', 'line 1, column 6: expected ":", found 1'],
    ['{\n  "a": tru\n}', "line 2, column 8: expected a value, found t"],
    ["[1 2]", 'line 1, column 4: expected "," or "]", found 2'],
    ['["a\nb"]', "column 4: a control character in a string must be written as \\u000a, found U+000A"],
    ['["a', "column 4: the string has no end, found the end of the text"],
    ["", "line 1, column 1: expected a value, found the end of the text"],
    ['"\\x"', "column 2: not an escape that JSON knows, found \\"],
    ["[01]", "column 2: a number does not begin with 0, found 0"],
    ["1 2", "column 3: expected the end of the text, found 2"],
    ["[1]\u00a0", "column 4: expected the end of the text, found U+00A0"],
  ])("%j", (text, message) => {
    expect(messageOf(text)).toContain(message)
  })

  test("bytes that are not UTF-8 are refused with their offset", () => {
    expect(() => decodeUtf8(Buffer.from([0x22, 0xc3, 0xa9, 0xff, 0x22]))).toThrow("offset 3")
    expect(() => decodeUtf8(Buffer.from([0x22, 0xe2, 0x82]))).toThrow("offset 1")
    expect(() => decodeUtf8(Buffer.from([0x80]))).toThrow("offset 0")
    expect(decodeUtf8(Buffer.from('"é😀"'))).toBe('"é😀"')
  })

  test("nesting without end neither exhausts the stack nor is read", () => {
    expect(read("[".repeat(1_000_000))).toBe("malformed")
    expect(read('{"a":'.repeat(200_000))).toBe("malformed")
  })
})

describe("what is accepted is kept exactly", () => {
  test.each(naughty)("%j", text => {
    expect(scanJson(JSON.stringify([text]))).toEqual({ value: [text], faults: [] })
    expect(scanJson(JSON.stringify({ [text]: text })).faults).toEqual([])
  })

  test("__proto__ and constructor are keys like any other and change no prototype", () => {
    const { value, faults } = scanJson(
      '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}',
    )
    expect(faults).toEqual([])
    expect(Object.keys(Object(value))).toEqual(["__proto__", "constructor"])
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
    expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false)
    expect(pointersOf('{"__proto__":1,"__proto__":2}')).toEqual(["/__proto__"])
  })

  // Work that grows with the square of the keys would run into the timeout of the test.
  test("two hundred thousand keys of one object are read", () => {
    const keys = Array.from({ length: 200_000 }, (_, index) => `"k${index}":${index}`)
    expect(faultsOf(`{${keys.join(",")}}`)).toEqual([])
  })
})
