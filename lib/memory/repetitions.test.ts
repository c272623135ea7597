import { expect, test } from "vitest"
import { repetitions } from "./repetitions"

const minuteMs = 60_000

/** Records into a list. */
function into(records: string[], name: string) {
  return {
    first: async () => void records.push(`${name}: first`),
    others: async (count: number) => void records.push(`${name}: ${count} others`),
  }
}

test("the first is recorded at once, and those after it as their number, by the last of them", async () => {
  const records: string[] = []
  const { note, flush } = repetitions()
  for (const name of ["a", "b", "c", "d"]) await note("one kind", into(records, name), minuteMs)
  await note("another kind", into(records, "x"), minuteMs)
  expect(records).toEqual(["a: first", "x: first"])
  await flush()
  await flush()
  expect(records.slice(2)).toEqual(["d: 3 others"])
})

test("after its minute the next one is the first again", async () => {
  const records: string[] = []
  const { note, flush } = repetitions()
  await note("kind", into(records, "a"), minuteMs)
  await flush()
  await note("kind", into(records, "b"), minuteMs)
  expect(records).toEqual(["a: first", "b: first"])
})

test("when the first could not be recorded, its caller learns it and the next one is the first", async () => {
  const records: string[] = []
  const { note } = repetitions()
  const failing = { ...into(records, "a"), first: () => Promise.reject(new Error("away")) }
  await expect(note("kind", failing, minuteMs)).rejects.toThrow("away")
  await note("kind", into(records, "b"), minuteMs)
  expect(records).toEqual(["b: first"])
})

test("the end of the minute records the number without being asked", async () => {
  const { note } = repetitions()
  const recorded = await new Promise<number>((resolve, reject) => {
    const what = { first: async () => {}, others: async (count: number) => resolve(count) }
    note("kind", what, 0)
      .then(() => note("kind", what, 0))
      .catch(reject)
  })
  expect(recorded).toBe(1)
})
