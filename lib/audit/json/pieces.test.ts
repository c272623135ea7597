import { Buffer } from "node:buffer"
import { readFileSync } from "node:fs"
import { describe, expect, test } from "vitest"
import { AppError } from "@/lib/errors"
import { jsonElements } from "./elements"
import { inTurns } from "./pace"
import { Scanner } from "./scanner"

type Vector = string | { repeat: string; times: number; then: string }
const suite: Record<string, Vector> = JSON.parse(
  readFileSync(`${import.meta.dirname}/fixtures/jsontestsuite.json`, "utf8"),
)
/** As a file is decoded: what is no UTF-8 becomes U+FFFD, which is a character like any other here. */
const texts = Object.entries(suite).map(([name, vector]): readonly [string, string] => [
  name,
  typeof vector === "string"
    ? Buffer.from(vector, "base64").toString("utf8")
    : vector.repeat.repeat(Math.min(vector.times, 3_000)) + vector.then,
])

/** What the suite does not have: tokens that a cut can go through, what stands around them, and what is reported of them. */
const more: readonly (readonly [string, string])[] = [
  ["every token", '{"a": [true, false, null, -0.5e+10, 12, "x\\u00e9\\n\\\\", {}, []], "b": {"c": -1}}'],
  ["white space everywhere", ' \t\r\n[ \n1 , \r\n{ "a" \t: 1 } \n] \n'],
  [
    "pairs, raw, escaped and half of each",
    '["😀", "\\ud83d\\ude00", "\\ud83d😀", "x\ud800", "\udc00", "\\ud800"]',
  ],
  ["keys with escapes, twice", '[{"a":1,"\\u0061":2},{"\\u0061":1,"b":2,"a":3},{"é😀":1,"é😀":2}]'],
  ["keys that came before, at every depth", '{"k":{"k":{"k":[{"k":1,"k":2}],"k":3},"l":1},"k":4}'],
  ["many keys, one twice", `{${Array.from({ length: 60 }, (_, at) => `"key${at % 59}":${at}`).join()}}`],
  ["keys of one length", '{"aa":1,"ab":2,"ba":3,"bb":4,"ab":5}'],
  [
    "numbers that cannot be kept",
    '{"a":[1e400,-9007199254740993,0.1000000000000000055511151231257827,1.50,0e9]}',
  ],
  ["U+0000 in a value and in a key", '[{"\\u0000":1},"a\\u0000"]'],
  ["depth beyond the limit", `[${"[".repeat(70)}${"]".repeat(70)},1]`],
  ["depth that is not read", "[".repeat(1_100)],
  ["a byte order mark", '\ufeff[{"a":1e400}]'],
  ["two byte order marks", "\ufeff\ufeff[1]"],
  [
    "records under a key",
    '{"first":{"Records":[1]},"Records":[{"a":1},2,"x,]",[3,[4]]],"rest":[5],"events":[6]}',
  ],
  ["lists that are none", '{"Records":{"events":[1]},"events":1}'],
  ["a list under an escaped key", '{"\\u0052ecords":[{"a":"\\u005d"}]}'],
  ...[
    '[1,{"a":2},',
    '[1,{"a":2}',
    '[1,{"a":2},"x',
    '[1,{"a":',
    '[1,{"a":2}x',
    "[1,{}]]",
    "[1,2] x",
    "[1 2]",
  ].map((text): readonly [string, string] => [`elements before a fault: ${text}`, text]),
  ...[
    "tru",
    "nul",
    "-",
    "1.",
    "1e",
    "1e+",
    "01",
    "-01",
    '"\\x"',
    '"\\u00g0"',
    '"\\u12',
    '"a\tb"',
    '"a',
    "truex",
  ].map((text): readonly [string, string] => [`a torn token: ${text}`, `[0,\n "é",\n${text}`]),
  ...["\u{1f600}", "\ud800", "\u00a0", "\u2028", "\x7f", "\\"].map((sign): readonly [string, string] => [
    `what is none of JSON's: ${JSON.stringify(sign)}`,
    `{"a": 1,\n\n ${sign}}`,
  ]),
  ["line ends before a fault far behind them", `[${'"x",\n'.repeat(40)}"y"\n,,]`],
]

interface Heard {
  readonly faults: string[]
  readonly elements: string[]
  error?: string
}

const lists = new Set(["Records", "events"])

function* cut(text: string, size: number): Iterable<string> {
  for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size)
}

/** What a scanner tells of a text that comes in these pieces. */
function heardOf(pieces: Iterable<string>): Heard {
  const heard: Heard = { faults: [], elements: [] }
  const scanner = new Scanner(null, {
    fault: (pointer, message) => heard.faults.push(`${pointer}: ${message}`),
    element: (start, end) => heard.elements.push(`${start}-${end} ${scanner.slice(start, end)}`),
    lists,
  })
  try {
    for (const piece of pieces) {
      scanner.add(piece)
      scanner.advance(Number.POSITIVE_INFINITY)
    }
    scanner.complete()
    expect(scanner.advance(Number.POSITIVE_INFINITY)).toBe(true)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    heard.error = error.message
  }
  return heard
}

