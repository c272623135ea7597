// The worker of the part "sick": a process of its own, as in an installation. Ends when it is told to, and says how long a healthy sink waited.
//   node --import tsx bench/sinks-sick-worker.ts <url of the database>
import { setTimeout as sleep } from "node:timers/promises"
import { createDatabase } from "@/lib/database/database"
import { testReceiver } from "@/lib/delivery/sinks/fixtures/receiver"
import { SinkError } from "@/lib/sinks/sink"
import { benchDelivery } from "./sinks-working"

const [databaseUrl = ""] = process.argv.slice(2)
const database = createDatabase({ databaseUrl, poolSize: 10, patienceMs: 60_000 })

const slow = testReceiver({ name: "slow" })
slow.answer = async (_, signal) => {
  await sleep(30_000, undefined, { signal }).catch(() => {})
  return undefined
}
const resetting = testReceiver({ name: "resetting" })
resetting.answer = () => {
  throw new SinkError("later", "The connection was reset.")
}
const lying = testReceiver({ name: "lying" })
lying.answer = () => ({ items: [] })
const healthy = testReceiver({ name: "healthy" })
let worstMs = 0
healthy.answer = ({ events }) => {
  for (const { event } of events) worstMs = Math.max(worstMs, Date.now() - Date.parse(event.receivedAt))
  return undefined
}

let isOver = false
process.on("message", () => {
  isOver = true
})
const kinds = [slow, resetting, lying, healthy].map(({ kind }) => kind)
const delivery = benchDelivery({ database, folder: "/nowhere" }, kinds)
process.send?.("started")
while (!isOver) {
  await delivery.tick(new Date())
  await sleep(500)
}
await delivery.close()
await database.close()
process.send?.(worstMs, () => process.disconnect())
