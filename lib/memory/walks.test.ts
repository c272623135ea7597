import { expect, test } from "vitest"
import { walks } from "./walks"

const name = (query: string, owner = "key") => ({ owner, query })
const memory = (more: object = {}) => walks<string>({ forMs: 1_000, most: 100, mostOfOwner: 10, ...more })

test("a page goes on where the page before it ended, in the reading that served it", () => {
  const kept = memory()
  expect(kept.find(name("q"), 2, 0)).toBeNull()
  kept.keep(name("q"), null, { page: 1, asOf: 7, end: "a" }, 0)
  const walk = kept.find(name("q"), 2, 500)
  expect(walk).toMatchObject({ asOf: 7 })
  expect(walk?.endOf(1)).toBe("a")
  expect(walk?.endOf(2)).toBeUndefined()
  kept.keep(name("q"), walk, { page: 2, asOf: 7, end: null }, 600)
  expect(kept.find(name("q"), 3, 700)?.endOf(2)).toBeNull()
  // Other pages belong to the same reading, page 1 begins another one.
  expect(kept.find(name("q"), 9, 700)?.asOf).toBe(7)
  expect(kept.find(name("q"), 1, 700)).toBeNull()
  expect(kept.find(name("other"), 2, 700)).toBeNull()
  expect(kept.find(name("q", "other"), 2, 700)).toBeNull()
})

test("a reading ends when it was not used for its time, also when the clock was set back", () => {
  const kept = memory()
  kept.keep(name("q"), null, { page: 1, asOf: 1, end: "a" }, 10_000)
  kept.keep(name("q"), kept.find(name("q"), 2, 10_900), { page: 2, asOf: 1, end: "b" }, 10_900)
  expect(kept.find(name("q"), 3, 11_800)?.endOf(2)).toBe("b")
  expect(kept.find(name("q"), 3, 11_900)).toBeNull()
  kept.keep(name("q"), null, { page: 1, asOf: 1, end: "a" }, 20_000)
  expect(kept.find(name("q"), 2, 18_000)).toBeNull()
})

test("two readings of one query stay apart", () => {
  const kept = memory()
  kept.keep(name("q"), null, { page: 1, asOf: 1, end: "a1" }, 0)
  kept.keep(name("q"), kept.find(name("q"), 2, 1), { page: 2, asOf: 1, end: "a2" }, 1)
  kept.keep(name("q"), null, { page: 1, asOf: 5, end: "b1" }, 2)
  expect(kept.find(name("q"), 3, 3)).toMatchObject({ asOf: 1 })
  expect(kept.find(name("q"), 2, 3)).toMatchObject({ asOf: 5 })
  expect(kept.find(name("q"), 7, 3)).toMatchObject({ asOf: 5 })
})

test("the memory is bounded: of queries, of one owner, of readings and of their pages", () => {
  const kept = memory({ most: 20, mostOfOwner: 5 })
  const has = (query: string, owner?: string) => kept.find(name(query, owner), 2, 0) !== null
  kept.keep(name("first", "other"), null, { page: 1, asOf: 1, end: "a" }, 0)
  for (let n = 0; n < 8; n += 1) kept.keep(name(`q${n}`), null, { page: 1, asOf: 1, end: "a" }, 0)
  // A hasty owner loses its own oldest, not those of others.
  expect(Array.from({ length: 8 }, (_, n) => has(`q${n}`))).toEqual([
    ...Array(3).fill(false),
    ...Array(5).fill(true),
  ])
  expect(has("first", "other")).toBe(true)
  for (let n = 0; n < 20; n += 1) kept.keep(name("q", `owner-${n}`), null, { page: 1, asOf: 1, end: "a" }, 0)
  expect(has("first", "other")).toBe(false)
  expect(has("q7")).toBe(false)
  expect(has("q", "owner-0")).toBe(true)

  for (let n = 0; n < 6; n += 1) kept.keep(name("r"), null, { page: 1, asOf: n, end: "a" }, n)
  const walk = kept.find(name("r"), 2, 6)
  for (let page = 2; page <= 60; page += 1) kept.keep(name("r"), walk, { page, asOf: 5, end: `${page}` }, 6)
  const last = kept.find(name("r"), 61, 6)
  expect([last?.endOf(60), last?.endOf(11), last?.endOf(10)]).toEqual(["60", "11", undefined])
})

test("what is used stays longer than what is not", () => {
  const kept = memory({ mostOfOwner: 2 })
  kept.keep(name("a"), null, { page: 1, asOf: 1, end: "a" }, 0)
  kept.keep(name("b"), null, { page: 1, asOf: 1, end: "a" }, 0)
  kept.keep(name("a"), kept.find(name("a"), 2, 0), { page: 2, asOf: 1, end: "a" }, 0)
  kept.keep(name("c"), null, { page: 1, asOf: 1, end: "a" }, 0)
  expect(["a", "b", "c"].map(query => kept.find(name(query), 2, 0) !== null)).toEqual([true, false, true])
})
