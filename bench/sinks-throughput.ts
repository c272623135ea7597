import type { SinkDelivery } from "@/lib/delivery/sinks/delivery"
import { makeSink } from "@/lib/delivery/sinks/fixtures/delivering"
import { testReceiver } from "@/lib/delivery/sinks/fixtures/receiver"
import { readRecorded } from "@/lib/ledger/read"
import { parseOutboundAllow } from "@/lib/outbound/allow"
import { outbound } from "@/lib/outbound/guard"
import { elasticsearch } from "@/lib/sinks/elasticsearch/elasticsearch"
import { file } from "@/lib/sinks/file"
import type { AnySinkKind } from "@/lib/sinks/kinds"
import { startCluster } from "@/test/sinks/elasticsearch"
import { describeDataset, generateDataset } from "./dataset"
import { benchDelivery, type SinkBench } from "./sinks-working"

const batch = 1_000
const rounds = 3
/** The stand-in keeps every document, in the same process. */
const mostDocuments = 50_000

/** A sink that the whole log goes to, or its end. */
interface Target {
  readonly kind: AnySinkKind
  readonly settings: object
  readonly first: number
  readonly port?: number
}

/** Returns how fast a log goes to sinks, beside reading it in batches and nothing else. */
export async function measureThroughput(bench: SinkBench, events: number): Promise<string> {
  // The largest organization of a data set has 60 % of it.
  const total = Math.ceil(events / 0.6)
  const { largest: id } = await generateDataset(bench.superuser, total)
  const size = Math.round(describeDataset(total).events * 0.6)
  const cluster = await startCluster()
  const url = `http://127.0.0.1:${cluster.port}`
  const targets: Readonly<Record<string, Target>> = {
    "a sink that stores nothing": { kind: nothing(), settings: {}, first: 0 },
    "a file": { kind: anywhere(bench), settings: {}, first: 0 },
    "Elasticsearch (stand-in, its end)": {
      ...{
        kind: elasticsearch,
        settings: elasticsearch.settings.parse({ url, index: "audit" }),
        port: cluster.port,
      },
      first: Math.max(0, size - mostDocuments),
    },
  }
  const reading: Spent[] = []
  const best = new Map<string, Spent>()
  for (let round = 0; round < rounds; round++) {
    reading.push(await spent(size, () => readAlone(bench, id)))
    for (const [name, target] of Object.entries(targets)) {
      const now = await deliver(bench, id, target, size)
      best.set(name, quicker(now, best.get(name) ?? now))
    }
  }
  await cluster.close()
  const alone = reading.reduce(quicker)
  const lines = [...best].map(([name, each]) => {
    const share = ((alone.usOfEach / each.usOfEach) * 100).toFixed(0)
    return `  to ${name}: ${words(each)}, ${share} % of reading alone`
  })
  const head = `${size} events of one organization, batches of ${batch}, the best of ${rounds} (goal: 70 % to a sink that stores nothing)`
  return [head, `  reading alone: ${words(alone)}`, ...lines].join("\n")
}

/** What an event took, in microseconds: of time, and of this process's processor. */
interface Spent {
  readonly usOfEach: number
  readonly cpuOfEach: number
}

async function spent(events: number, step: () => Promise<void>): Promise<Spent> {
  const [cpu, began] = [process.cpuUsage(), performance.now()]
  await step()
  const { user, system } = process.cpuUsage(cpu)
  return { usOfEach: ((performance.now() - began) * 1_000) / events, cpuOfEach: (user + system) / events }
}

function quicker(one: Spent, other: Spent): Spent {
  return one.usOfEach < other.usOfEach ? one : other
}

function words({ usOfEach, cpuOfEach }: Spent): string {
  const rate = Math.round(1_000_000 / usOfEach).toLocaleString("en")
  return `${rate} events/s, ${cpuOfEach.toFixed(0)} µs of the worker's processor for each`
}

function nothing(): AnySinkKind {
  const receiver = testReceiver({ name: "nothing" })
  receiver.batching = { mostEvents: batch, mostBytes: 8 * 1024 * 1024, least: 1, longestWaitMs: 0 }
  receiver.answer = () => {
    // It keeps no record: it is to cost nothing.
    receiver.arrived.length = 0
    receiver.taken.length = 0
    return undefined
  }
  return receiver.kind
}

/** With several organizations only the server itself may have files. */
function anywhere({ folder }: SinkBench): AnySinkKind {
  const open: AnySinkKind["open"] = opening =>
    file.open({ ...opening, directory: `${folder}/${performance.now()}` })
  return { ...file, reach: "network", open }
}

/** The bare cursor: one transaction for each batch, each event as a value. */
async function readAlone({ database }: SinkBench, id: string): Promise<void> {
  for (let first = 0; ; first += batch) {
    const range = { first, past: first + batch }
    const entries = await database.withOrganization(id, tx => readRecorded(tx, range))
    if (entries.length < batch) return
  }
}

async function deliver(bench: SinkBench, id: string, target: Target, size: number): Promise<Spent> {
  const { kind, settings, first, port } = target
  await bench.superuser.query("DELETE FROM sink_cursor")
  const allow = parseOutboundAllow(`127.0.0.1:${port ?? 1}`) ?? []
  const delivery = benchDelivery(bench, [kind], outbound({ allow }))
  const sinkId = await makeSink(bench, { id }, { kind: kind.name, settings, at: new Date() })
  await bench.superuser.query("UPDATE sink_cursor SET first_index = $1, next_index = $1", [first])
  const took = await spent(size - first, () => drainTo(bench, delivery, sinkId, size))
  await delivery.close()
  return took
}

async function drainTo(
  { superuser }: SinkBench,
  delivery: SinkDelivery,
  sinkId: string,
  size: number,
): Promise<void> {
  for (;;) {
    await delivery.tick(new Date())
    await delivery.settled()
    const { rows } = await superuser.query(
      "SELECT next_index AS next, last_error FROM sink_cursor WHERE sink_id = $1",
      [sinkId],
    )
    if (rows[0]?.last_error) throw new Error(rows[0].last_error)
    if (Number(rows[0]?.next) >= size) return
  }
}
