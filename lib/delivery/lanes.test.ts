import { expect, test } from "vitest"
import { inLanes } from "./lanes"

test("every item is worked on once, and never more at once than there are lanes", async () => {
  let [running, most] = [0, 0]
  const done: number[] = []
  await inLanes([...Array(20).keys()], 3, async item => {
    running += 1
    most = Math.max(most, running)
    await new Promise(resolve => setImmediate(resolve))
    running -= 1
    done.push(item)
  })
  expect(most).toBe(3)
  expect(done.sort((one, other) => one - other)).toEqual([...Array(20).keys()])
})

test("work that fails is not lost", async () => {
  await expect(
    inLanes([1, 2], 2, item => (item === 2 ? Promise.reject(new Error("2")) : Promise.resolve())),
  ).rejects.toThrow("2")
  await inLanes([], 3, () => Promise.reject(new Error("never called")))
})
