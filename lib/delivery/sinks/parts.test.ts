import { describe, expect, test } from "vitest"
import { uuidPattern } from "@/lib/audit/uuid"
import { batchId, howManyFit } from "./batch"
import { byteBudget } from "./budget"
import { circuits } from "./circuit"

const name = {
  sinkId: "11111111-1111-4111-8111-111111111111",
  organizationId: "22222222-2222-4222-8222-222222222222",
  version: 1,
  replayId: null,
  first: 0,
  past: 10,
}

describe("the id of a batch", () => {
  test("is the same for ever", () => {
    expect(batchId(name)).toBe(batchId({ ...name }))
    expect(batchId(name)).toMatch(uuidPattern)
    expect(batchId(name)).toMatchInlineSnapshot(`"f8a97961-b8bd-5693-8e93-b3bee692fe93"`)
  })

  test("differs by sink, organization, version, range and replay", () => {
    const others = [
      { ...name, sinkId: name.organizationId },
      { ...name, organizationId: name.sinkId },
      { ...name, version: 2 },
      { ...name, first: 1 },
      { ...name, past: 11 },
      { ...name, first: 1, past: 0 },
      { ...name, replayId: name.sinkId },
    ]
    expect(new Set([name, ...others].map(batchId)).size).toBe(8)
  })
})

test("a batch is as large as fits, and one event at least", () => {
  expect(howManyFit([3, 3, 3], 6)).toBe(2)
  expect(howManyFit([3, 3, 3], 9)).toBe(3)
  expect(howManyFit([30, 3], 6)).toBe(1)
  expect(howManyFit([], 6)).toBe(0)
})

describe("the budget of memory", () => {
  const never = new AbortController().signal
  const settled = async (promise: Promise<unknown>) => {
    let isSettled = false
    promise.then(
      () => (isSettled = true),
      () => (isSettled = true),
    )
    for (let turn = 0; turn < 5; turn++) await Promise.resolve()
    return isSettled
  }

  test("is never exceeded, and those who wait are served in their order when something is given back", async () => {
    const budget = byteBudget({ total: 100, slow: 50 })
    const first = await budget.reserve(80, { isSlow: false, signal: never })
    const second = budget.reserve(40, { isSlow: false, signal: never })
    const third = budget.reserve(10, { isSlow: false, signal: never })
    expect([await settled(second), await settled(third)]).toEqual([false, false])
    first.shrink(60)
    expect(await settled(second)).toBe(true)
    expect(budget.held).toBe(100)
    expect(await settled(third)).toBe(false)
    first.release()
    first.release()
    expect(await settled(third)).toBe(true)
    expect(budget.held).toBe(50)
  })

  test("keeps room for others, however much slow sinks want", async () => {
    const budget = byteBudget({ total: 100, slow: 50 })
    await budget.reserve(50, { isSlow: true, signal: never })
    const slow = budget.reserve(1, { isSlow: true, signal: never })
    expect(await settled(budget.reserve(50, { isSlow: false, signal: never }))).toBe(true)
    expect(await settled(slow)).toBe(false)
  })

  test("gives a batch that is larger than all of it the whole", async () => {
    const budget = byteBudget({ total: 100, slow: 50 })
    await budget.reserve(1_000, { isSlow: false, signal: never })
    expect(budget.held).toBe(100)
  })

  test("forgets who waits no longer", async () => {
    const budget = byteBudget({ total: 100, slow: 50 })
    const first = await budget.reserve(100, { isSlow: false, signal: never })
    const leaving = new AbortController()
    const second = budget.reserve(100, { isSlow: false, signal: leaving.signal })
    const third = budget.reserve(100, { isSlow: false, signal: never })
    leaving.abort()
    await expect(second).rejects.toThrow()
    first.release()
    expect(await settled(third)).toBe(true)
    expect(budget.held).toBe(100)
  })
})

describe("a circuit", () => {
  const at = new Date("2026-11-30T12:00:00Z")
  const in_ = (ms: number) => new Date(at.getTime() + ms)

  test("opens after five failures, then lets one batch through at a time, and closes when it is taken", () => {
    const all = circuits()
    for (let failure = 0; failure < 5; failure++) {
      expect(all.enter("sink", at)).toBeNull()
      expect(all.leave("sink", { nextAt: in_(500) }, at)).toBe(false)
    }
    expect(all.enter("sink", at)?.getTime()).toBeGreaterThan(at.getTime())
    expect(all.enter("another", at)).toBeNull()
    const probe = in_(60_000)
    expect(all.enter("sink", probe)).toBeNull()
    expect(all.enter("sink", probe)).not.toBeNull()
    expect(all.leave("sink", "taken", probe)).toBe(true)
    expect(all.enter("sink", probe)).toBeNull()
    expect(all.enter("sink", probe)).toBeNull()
  })

  test("does not open for sinks that have nothing to send", () => {
    const all = circuits()
    for (let turn = 0; turn < 20; turn++) {
      expect(all.enter("sink", at)).toBeNull()
      expect(all.leave("sink", "nothing", at)).toBe(false)
    }
  })
})
