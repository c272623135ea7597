import type { JsonObject } from "@/lib/audit/json/value"
import { elasticsearch } from "@/lib/sinks/elasticsearch/elasticsearch"
import type { Batch } from "@/lib/sinks/sink"
import { type StoredDocument, startCluster, type TestCluster } from "./elasticsearch"
import { failureOf } from "./failure"
import type { ArrivedRequest } from "./http-peer"
import { outboundFor } from "./outbound-for"

/** A cluster and sinks that write to it, each to an index of its own. */
export interface ElasticsearchSinks {
  readonly cluster: TestCluster
  open(
    settings?: JsonObject,
    credentials?: Readonly<Record<string, string>>,
  ): Promise<{
    readonly index: string
    write(batch: Batch): ReturnType<Awaited<ReturnType<typeof elasticsearch.open>>["write"]>
    failure(batch: Batch): ReturnType<typeof failureOf>
  }>
  documentsOf(index: string): readonly StoredDocument[]
  requestsDuring(work: () => Promise<unknown>): Promise<readonly ArrivedRequest[]>
}

export async function startElasticsearch(): Promise<ElasticsearchSinks> {
  const cluster = await startCluster()
  let indices = 0
  return {
    cluster,
    async open(more = {}, credentials = {}) {
      const own = { url: `http://127.0.0.1:${cluster.port}`, index: `index-${indices++}` }
      const settings = elasticsearch.settings.parse({ ...own, ...more })
      const connection = await elasticsearch.open({
        settings,
        credentials,
        outbound: outboundFor(["127.0.0.0/8"]),
        directory: null,
        now: () => new Date("2026-11-20T10:00:00Z"),
      })
      const write = (batch: Batch) => connection.write(batch, new AbortController().signal)
      return { index: settings.index, write, failure: batch => failureOf(write(batch)) }
    },
    documentsOf: index => cluster.documents.filter(one => one.index === index),
    async requestsDuring(work) {
      const before = cluster.requests.length
      await work()
      return cluster.requests.slice(before)
    },
  }
}
