import { expect, test, vi } from "vitest"
import { onePerProcess } from "./one-per-process"

test("a value of a name is created once in a process, also when the module is loaded again", async () => {
  const mine = onePerProcess("test.one", () => ({}))
  expect(mine()).toBe(mine())
  vi.resetModules()
  const again = await import("./one-per-process")
  expect(again.onePerProcess).not.toBe(onePerProcess)
  expect(again.onePerProcess("test.one", () => ({}))()).toBe(mine())
  expect(again.onePerProcess("test.other", () => ({}))()).not.toBe(mine())
})

test("also a value that is undefined or null is created once", () => {
  let created = 0
  const nothing = onePerProcess("test.nothing", () => {
    created++
    return undefined
  })
  nothing()
  nothing()
  expect(created).toBe(1)
})
