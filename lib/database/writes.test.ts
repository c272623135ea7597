import { describe, expect, test } from "vitest"
import { AppError } from "@/lib/errors"
import { databaseError } from "./errors"
import { watchWrites } from "./writes"

const fails = (code: string) => () => Promise.reject(databaseError({ code }))

/** A Writes with a scripted probe and clock. */
function watching() {
  const world = { now: 0, probes: 0, probe: async () => {} }
  const writes = watchWrites({
    now: () => world.now,
    probe: () => {
      world.probes++
      return world.probe()
    },
  })
  return { world, writes }
}

describe("the state of writing", () => {
  test("is found out by a write when nobody has written", async () => {
    const { world, writes } = watching()
    expect(await writes.state()).toBe("ok")
    world.probe = fails("53100")
    world.now += 5_000
    expect(await writes.state()).toBe("disk-full")
  })

  test("costs one write in five seconds, however often it is asked for", async () => {
    const { world, writes } = watching()
    for (let asked = 0; asked < 50; asked++) await writes.state()
    expect(world.probes).toBe(1)
    world.now = 5_000
    await writes.state()
    expect(world.probes).toBe(2)
  })

  test("is what the last write met, though the probe succeeds, until one succeeds or its time is over", async () => {
    const { world, writes } = watching()
    await expect(writes.watch(fails("53100"))).rejects.toThrow("disk")
    expect(await writes.state()).toBe("disk-full")
    await writes.watch(async () => {})
    expect(await writes.state()).toBe("ok")
    await writes.watch(fails("53100")).catch(() => {})
    world.now += 29_999
    expect(await writes.state()).toBe("disk-full")
    world.now += 1
    expect(await writes.state()).toBe("ok")
  })

  test("is told for a short time only by a lost connection or a cancelled statement", async () => {
    const { world, writes } = watching()
    for (const [code, state] of [
      ["57P01", "unreachable"],
      ["57014", "cancelled"],
    ] as const) {
      await writes.watch(fails(code)).catch(() => {})
      expect(await writes.state()).toBe(state)
      world.now += 5_000
      expect(await writes.state()).toBe("ok")
    }
  })

  test("is not told by what concerns one write only", async () => {
    const { writes } = watching()
    await writes.watch(fails("55P03")).catch(() => {})
    await writes.watch(() => Promise.reject(new AppError("conflict", "no"))).catch(() => {})
    await writes.watch(() => Promise.reject(new Error("a bug"))).catch(() => {})
    expect(await writes.state()).toBe("ok")
  })
})
