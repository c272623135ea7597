import { describe, expect, test } from "vitest"
import { mostFaults } from "@/lib/audit/faults"
import { type Pace, stepUnits } from "@/lib/audit/json/pace"
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

async function read(text: string, form: "json" | "lines" = "json") {
  const { pace, noted } = countedPace()
  const outcome = await readItems({ form, bytes: Buffer.from(text) }, pace).then(
    ({ items }) => items,
    error => String(error.message),
  )
  return { outcome, ...noted }
}

describe("a body that is cheap to send and expensive to read", () => {
  test.each<[string, string, "json" | "lines", string]>([
    ["millions of zeros", `[${ofLength("0,", 5 * mebibytes - 2)}0]`, "json", "A batch may have 1000 events."],
    ["millions of blank lines", ofLength("\n", 5 * mebibytes), "lines", "A batch may have 1000 blank lines."],
    ["a line too many", ofLength("{}\n", 5 * mebibytes), "lines", "A batch may have 1000 events."],
    ["one event too large", `{"a":"${"x".repeat(2 * mebibytes)}"}`, "json", "A single event's body may have"],
    ["nothing but an opening", ofLength("[", 5 * mebibytes), "json", "Nested in more than"],
  ])("%s: refused after a few steps", async (_, text, form, message) => {
    const { outcome, longest, turns } = await read(text, form)
    expect(outcome).toContain(message)
    expect(longest).toBeLessThan(2 * stepUnits)
    expect(turns).toBeLessThan(5)
  })

  test.each<[string, string, "json" | "lines"]>([
    ["zeros inside an item", `[[${ofLength("0,", 3 * mebibytes)}0]]`, "json"],
    ["objects inside an item", `[[${ofLength("{},", 3 * mebibytes)}0]]`, "json"],
    ["an event with 90,000 unknown fields", unknownFields(90_000), "json"],
    ["the same in a batch", `[${unknownFields(90_000)}]`, "json"],
    ["the same in a line", unknownFields(90_000), "lines"],
  ])("%s: an item that is too large, whose values are never made", async (_, text, form) => {
    const { outcome, longest } = await read(text, form)
    expect(outcome).toMatchObject([{ isTooLarge: true, value: null }])
    expect(longest).toBeLessThan(2 * stepUnits)
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
