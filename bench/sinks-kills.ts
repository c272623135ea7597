import { type ChildProcess, spawn } from "node:child_process"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { setTimeout as sleep } from "node:timers/promises"
import { makeSink, record } from "@/lib/delivery/sinks/fixtures/delivering"
import type { HttpBatch } from "@/lib/delivery/sinks/fixtures/http-kind"
import { prepareTestEvents } from "@/test/events"
import { makeOrganization, type SinkBench } from "./sinks-working"

const kills = 50
const eventsOfEach = 50

/** Kills a worker again and again. Throws when an event is missing, out of order, or repeated in another batch. */
export async function measureKills(bench: SinkBench): Promise<string> {
  const organization = await makeOrganization(bench)
  const got: HttpBatch[] = []
  let isMute = false
  const server = createServer(async (request, response) => {
    const chunks: Uint8Array[] = []
    for await (const chunk of request) chunks.push(chunk)
    got.push(JSON.parse(Buffer.concat(chunks).toString()))
    if (!isMute) response.end("{}")
  })
  await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  await makeSink(bench, organization, { kind: "http", settings: { url }, at: new Date() })
  const ids: string[] = []
  const stages = ["opened", "sent", "answered", "settled"]
  for (let kill = 0; kill < kills; kill++) {
    const stage = stages[kill % stages.length] ?? ""
    ids.push(...(await record(bench, organization, prepareTestEvents(organization, eventsOfEach))))
    isMute = stage === "sent"
    const arrived = got.length
    const { child, seen } = worker(bench, stage)
    const awaited = stage === "settled" ? "answered" : stage
    while (!(stage === "sent" ? got.length > arrived : seen.has(awaited))) await sleep(2)
    await end(child)
    await bench.superuser.query("UPDATE sink_cursor SET leased_until = NULL, due_at = now()")
  }
  isMute = false
  const { child } = worker(bench, "nowhere")
  while (new Set(got.flatMap(({ events }) => events)).size < ids.length) await sleep(50)
  await end(child)
  server.close().closeAllConnections()
  const distinct = new Map(got.map(batch => [batch.id, batch]))
  for (const batch of got)
    if (JSON.stringify(distinct.get(batch.id)) !== JSON.stringify(batch))
      throw new Error("A batch has changed.")
  const order = [...distinct.values()]
    .toSorted((one, other) => one.first - other.first)
    .flatMap(({ events }) => events)
  if (JSON.stringify(order) !== JSON.stringify(ids))
    throw new Error("Events are missing, repeated or out of order.")
  return `${kills} kills: ${ids.length} events, none missing, in order; ${got.length} batches arrived, ${got.length - distinct.size} of them again`
}

function worker({ applicationUrl }: SinkBench, standsAt: string) {
  const file = "lib/delivery/sinks/fixtures/worker.ts"
  const child = spawn(process.execPath, ["--import", "tsx", file, applicationUrl, standsAt], {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  })
  const seen = new Set<unknown>()
  child.on("message", message => seen.add(message))
  return { child, seen }
}

async function end(child: ChildProcess): Promise<void> {
  const ended = new Promise(resolve => child.once("exit", resolve))
  child.kill("SIGKILL")
  await ended
}
