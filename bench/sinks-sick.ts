import { fork } from "node:child_process"
import { once } from "node:events"
import { setTimeout as sleep } from "node:timers/promises"
import { groupCommit } from "@/lib/ledger/group-commit"
import { prepareTestEvents } from "@/test/events"
import { median, percentile } from "./measure"
import { addSink, type BenchOrganization, makeOrganization, type SinkBench } from "./sinks-working"

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

/** Starts a worker beside, with thirty sick sinks and a healthy one. Returns what ends it and says how long an event waited, in milliseconds. */
async function deliverBeside(
  bench: SinkBench,
  organization: BenchOrganization,
): Promise<() => Promise<number>> {
  for (let sink = 0; sink < 10; sink++)
    for (const kind of ["slow", "resetting", "lying"]) await addSink(bench, organization, kind)
  await addSink(bench, organization, "healthy")
  const child = fork("bench/sinks-sick-worker.ts", [bench.applicationUrl], { execArgv: ["--import", "tsx"] })
  await once(child, "message")
  return async () => {
    await sleep(2_000)
    const answer = once(child, "message")
    child.send("end")
    const [worstMs] = await answer
    await once(child, "exit")
    await bench.superuser.query("DELETE FROM sink_cursor")
    return Number(worstMs)
  }
}
