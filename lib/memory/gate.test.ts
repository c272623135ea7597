import { expect, test } from "vitest"
import { createGate } from "./gate"

function openable(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open = (): void => {}
  const opened = new Promise<void>(resolve => {
    open = resolve
  })
  return { opened, open }
}

test("no more tasks run at once than allowed, and those in line run in their turn", async () => {
  const gate = createGate({ running: 2, waiting: 10 })
  const door = openable()
  let running = 0
  let most = 0
  const order: number[] = []
  const tasks = Array.from({ length: 6 }, (_, number) =>
    gate.run(async () => {
      running += 1
      most = Math.max(most, running)
      order.push(number)
      await door.opened
      running -= 1
    }),
  )
  await Promise.resolve()
  expect(order).toEqual([0, 1])
  door.open()
  await Promise.all(tasks)
  expect(most).toBe(2)
  expect(order).toEqual([0, 1, 2, 3, 4, 5])
})

test("a task beyond the line is turned away with a time to come back", async () => {
  const gate = createGate({ running: 1, waiting: 1 })
  const door = openable()
  const first = gate.run(() => door.opened)
  const second = gate.run(() => door.opened)
  await expect(gate.run(() => door.opened)).rejects.toMatchObject({
    code: "unavailable",
    retryAfterSeconds: 2,
  })
  door.open()
  await Promise.all([first, second])
})

test("a task that fails gives its place back", async () => {
  const gate = createGate({ running: 1, waiting: 0 })
  await expect(gate.run(() => Promise.reject(new Error("broken")))).rejects.toThrow("broken")
  await expect(gate.run(async () => "works")).resolves.toBe("works")
})
