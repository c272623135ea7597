import { describe, expect, test } from "vitest"
import { needsSomebody, newsOf, type ToldCursor } from "./news"

const at = new Date("2026-11-30T12:00:00Z")
const minutesAgo = (minutes: number) => new Date(at.getTime() - minutes * 60_000)

const well: ToldCursor = {
  ...{ pausedReason: null, failures: 0, firstFailureAt: null, lastErrorKind: null, toldAt: null },
  lastSuccessAt: minutesAgo(1),
  ...{ missed: 0, missedTold: 0, refused: 0, refusedTold: 0, refusedToldAt: null },
}
const failing = (minutes: number, members: Partial<ToldCursor> = {}): ToldCursor => ({
  ...well,
  ...{ failures: 3, firstFailureAt: minutesAgo(minutes), lastErrorKind: "later" },
  ...members,
})

describe("a failing sink", () => {
  test("is told of after 30 minutes, not before", () => {
    expect(newsOf(failing(29.99), at)).toEqual([])
    expect(newsOf(failing(30), at)).toEqual(["fail"])
    expect(newsOf(failing(3 * 24 * 60), at)).toEqual(["fail"])
  })

  test.each(["configuration", "gone", "credentials"])(
    "is told of at once when somebody must act: %s",
    lastErrorKind => {
      const cursor = failing(0, { failures: 1, lastErrorKind })
      expect(newsOf(cursor, at)).toEqual(["fail"])
      expect(needsSomebody(cursor)).toBe(true)
    },
  )

  test.each(["gone", "credentials", "dead-letters"])(
    "is told of when delivery itself has paused it: %s",
    pausedReason => {
      expect(newsOf({ ...well, pausedReason }, at)).toEqual(["fail"])
    },
  )

  test("is not told of when a person has paused it", () => {
    expect(newsOf(failing(90, { pausedReason: "person" }), at)).toEqual([])
    expect(needsSomebody(failing(90, { pausedReason: "person" }))).toBe(false)
  })

  test("is told of once, until its end was told", () => {
    expect(newsOf(failing(90, { toldAt: minutesAgo(60) }), at)).toEqual([])
    expect(newsOf(failing(90, { toldAt: minutesAgo(60), lastErrorKind: "configuration" }), at)).toEqual([])
  })
})

describe("the end of a failure", () => {
  test("is told when something was taken since the failure was told", () => {
    expect(newsOf({ ...well, toldAt: minutesAgo(10) }, at)).toEqual(["recover"])
  })

  test("is not told because somebody has resumed or changed the sink, which resets its failures", () => {
    expect(newsOf({ ...well, toldAt: minutesAgo(10), lastSuccessAt: minutesAgo(50) }, at)).toEqual([])
    expect(newsOf({ ...well, toldAt: minutesAgo(10), lastSuccessAt: null }, at)).toEqual([])
  })

  test("is not told of a failure that nobody was told of", () => {
    expect(newsOf(well, at)).toEqual([])
  })
})

test("missed events are told of whenever there are more", () => {
  expect(newsOf({ ...well, missed: 5, missedTold: 5 }, at)).toEqual([])
  expect(newsOf({ ...well, missed: 6, missedTold: 5 }, at)).toEqual(["miss"])
})

test("refused events are told of once an hour, and those that were taken after all are not news", () => {
  expect(newsOf({ ...well, refused: 1 }, at)).toEqual(["dead-letter"])
  expect(newsOf({ ...well, refused: 2, refusedTold: 1, refusedToldAt: minutesAgo(59) }, at)).toEqual([])
  expect(newsOf({ ...well, refused: 2, refusedTold: 1, refusedToldAt: minutesAgo(60) }, at)).toEqual([
    "dead-letter",
  ])
  expect(newsOf({ ...well, refused: 1, refusedTold: 3, refusedToldAt: minutesAgo(600) }, at)).toEqual([])
})
