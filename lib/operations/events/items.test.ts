import { describe, expect, test, vi } from "vitest"
import { mostFaults } from "@/lib/audit/faults"
import { type Pace, stepUnits } from "@/lib/audit/json/pace"
import { Scanner } from "@/lib/audit/json/scanner"
import { readItems, sendLimits } from "./items"

/** Counts the work between two yields instead of yielding. */
function countedPace() {
  let step = 0
  const noted = { longest: 0, turns: 0 }
  const pace: Pace = {
    spend(units) {
      step += units
      noted.longest = Math.max(noted.longest, step)
      if (step < stepUnits) return undefined
      step = 0
      noted.turns++
      return Promise.resolve()
    },
  }
  return { pace, noted }
}

const mebibytes = 1024 * 1024
const ofLength = (piece: string, bytes: number) => piece.repeat(Math.floor(bytes / piece.length))
const unknownFields = (count: number) => `{${Array.from({ length: count }, (_, at) => `"f${at}":0`).join()}}`

/** As a body comes. */
const pieceBytes = 64 * 1024

/** The bytes in pieces, and how many of the pieces were asked for. */
function inPieces(bytes: Uint8Array, size = pieceBytes) {
  const state = { asked: 0, isLeft: false }
  async function* pieces() {
    try {
      for (let at = 0; at < bytes.byteLength; at += size) {
        state.asked++
        yield bytes.subarray(at, at + size)
      }
    } finally {
      state.isLeft = true
    }
  }
  return { pieces: pieces(), state }
}

async function readBytes(bytes: Uint8Array, { form = "json", size = pieceBytes }: ReadOptions = {}) {
  const { pace, noted } = countedPace()
  const { pieces, state } = inPieces(bytes, size)
  const outcome = await readItems({ form, pieces }, pace).then(
    ({ items }) => items,
    error => String(error.message),
  )
  return { outcome, ...noted, ...state }
}

interface ReadOptions {
  readonly form?: "json" | "lines"
  readonly size?: number
}

const read = (text: string, form: "json" | "lines" = "json") => readBytes(Buffer.from(text), { form })

describe("a body that is cheap to send and expensive to read", () => {
  test.each<[string, string, "json" | "lines", string]>([
    ["millions of zeros", `[${ofLength("0,", 5 * mebibytes - 2)}0]`, "json", "A batch may have 1000 events."],
    ["millions of blank lines", ofLength("\n", 5 * mebibytes), "lines", "A batch may have 1000 blank lines."],
    ["a line too many", ofLength("{}\n", 5 * mebibytes), "lines", "A batch may have 1000 events."],
    ["one event too large", `{"a":"${"x".repeat(2 * mebibytes)}"}`, "json", "A single event's body may have"],
    ["nothing but an opening", ofLength("[", 5 * mebibytes), "json", "Nested in more than"],
  ])("%s: refused after a few steps", async (_, text, form, message) => {
    const { outcome, longest, turns, asked, isLeft } = await read(text, form)
    expect(outcome).toContain(message)
    expect(longest).toBeLessThan(2 * stepUnits)
    expect(turns).toBeLessThan(5)
    // The rest is not even unpacked, but for an event whose bytes are what is too much.
    expect(asked).toBe(message.includes("single") ? sendLimits.singleBytes / pieceBytes + 1 : 1)
    expect(isLeft).toBe(true)
  })

  test.each<[string, string, "json" | "lines"]>([
    ["zeros inside an item", `[[${ofLength("0,", 3 * mebibytes)}0]]`, "json"],
    ["objects inside an item", `[[${ofLength("{},", 3 * mebibytes)}0]]`, "json"],
    ["an event with 90,000 unknown fields", unknownFields(90_000), "json"],
    ["the same in a batch", `[${unknownFields(90_000)}]`, "json"],
    ["the same in a line", unknownFields(90_000), "lines"],
  ])("%s: an item that is too large, whose values are never made", async (_, text, form) => {
    const { outcome, longest, isLeft } = await read(text, form)
    expect(outcome).toMatchObject([{ isTooLarge: true, value: null }])
    expect(longest).toBeLessThan(2 * stepUnits)
    expect(isLeft).toBe(true)
  })

  test.each<[string, string, "json" | "lines"]>([
    ["a whole batch of unknown fields", `[${Array(1_000).fill(unknownFields(500)).join()}]`, "json"],
    [
      "a whole batch of zeros in each item",
      `[${Array(1_000)
        .fill(`[${ofLength("0,", 4_000)}0]`)
        .join()}]`,
      "json",
    ],
    [
      "the same in lines",
      Array(1_000)
        .fill(`[${ofLength("0,", 4_000)}0]`)
        .join("\n"),
      "lines",
    ],
  ])("%s: read in steps that are no longer than a step and an item", async (_, text, form) => {
    const { outcome, longest, turns } = await read(text, form)
    expect(outcome).toHaveLength(1_000)
    expect(longest).toBeLessThan(2 * stepUnits + 8_000)
    expect(turns).toBeGreaterThan(text.length / (2 * stepUnits + 8_000))
  })

  test("a last item that is broken costs nothing but its own reading when it is one too many", async () => {
    expect((await read(`[${Array(1_001).fill("{}").join()}`)).outcome).toBe("A batch may have 1000 events.")
    expect((await read(`[${Array(1_000).fill("{}").join()},{"broken`)).outcome).toBe(
      "A batch may have 1000 events.",
    )
    expect((await read(`[${Array(1_000).fill("{}").join()}]`)).outcome).toHaveLength(sendLimits.batchItems)
  })
})

