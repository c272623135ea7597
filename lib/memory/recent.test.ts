import { describe, expect, test } from "vitest"
import { recent } from "./recent"

/** Returns a reader that gives these results one after the other, and how often it was called. */
function reader(...results: readonly (string | null | Error)[]) {
  const calls = { count: 0 }
  const read = async (): Promise<string | null> => {
    const result = results[calls.count++]
    if (result instanceof Error) throw result
    return result ?? null
  }
  return { read, calls }
}

const memory = (most = 10) => recent<string | null>({ forMs: 1_000, most })

describe("what was read a short while ago", () => {
  test("is read once for all who ask at the same time", async () => {
    const { read, calls } = reader("first", "second")
    const { recall } = memory()
    const found = await Promise.all(Array.from({ length: 20 }, () => recall("a", 0, read)))
    expect([new Set(found), calls.count]).toEqual([new Set(["first"]), 1])
  })

  test("is read again when it is no longer recent, also by a clock that was set back", async () => {
    const { recall } = memory()
    expect(await recall("a", 5_000, reader("first").read)).toBe("first")
    expect(await recall("a", 5_999, reader("second").read)).toBe("first")
    expect(await recall("a", 6_000, reader("third").read)).toBe("third")
    expect(await recall("a", 5_000, reader("fourth").read)).toBe("fourth")
  })

  test("is read again on demand, and that is what is kept", async () => {
    const { recall, refresh } = memory()
    await recall("a", 0, reader("first").read)
    expect(await refresh("a", 1, reader("second").read)).toBe("second")
    expect(await recall("a", 2, reader("third").read)).toBe("second")
  })

  test.each([
    ["a null", null],
    ["an error", new Error("away")],
  ])("is not kept when it was %s", async (_, result) => {
    const { recall } = memory()
    await recall("a", 0, reader(result).read).catch(() => undefined)
    expect(await recall("a", 1, reader("found").read)).toBe("found")
  })

  test("is kept although an earlier read of the name fails later", async () => {
    const { recall, refresh } = memory()
    let fail: (error: Error) => void = () => {}
    const failing = new Promise<string>((_, reject) => {
      fail = reject
    })
    const first = recall("a", 0, () => failing)
    await refresh("a", 1, reader("second").read)
    fail(new Error("away"))
    await expect(first).rejects.toThrow("away")
    expect(await recall("a", 2, reader("third").read)).toBe("second")
  })

  test("takes a bounded part of the memory", async () => {
    const { recall } = memory(2)
    for (const name of ["a", "b", "c"]) await recall(name, 0, reader(name).read)
    expect(await recall("c", 1, reader("again").read)).toBe("c")
    expect(await recall("a", 1, reader("again").read)).toBe("again")
  })
})
