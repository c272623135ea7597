import { setTimeout as sleep } from "node:timers/promises"
import { testReceiver } from "@/lib/delivery/sinks/fixtures/receiver"
import { append } from "@/lib/ledger/append"
import { prepareTestEvents } from "@/test/events"
import { percentile } from "./measure"
import { addSink, benchDelivery, makeOrganization, type SinkBench, work } from "./sinks-working"

const perSecond = 500
const seconds = 30
const batchesPerSecond = 20

/** Returns how long events take from their receipt to their arrival at a sink that answers at once. */
export async function measureLag(bench: SinkBench): Promise<string> {
  const organization = await makeOrganization(bench)
  const receiver = testReceiver({ name: "quick" })
  const lags: number[] = []
  receiver.answer = ({ events }) => {
    const at = Date.now()
    for (const { event } of events) lags.push(at - Date.parse(event.receivedAt))
    return undefined
  }
  const delivery = benchDelivery(bench, [receiver.kind])
  await addSink(bench, organization, "quick")
  const wanted = perSecond * seconds
  const sending = (async () => {
    for (let batch = 0; batch < seconds * batchesPerSecond; batch++) {
      const from = performance.now()
      const events = prepareTestEvents(organization, perSecond / batchesPerSecond)
      await bench.database.withOrganization(organization.id, tx => append(tx, organization.id, events))
      await sleep(Math.max(0, 1_000 / batchesPerSecond - (performance.now() - from)))
    }
  })()
  await work(delivery, () => lags.length >= wanted)
  await sending
  await delivery.close()
  const [p50, p99] = [percentile(lags, 0.5), percentile(lags, 0.99)]
  return `lag at ${perSecond} events/s, ${wanted} events: p50 ${p50} ms (goal: under 1,000), p99 ${p99} ms (goal: under 3,000)`
}
