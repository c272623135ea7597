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
  const alone: number[] = []
  const best = new Map<string, number>()
  for (let round = 0; round < rounds; round++) {
    alone.push(size / (await readAlone(bench, id)))
    for (const [name, target] of Object.entries(targets)) {
      const speed = (size - target.first) / (await deliver(bench, id, target, size))
      best.set(name, Math.max(best.get(name) ?? 0, speed))
    }
  }
  await cluster.close()
  const reading = Math.max(...alone)
  const lines = [...best].map(
    ([name, speed]) =>
      `  to ${name}: ${rate(speed)}, ${((speed / reading) * 100).toFixed(0)} % of reading alone`,
  )
  const head = `${size} events of one organization, batches of ${batch}, the best of ${rounds} (goal: 70 % to a sink that stores nothing)`
  return [head, `  reading alone: ${rate(reading)}`, ...lines].join("\n")
}

function rate(eventsPerMs: number): string {
  return `${Math.round(eventsPerMs * 1_000).toLocaleString("en")} events/s`
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
async function readAlone({ database }: SinkBench, id: string): Promise<number> {
  const began = performance.now()
  for (let first = 0; ; first += batch) {
    const range = { first, past: first + batch }
    const entries = await database.withOrganization(id, tx => readRecorded(tx, range))
    if (entries.length < batch) return performance.now() - began
  }
}

async function deliver(bench: SinkBench, id: string, target: Target, size: number): Promise<number> {
  const { kind, settings, first, port } = target
  await bench.superuser.query("DELETE FROM sink_cursor")
  const allow = parseOutboundAllow(`127.0.0.1:${port ?? 1}`) ?? []
  const delivery = benchDelivery(bench, [kind], outbound({ allow }))
  const sinkId = await makeSink(bench, { id }, { kind: kind.name, settings, at: new Date() })
  await bench.superuser.query("UPDATE sink_cursor SET first_index = $1, next_index = $1", [first])
  const began = performance.now()
  for (;;) {
    await delivery.tick(new Date())
    await delivery.settled()
    const { rows } = await bench.superuser.query(
      "SELECT next_index AS next, last_error FROM sink_cursor WHERE sink_id = $1",
      [sinkId],
    )
    if (rows[0]?.last_error) throw new Error(rows[0].last_error)
    if (Number(rows[0]?.next) >= size) break
  }
  const took = performance.now() - began
  await delivery.close()
  return took
}
