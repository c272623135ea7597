import { describe, expect, it } from "vitest"
import { addMicroseconds, assertInstant } from "@/lib/audit/time/instant"
import { type AskedWindow, presets } from "@/lib/audit/time/window"
import { queryValue, spelledOf, valuesOf } from "@/lib/testing/query-values"
import { fieldNames } from "./fields"
import { parseQuery } from "./parse"
import {
  clearFilters,
  fixedQuestion,
  hasFilters,
  plainQuestion,
  type Question,
  withOrder,
  withoutValue,
  withText,
  withValue,
  withValues,
  withWindow,
} from "./question"
import { equalTo } from "./value"
import { writeQuery } from "./write"

const now = assertInstant("2025-11-20T09:30:00.000000Z")

function read(params: URLSearchParams) {
  return parseQuery(new URLSearchParams(params.toString()), { now })
}

/** Returns a repeatable source of numbers in [0, 1). */
function randomness(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

function anyQuestion(random: () => number): Question {
  // The cast holds: the drawn position is within the values.
  const pick = <T>(...values: readonly T[]): T => values[Math.floor(random() * values.length)] as T
  const value = () =>
    pick("a", "b b", "100%", "_", "\\", "ä", "💥", "x&y=z", "+1", "#", " ", "type:id:1", "'").concat("x")
  const ips = ["203.0.113.7", "203.0.113.0/24", "2001:db8::/32"]
  const values = () =>
    fieldNames.reduce((all, field) => {
      if (random() < 0.6) return all
      const one = () =>
        field === "status" ? pick("denied", "failure") : field === "ip" ? pick(...ips) : value()
      return withValues(
        all,
        field,
        [one(), one(), one()].map(text => queryValue(field, text)),
        "include",
      )
    }, plainQuestion).include
  const window = pick<AskedWindow>(
    { kind: "all" },
    { kind: "preset", preset: pick(...(Object.keys(presets) as (keyof typeof presets)[])) },
    { kind: "range", from: "2025-01", to: "2025-02-03T10:30:00.123456Z" },
    { kind: "range", from: null, to: "2025" },
    { kind: "range", from: "2025-01-01T10:00+02:00", to: null },
  )
  return {
    window,
    excludeToday: false,
    zone: pick("UTC", "Europe/Berlin", "Etc/GMT+12"),
    include: values(),
    exclude: values(),
    text: pick(null, value()),
    order: pick("newest", "oldest", "recorded"),
    limit: pick(1, 50, 100),
    cursor: pick(null, "abc_-1"),
    asOf: pick(null, 0, Number.MAX_SAFE_INTEGER),
  }
}

describe("writing a question", () => {
  it("and reading it gives the same question, and one spelling", () => {
    const random = randomness(7)
    for (let time = 0; time < 2_000; time += 1) {
      const question = anyQuestion(random)
      const parsed = read(writeQuery(question))
      expect(parsed.ok ? [] : parsed.faults).toEqual([])
      expect(parsed.question).toEqual(question)
      expect(writeQuery(parsed.question).toString()).toBe(writeQuery(question).toString())
    }
  })

  it("leaves out what goes without saying", () => {
    expect(writeQuery(plainQuestion).toString()).toBe("")
    expect(writeQuery(withOrder(plainQuestion, "oldest")).toString()).toBe("order=oldest")
  })

  it("gives one spelling to the same values in any order", () => {
    const [one, other] = ["actor=b&actor=a&window=30d&zone=UTC", "actor=a&actor=b&actor=a&limit=50"].map(
      text => writeQuery(read(new URLSearchParams(text)).question).toString(),
    )
    expect(one).toBe(other)
  })
})

describe("changing a question", () => {
  const asked: Question = {
    ...withValue(plainQuestion, "actor", equalTo("a"), "include"),
    text: "key",
    cursor: "abc",
    asOf: 9,
    limit: 20,
  }

  it("adds a value once, and takes it from the other side", () => {
    const twice = withValue(
      withValue(asked, "actor", equalTo("b"), "include"),
      "actor",
      equalTo("b"),
      "include",
    )
    expect(spelledOf(twice.include)).toEqual({ actor: ["a", "b"] })
    const turned = withValue(twice, "actor", equalTo("a"), "exclude")
    expect(spelledOf(turned.include)).toEqual({ actor: ["b"] })
    expect(spelledOf(turned.exclude)).toEqual({ actor: ["a"] })
  })

  it("removes a value, and the field with its last one", () => {
    expect(withoutValue(asked, "actor", equalTo("a")).include).toEqual({})
    expect(spelledOf(withoutValue(asked, "actor", equalTo("other")).include)).toEqual({ actor: ["a"] })
  })

  it("clears filters, and nothing else", () => {
    const cleared = clearFilters({ ...asked, zone: "Europe/Berlin" })
    expect(cleared).toEqual({ ...plainQuestion, zone: "Europe/Berlin", limit: 20 })
    expect(hasFilters(cleared)).toBe(false)
    expect(hasFilters(asked)).toBe(true)
    expect(hasFilters({ ...cleared, exclude: valuesOf({ ip: ["203.0.113.7"] }) })).toBe(true)
  })

  it.each([
    ["value", (question: Question) => withValue(question, "app", equalTo("x"), "include")],
    ["window", (question: Question) => withWindow(question, { kind: "preset", preset: "7d" })],
    ["text", (question: Question) => withText(question, "  ")],
    ["order", (question: Question) => withOrder(question, "oldest")],
    ["filters", clearFilters],
  ])("of its %s starts again at the first page, as of now", (_, change) => {
    expect(change(asked)).toMatchObject({ cursor: null, asOf: null, limit: 20 })
  })

  it("a blank text is none", () => expect(withText(asked, " ").text).toBeNull())
})

describe("a fixed question", () => {
  it("means the same instants and size of the log, whenever it is read", () => {
    const first = read(
      new URLSearchParams("window=today&zone=Asia/Kathmandu&exclude-today=0&actor=a&order=oldest"),
    )
    if (!first.ok) throw new Error("the question is good")
    const fixed = fixedQuestion(first.question, first.query.window, 77)
    const later = parseQuery(writeQuery(fixed), { now: addMicroseconds(now, 86_400_000_000 * 400) })
    expect(later.ok && later.query).toEqual({ ...first.query, asOf: 77 })
  })
})