/** The same of the whole text. */
function heardOfWhole(text: string): Heard {
  const heard: Heard = { faults: [], elements: [] }
  const scanner = new Scanner(text, {
    fault: (pointer, message) => heard.faults.push(`${pointer}: ${message}`),
    element: (start, end) => heard.elements.push(`${start}-${end} ${text.slice(start, end)}`),
    lists,
  })
  try {
    scanner.advance(Number.POSITIVE_INFINITY)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    heard.error = error.message
  }
  return heard
}

const sizes = Array.from({ length: 64 }, (_, at) => at + 1)

describe("a text cut at every size from 1 to 64 says the same as the whole one", () => {
  test("all of the JSON test suite is here", () => expect(texts).toHaveLength(95 + 188 + 35))

  test.each([...texts, ...more])("%s", (_, text) => {
    const whole = heardOfWhole(text)
    for (const size of sizes) expect([size, heardOf(cut(text, size))]).toEqual([size, whole])
  })

  test.each(more)("also with empty pieces between: %s", (_, text) => {
    expect(heardOf([...cut(text, 3)].flatMap(piece => ["", piece, ""]))).toEqual(heardOfWhole(text))
  })
})

describe("the elements of a text that comes in pieces", () => {
  const read = async (text: string, size: number) => {
    const elements: string[] = []
    try {
      for await (const element of jsonElements(cut(text, size), { pace: inTurns(), lists }))
        elements.push(element)
    } catch (error) {
      if (error instanceof AppError) return { elements, error: error.message }
      throw error
    }
    return { elements }
  }

  test("are those of the outermost array, as they are written", async () => {
    const elements = [' {"a" : 1.50}'.trim(), '"x,]"', "[1, [2]]", "null", "1e400"]
    for (const size of sizes) expect(await read(` [ ${elements.join(" , ")}\n]`, size)).toEqual({ elements })
  })

  test("are those under a known key of the outermost object, and of no other list", async () => {
    const text = '{"a":{"Records":[1]},"Records":[{"x":[2]},3],"b":[4],"events":[5],"Records":[6]}'
    for (const size of sizes)
      expect(await read(text, size)).toEqual({ elements: ['{"x":[2]}', "3", "5", "6"] })
  })

  test("come before the place where the text is no JSON, and none behind it", async () => {
    for (const [, text] of more) {
      const { elements, error } = heardOfWhole(text)
      const spans = elements.map(each => each.slice(each.indexOf(" ") + 1))
      expect(await read(text, 7)).toEqual({ elements: spans, ...(error !== undefined && { error }) })
    }
  })

  test("are given as soon as they are whole", async () => {
    let sent = 0
    let seen = 0
    function* pieces() {
      yield "["
      for (; sent < 500; sent++) yield `{"number":${sent}},`
      yield "1]"
    }
    for await (const element of jsonElements(pieces(), { pace: inTurns() })) {
      if (element === "1") break
      expect(JSON.parse(element).number).toBe(seen++)
      // The generator stands behind the piece that it gave, which has a comma behind the element.
      expect(sent).toBe(seen - 1)
    }
    expect(seen).toBe(500)
  })
})

describe("of a text that comes in pieces no more is kept than what is being read", () => {
  const piece = 100
  const element = `{"text":"${"x".repeat(300)}","list":[${"1,".repeat(50)}1]}`
  test.each([
    ["elements of a list", `[${Array(500).fill(element).join(", ")}]`, element.length],
    [
      "one object with many members",
      `{${Array.from({ length: 5_000 }, (_, at) => `"key ${at}":[${at}]`).join()}}`,
      20,
    ],
    ["lists in lists", `{"a":[${Array(500).fill("[[1,2,[3]],4]").join()}]}`, 20],
    ["white space", `[1,${" ".repeat(50_000)}2]`, 20],
  ])("%s", (_, text, longest) => {
    let most = 0
    const scanner = new Scanner(null, { fault: fail, element: () => undefined })
    for (const each of cut(text, piece)) {
      scanner.add(each)
      scanner.advance(Number.POSITIVE_INFINITY)
      most = Math.max(most, scanner.kept)
    }
    scanner.complete()
    expect(scanner.advance(Number.POSITIVE_INFINITY)).toBe(true)
    // An element, the one before it while no other has begun, and what was added.
    expect(most).toBeLessThanOrEqual(2 * longest + 2 * piece)
  })
})

function fail(pointer: string, message: string): never {
  throw new Error(`${pointer} ${message}`)
}
