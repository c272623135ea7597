import { testReceiver } from "@/lib/delivery/sinks/fixtures/receiver"
import { append } from "@/lib/ledger/append"
import { prepareTestEvents } from "@/test/events"
import { addSink, benchDelivery, makeOrganization, type SinkBench } from "./sinks-working"

const events = Number(process.env.BENCH_EVENTS ?? 1_000)
const sinks = 6
const mebibyte = 1024 * 1024

/** So often what is really held is looked at, where the process was started with --expose-gc. */
const lookedEvery = 20

/** Returns how much the process grows while large events go to several sinks at once, and how much of that is still held after a collection. */
export async function measureMemory(bench: SinkBench): Promise<string> {
  const organization = await makeOrganization(bench)
  const text = "x".repeat(256 * 1024)
  for (let done = 0; done < events; done += 20) {
    const some = prepareTestEvents(organization, 20, () => ({ metadata: { text } }))
    await bench.database.withOrganization(organization.id, tx => append(tx, organization.id, some))
  }
  const receiver = testReceiver({ name: "large" })
  receiver.batching = { mostEvents: 500, mostBytes: 64 * mebibyte, least: 1, longestWaitMs: 0 }
  let [taken, calls, live] = [0, 0, 0]
  const inUse = () => {
    globalThis.gc?.()
    const { heapUsed, external } = process.memoryUsage()
    return heapUsed + external
  }
  const inUseBefore = inUse()
  receiver.answer = async batch => {
    taken += batch.events.length
    if (globalThis.gc !== undefined && ++calls % lookedEvery === 0)
      live = Math.max(live, inUse() - inUseBefore)
    receiver.arrived.length = 0
    receiver.taken.length = 0
    await new Promise(resolve => setTimeout(resolve, 20))
    return undefined
  }
  const delivery = benchDelivery(bench, [receiver.kind])
  for (let sink = 0; sink < sinks; sink++) await addSink(bench, organization, "large")
  globalThis.gc?.()
  const before = process.memoryUsage.rss()
  let [most, mostHeld] = [0, 0]
  const watch = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss())
    mostHeld = Math.max(mostHeld, delivery.budget.held)
  }, 20)
  while (taken < events * sinks) {
    await delivery.tick(new Date())
    await delivery.settled()
  }
  clearInterval(watch)
  await delivery.close()
  const grown = ((most - before) / mebibyte).toFixed(0)
  const held = (mostHeld / mebibyte).toFixed(0)
  const collected =
    globalThis.gc === undefined
      ? "not looked at: start it with --expose-gc"
      : `${(live / mebibyte).toFixed(0)} MiB`
  return `memory, ${events} events of 256 KiB to ${sinks} sinks: at most ${held} MiB of the budget of 64, in use after a collection ${collected}, the process grew by ${grown} MiB`
}
