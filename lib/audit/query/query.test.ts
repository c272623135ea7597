import { describe, expect, it } from "vitest"
import { addMicroseconds, assertInstant } from "@/lib/audit/time/instant"
import { presets, type QueryWindow } from "@/lib/audit/time/window"
import { queryValue, spelledOf, valuesOf } from "@/test/query-values"
import { fieldNames } from "./fields"
import { parseQuery } from "./parse"
import {
  type AuditQuery,
  clearFilters,
  fixedQuery,
  hasFilters,
  plainQuery,
  withOrder,
  withoutValue,
  withText,
  withValue,
  withValues,
  withWindow,
} from "./query"
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

function anyQuery(random: () => number): AuditQuery {
  // The cast holds: the drawn position is within the values.
  const pick = <T>(...values: readonly T[]): T => values[Math.floor(random() * values.length)] as T
  const value = () =>
    pick("a", "b b", "100%", "_", "\\", "ä", "💥", "x&y=z", "+1", "#", " ", "type:id:1", "'").concat("x")
  const ips = ["203.0.113.7", "203.0.113.0/24", "2001:db8::/32"]
  const values = () =>
    fieldNames.reduce((all, field) => {
      if (random() < 0.6) return all
      const closed = { status: ["denied", "failure"], code: ["0", "400", "2147483647"], ip: ips }
      const one = () => (field in closed ? pick(...closed[field as keyof typeof closed]) : value())
      return withValues(
        all,
        field,
        [one(), one(), one()].map(text => queryValue(field, text)),
        "include",
      )
    }, plainQuery).include
  const window = pick<QueryWindow>(
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

describe("writing a query", () => {
  it("and reading it gives the same query, and one spelling", () => {
    const random = randomness(7)
    for (let time = 0; time < 2_000; time += 1) {
      const query = anyQuery(random)
      const parsed = read(writeQuery(query))
      expect(parsed.ok ? [] : parsed.faults).toEqual([])
      expect(parsed.query).toEqual(query)
      expect(writeQuery(parsed.query).toString()).toBe(writeQuery(query).toString())
    }
  })

  it("leaves out what goes without saying", () => {
    expect(writeQuery(plainQuery).toString()).toBe("")
    expect(writeQuery(withOrder(plainQuery, "oldest")).toString()).toBe("order=oldest")
  })

  it("gives one spelling to the same values in any order", () => {
    const [one, other] = ["actor=b&actor=a&window=30d&zone=UTC", "actor=a&actor=b&actor=a&limit=50"].map(
      text => writeQuery(read(new URLSearchParams(text)).query).toString(),
    )
    expect(one).toBe(other)
  })
})

describe("changing a query", () => {
  const before: AuditQuery = {
    ...withValue(plainQuery, "actor", equalTo("a"), "include"),
    text: "key",
    cursor: "abc",
    asOf: 9,
    limit: 20,
  }

  it("adds a value once, and takes it from the other side", () => {
    const twice = withValue(
      withValue(before, "actor", equalTo("b"), "include"),
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
    expect(withoutValue(before, "actor", equalTo("a")).include).toEqual({})
    expect(spelledOf(withoutValue(before, "actor", equalTo("other")).include)).toEqual({ actor: ["a"] })
  })

  it("clears filters, and nothing else", () => {
    const cleared = clearFilters({ ...before, zone: "Europe/Berlin" })
    expect(cleared).toEqual({ ...plainQuery, zone: "Europe/Berlin", limit: 20 })
    expect(hasFilters(cleared)).toBe(false)
    expect(hasFilters(before)).toBe(true)
    expect(hasFilters({ ...cleared, exclude: valuesOf({ ip: ["203.0.113.7"] }) })).toBe(true)
  })

  it.each([
    ["value", (query: AuditQuery) => withValue(query, "app", equalTo("x"), "include")],
    ["window", (query: AuditQuery) => withWindow(query, { kind: "preset", preset: "7d" })],
    ["text", (query: AuditQuery) => withText(query, "  ")],
    ["order", (query: AuditQuery) => withOrder(query, "oldest")],
    ["filters", clearFilters],
  ])("of its %s starts again at the first page, as of now", (_, change) => {
    expect(change(before)).toMatchObject({ cursor: null, asOf: null, limit: 20 })
  })

  it("a blank text is none", () => expect(withText(before, " ").text).toBeNull())
})

describe("a fixed query", () => {
  it("means the same instants and size of the log, whenever it is read", () => {
    const first = read(
      new URLSearchParams("window=today&zone=Asia/Kathmandu&exclude-today=0&actor=a&order=oldest"),
    )
    if (!first.ok) throw new Error("the query is good")
    const fixed = fixedQuery(first.query, first.selection.window, 77)
    const later = parseQuery(writeQuery(fixed), { now: addMicroseconds(now, 86_400_000_000 * 400) })
    expect(later.ok && later.selection).toEqual({ ...first.selection, asOf: 77 })
  })
})
