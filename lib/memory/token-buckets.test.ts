import { describe, expect, test } from "vitest"
import { tokenBuckets } from "./token-buckets"

describe("a token bucket", () => {
  test("lets through what it holds, then says when to come back", () => {
    const buckets = tokenBuckets(10)
    expect(buckets.take("a", 10, 0)).toEqual({ limitPerSecond: 10, remaining: 0, resetSeconds: 1 })
    expect(buckets.look("a", 50).resetSeconds).toBe(1)
    expect(buckets.look("a", 100)).toEqual({ limitPerSecond: 10, remaining: 1, resetSeconds: 0 })
  })

  test("a batch larger than what is left delays those after it", () => {
    const buckets = tokenBuckets(10)
    expect(buckets.take("a", 35, 0).resetSeconds).toBe(3)
    expect(buckets.look("a", 2_500).remaining).toBe(0)
    expect(buckets.look("a", 2_600).remaining).toBe(1)
  })

  test("one name's haste takes nothing from another", () => {
    const buckets = tokenBuckets(10)
    buckets.take("noisy", 1_000, 0)
    expect(buckets.look("quiet", 0).remaining).toBe(10)
  })

  test("saves up one second's worth and no more", () => {
    const buckets = tokenBuckets(10)
    buckets.take("a", 10, 0)
    expect(buckets.look("a", 3_600_000).remaining).toBe(10)
  })

  test("a clock that is set back neither gives nor takes", () => {
    const buckets = tokenBuckets(10)
    buckets.take("a", 4, 10_000)
    expect(buckets.look("a", 5_000).remaining).toBe(6)
  })

  test("many names do not make many buckets", () => {
    const buckets = tokenBuckets(10)
    for (let name = 0; name < 25_000; name += 1) buckets.take(`name ${name}`, 1, name)
    expect(buckets.take("name 0", 1, 25_000).remaining).toBe(9)
  })
})
