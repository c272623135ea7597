// An application that records events with the SDK until it ends: one line for each event that the server has acknowledged.
import { randomUUID } from "node:crypto"
import { setTimeout as sleep } from "node:timers/promises"
import { close, record } from "@/sdk/src/auditorium"

let isOver = false
process.once("SIGTERM", () => {
  isOver = true
})

while (!isOver) {
  const id = randomUUID()
  void record({ id, operation: "door.open", status: "success", actor: { type: "user", id: "eve" } }).then(
    ({ outcome }) => {
      if (outcome === "accepted" || outcome === "duplicate") process.stdout.write(`${id}\n`)
    },
  )
  await sleep(10)
}
// What earlier processes left on disk goes first.
await close(60_000)
