import { setTimeout as sleep } from "node:timers/promises"
import { testReceiver } from "@/lib/delivery/sinks/fixtures/receiver"
import { groupCommit } from "@/lib/ledger/group-commit"
import { SinkError } from "@/lib/sinks/sink"
import { prepareTestEvents } from "@/test/events"
import { median, percentile } from "./measure"
import {
  addSink,
  type BenchOrganization,
  benchDelivery,
  makeOrganization,
  type SinkBench,
} from "./sinks-working"

const rounds = 5
const roundMs = 10_000
const senders = 8

/** Returns the p95 of ingestion with sick sinks beside a healthy one, against the same without sinks, and the lag of the healthy one. */
export async function measureSick(bench: SinkBench): Promise<string> {
  const alone: number[] = []
  const beside: number[] = []
  let worst = 0
  for (let round = 0; round < rounds; round++) {
    alone.push(percentile(await ingest(bench, await makeOrganization(bench)), 0.95))
    const organization = await makeOrganization(bench)
    const end = await deliverBeside(bench, organization)
    beside.push(percentile(await ingest(bench, organization), 0.95))
    worst = Math.max(worst, await end())
  }
  const ratio = (median(beside) / median(alone)).toFixed(2)
  return [
    `beside sinks of 30 s a call, resetting ones and ones that store nothing, ${rounds} rounds in turn`,
    `  ingestion p95  ${median(alone).toFixed(1)} ms without sinks, ${median(beside).toFixed(1)} ms with them: ${ratio}x (goal: at most 1.1x)`,
    `  healthy sink   an event waited for ${worst} ms at most (goal: under 5,000)`,
  ].join("\n")
}

/** Milliseconds of each request of several senders. */
async function ingest({ database }: SinkBench, organization: BenchOrganization): Promise<readonly number[]> {
  const ledger = groupCommit(database)
  const until = performance.now() + roundMs
  const times: number[] = []
  const send = async () => {
    while (performance.now() < until) {
      const began = performance.now()
      await ledger.append(organization.id, prepareTestEvents(organization, 5))
      times.push(performance.now() - began)
      await sleep(50)
    }
  }
  await Promise.all(Array.from({ length: senders }, send))
  return times
}

async function deliverBeside(
  bench: SinkBench,
  organization: BenchOrganization,
): Promise<() => Promise<number>> {
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
  let worst = 0
  healthy.answer = ({ events }) => {
    for (const { event } of events) worst = Math.max(worst, Date.now() - Date.parse(event.receivedAt))
    return undefined
  }
  const delivery = benchDelivery(
    bench,
    [slow, resetting, lying, healthy].map(({ kind }) => kind),
  )
  for (let sink = 0; sink < 10; sink++)
    for (const kind of ["slow", "resetting", "lying"]) await addSink(bench, organization, kind)
  await addSink(bench, organization, "healthy")
  let isOver = false
  const ticks = (async () => {
    while (!isOver) {
      await delivery.tick(new Date())
      await sleep(500)
    }
  })()
  return async () => {
    await sleep(2_000)
    isOver = true
    await ticks
    await delivery.close()
    await bench.superuser.query("DELETE FROM sink_cursor")
    return worst
  }
}
