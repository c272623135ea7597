import type { JsonObject } from "@/lib/audit/json/value"
import type { Batch } from "@/lib/sinks/sink"
import { splunkKind } from "@/lib/sinks/splunk/splunk"
import { failureOf } from "./failure"
import type { PeerAnswer } from "./http-peer"
import { outboundFor } from "./outbound-for"
import { startCollector, type TestCollector } from "./splunk"

export const splunkToken = "0b6a3c52-93b5-4d3f-8f0e-0c1d2e3f4a5b"

interface OpenOptions {
  /** How often an acknowledgment is asked for; the waiting in between is short. */
  readonly asks?: number
  readonly token?: string
}

/** Returns a sink of the collector. */
export async function openSplunk(
  collector: TestCollector,
  more: JsonObject = {},
  { asks = 3, token = splunkToken }: OpenOptions = {},
) {
  const kind = splunkKind({ withinMs: asks - 1, everyMs: 1 })
  const connection = await kind.open({
    settings: kind.settings.parse({ url: `http://127.0.0.1:${collector.port}`, ...more }),
    credentials: { token },
    outbound: outboundFor(["127.0.0.1"]),
    directory: null,
    now: () => new Date("2026-11-20T10:00:00Z"),
  })
  const write = (batch: Batch, signal = new AbortController().signal) => connection.write(batch, signal)
  return { write, failure: (batch: Batch, signal?: AbortSignal) => failureOf(write(batch, signal)) }
}

export function startSplunk(): Promise<TestCollector> {
  return startCollector(splunkToken)
}

/** Returns an answer in the words of the collector. */
export function splunkReply(status: number, code: number, text: string, more: JsonObject = {}): PeerAnswer {
  return { status, body: JSON.stringify({ text, code, ...more }) }
}

/** Returns the objects that are indexed while the work runs. */
export async function indexedDuring(collector: TestCollector, work: () => Promise<unknown>) {
  const before = collector.indexed.length
  await work()
  return collector.indexed.slice(before)
}
