import { describe, expect, test } from "vitest"
import { nextState, nextTryOfRefused, type Standing, type Trouble } from "./state"

const at = new Date("2026-11-30T12:00:00Z")
const fresh: Standing = { failures: 0, firstFailureAt: null }
const later: Trouble = { kind: "later", message: "down" }
const pauseOf = (dueAt: Date | null) => (dueAt === null ? null : dueAt.getTime() - at.getTime())
const failed = (failures: number, trouble: Trouble, random = 0) =>
  nextState({ failures, firstFailureAt: null }, { trouble, moved: false, refusals: 0 }, at, random)

describe("after an attempt", () => {
  test("that was taken, the cursor is due at once and nothing has failed", () => {
    const before = { failures: 7, firstFailureAt: new Date(0) }
    const ended = { trouble: null, moved: true, refusals: 3 }
    expect(nextState(before, ended, at, 0)).toEqual({
      failures: 0,
      firstFailureAt: null,
      dueAt: at,
      pause: null,
    })
  })

  test("that failed, the pause doubles from one second to fifteen minutes, half of it by chance, and never ends", () => {
    const pauses = Array.from({ length: 14 }, (_, failures) => pauseOf(failed(failures, later).dueAt))
    expect(pauses.slice(0, 5)).toEqual([500, 1_000, 2_000, 4_000, 8_000])
    expect(pauses.slice(-2)).toEqual([450_000, 450_000])
    expect(pauseOf(failed(20, later, 0.999_999).dueAt)).toBeGreaterThan(899_000)
    expect(pauseOf(failed(100_000, later).dueAt)).toBe(450_000)
    for (let failures = 0; failures < 40; failures++) {
      expect(failed(failures, later).failures).toBe(failures + 1)
      expect(failed(failures, later).pause).toBeNull()
    }
  })

  test.each([
    ["longer than the pause", 60_000, 60_000],
    ["shorter than the pause", 100, 500],
    ["of a day", 86_400_000, 3_600_000],
    ["that is no number", Number.NaN, 500],
    ["without end", Number.POSITIVE_INFINITY, 500],
    ["before now", -5_000, 500],
  ])(
    "whose receiver asks for a pause %s gets at least its own and at most an hour",
    (_, retryAfterMs, expected) => {
      expect(pauseOf(failed(0, { ...later, retryAfterMs }).dueAt)).toBe(expected)
    },
  )

  test("that moved counts as a first failure: a slow receiver is not one that is away", () => {
    const before = { failures: 7, firstFailureAt: new Date(0) }
    const state = nextState(before, { trouble: later, moved: true, refusals: 0 }, at, 0)
    expect(state).toMatchObject({ failures: 1, firstFailureAt: at })
  })

  test("that did not move keeps the time of the first failure", () => {
    const before = { failures: 7, firstFailureAt: new Date(0) }
    const state = nextState(before, { trouble: later, moved: false, refusals: 0 }, at, 0)
    expect(state).toMatchObject({ failures: 8, firstFailureAt: new Date(0) })
  })

  test("a wrong configuration is tried again: it may be put right at the other end", () => {
    expect(failed(0, { kind: "configuration", message: "404" })).toMatchObject({ pause: null, failures: 1 })
  })

  test.each(["gone", "credentials"] as const)("%s pauses the sink", kind => {
    expect(failed(0, { kind, message: "" })).toMatchObject({ pause: kind, dueAt: null })
  })

  test.each([
    [100, null],
    [101, "dead-letters"],
  ])("%d refused events within an hour: %s", (refusals, pause) => {
    expect(nextState(fresh, { trouble: null, moved: true, refusals }, at, 0).pause).toBe(pause)
    expect(nextState(fresh, { trouble: later, moved: true, refusals }, at, 0).pause).toBe(pause)
  })
})

test("a refused event is tried three times within ten minutes", () => {
  const second = nextTryOfRefused(1, at)
  const third = second && nextTryOfRefused(2, second)
  expect(pauseOf(third)).toBe(600_000)
  expect(third && nextTryOfRefused(3, third)).toBeNull()
  expect(nextTryOfRefused(4, at)).toBeNull()
})