describe("the faults of a batch", () => {
  test("are a hundred, and the first of every item, and their number", async () => {
    const item = `[${Array(30).fill("1e400").join()}]`
    const { outcome } = await read(`[${Array(1_000).fill(item).join()}]`)
    if (typeof outcome === "string") throw new Error(outcome)
    const listed = outcome.map(({ faults }) => faults.filter(({ more }) => more === undefined))
    expect(listed.every(faults => faults[0]?.pointer === "/0")).toBe(true)
    expect(listed.flat()).toHaveLength(mostFaults + 1_000 - Math.ceil(mostFaults / 30))
    for (const { faults } of outcome) {
      const [last] = faults.slice(-1)
      const cut = faults.length < 30 ? 30 - (faults.length - 1) : undefined
      expect(last?.more).toBe(cut)
      if (cut !== undefined) expect(last).toEqual({ pointer: "", message: `and ${cut} more`, more: cut })
    }
  })

  test("are a hundred of one item", async () => {
    const { outcome } = await read(`{"a":[${Array(250).fill("1e400").join()}]}`)
    expect(outcome).toMatchObject([
      { faults: { length: 101, 100: { pointer: "", message: "and 150 more" } } },
    ])
  })

  test("point into their item", async () => {
    const { outcome } = await read('[{},{"1":{"a":1e400}},[1e400]]')
    expect(outcome).toMatchObject([
      { faults: [] },
      { faults: [{ pointer: "/1/a" }] },
      { faults: [{ pointer: "/0" }] },
    ])
    expect((await read('{"3":{"a":1e400}}')).outcome).toMatchObject([{ faults: [{ pointer: "/3/a" }] }])
  })

  test("of the array itself refuse it", async () => {
    expect((await read("\ufeff[{}]")).outcome).toContain("byte order mark")
  })
})

describe("a body is read the same, in whatever pieces it comes", () => {
  const events = [
    { operation: "a.b", actor: { id: "ü 語 😀" }, metadata: { "\u0000": [1.5, -0, '\\ " \n'] } },
    { operation: "c.d", targets: [{ id: "x".repeat(300) }] },
  ]
  const texts: readonly (readonly [string, string, "json" | "lines"])[] = [
    ["one event", JSON.stringify(events[0]), "json"],
    ["a batch", JSON.stringify(events, null, 1), "json"],
    ["a batch with faults", '[{"a":1,"a":2},{"b":1e400},[1,[2]],"x"]', "json"],
    ["an empty batch", " [ ] ", "json"],
    ["nothing", "", "json"],
    ["white space", " \r\n\t ", "json"],
    ["a byte order mark before an array", '\ufeff[{"a":1}]', "json"],
    ["a byte order mark before an event", '\ufeff{"a":1}', "json"],
    ["what breaks off", '[{"a":1},{"b":', "json"],
    ["what goes on", '{"a":1}{"b":2}', "json"],
    ["lines", `${events.map(event => JSON.stringify(event)).join("\n")}`, "lines"],
    ["lines with blank ones and an end", `\n \r\n${JSON.stringify(events[1])}\r\n\n{"a":}\n`, "lines"],
    ["no lines", "", "lines"],
    ["blank lines", "\n\n", "lines"],
  ]
  test.each(texts)("%s", async (_, text, form) => {
    const bytes = Buffer.from(text)
    const whole = await readBytes(bytes, { form, size: bytes.byteLength + 1 })
    for (const size of [1, 2, 3, 7, 64]) {
      expect((await readBytes(bytes, { form, size })).outcome).toEqual(whole.outcome)
    }
  })

  test("an item is read from its own text, also far behind the first piece", async () => {
    const text = JSON.stringify(Array.from({ length: 1_000 }, (_, at) => ({ at, text: "ü".repeat(at) })))
    const { outcome } = await readBytes(Buffer.from(text), { size: 1_000 })
    if (typeof outcome === "string") throw new Error(outcome)
    expect(outcome.map(({ value }) => value)).toEqual(JSON.parse(text))
  })

  test.each([
    ["a wrong byte", [0x7b, 0xff], 1],
    ["a character that is cut off", [0x22, 0xf0, 0x9f, 0x98], 1],
    ["half a surrogate", [0x22, 0x61, 0xed, 0xa0, 0x80, 0x22], 2],
    ["an overlong slash", [0x22, 0xc0, 0xaf, 0x22], 1],
    ["a continuation alone", [0x22, 0x61, 0x62, 0x80], 3],
  ])("the place of %s is that in the whole body", async (_, wrong, offset) => {
    const bytes = Buffer.concat([Buffer.from(" ".repeat(100)), Buffer.from(wrong)])
    for (const size of [1, 2, 3, 64, 1_000]) {
      expect((await readBytes(bytes, { size })).outcome).toBe(
        `Not valid UTF-8: the first wrong byte is at offset ${100 + offset}.`,
      )
    }
  })

  test("an element of any size costs copying in proportion to it", async () => {
    const kept: number[] = []
    const add = Scanner.prototype.add
    const spied = vi.spyOn(Scanner.prototype, "add").mockImplementation(function (this: Scanner, piece) {
      kept.push(this.kept)
      add.call(this, piece)
    })
    const text = `[{"raw":"${"x".repeat(4 * mebibytes)}"}]`
    const { outcome } = await readBytes(Buffer.from(text), { size: 1_000 })
    spied.mockRestore()
    expect(outcome).toHaveLength(1)
    expect(kept.reduce((sum, each) => sum + each, 0)).toBeLessThan(6 * text.length)
  })
})
