import { Buffer } from "node:buffer"
import { keptConnections } from "@/lib/outbound/kept"
import { urlFaults } from "@/lib/sinks/settings"
import { type Opening, type SinkConnection, SinkError, type SinkKind } from "@/lib/sinks/sink"
import {
  type ElasticsearchSettings,
  elasticsearchCredentials,
  elasticsearchFields,
  elasticsearchSettings,
} from "./settings"
import { type Cluster, writeBulk, writeOneByOne } from "./write"

const mostEvents = 500
const mostBytes = 8 * 1024 * 1024

/** Elasticsearch and OpenSearch: one document for each event, created once. */
export const elasticsearch: SinkKind<ElasticsearchSettings> = {
  name: "elasticsearch",
  label: "Elasticsearch",
  summary: "Writes each event as a document to an index or data stream of Elasticsearch or OpenSearch.",
  settings: elasticsearchSettings,
  fields: elasticsearchFields,
  credentials: elasticsearchCredentials,
  reach: "network",
  order: "by item",
  proof:
    "The answer names each document that was stored. A document that is sent again is recognised by its id.",
  formats: ["auditorium", "clearml", "cloudevents", "ucp"],
  boundTo: settings => [...new Set(urlsOf(settings).map(url => new URL(url).host))].sort().join(","),
  check: (settings, outbound) => [
    ...urlFaults(outbound, "/url", settings.url),
    ...settings.otherUrls.flatMap((url, position) => urlFaults(outbound, `/otherUrls/${position}`, url)),
  ],
  batching: ({ bulkEnabled, bulkMinItems, bulkWriteDelaySeconds }) => {
    if (!bulkEnabled) return { mostEvents: 100, mostBytes, least: 1, longestWaitMs: 0 }
    const least = Math.min(bulkMinItems, mostEvents)
    return { mostEvents, mostBytes, least, longestWaitMs: bulkWriteDelaySeconds * 1_000 }
  },
  async open(opening) {
    return connectionTo(clusterOf(opening))
  },
}

function urlsOf({ url, otherUrls }: ElasticsearchSettings): readonly string[] {
  return [url, ...otherUrls]
}

function clusterOf({ settings, credentials, outbound, now }: Opening<ElasticsearchSettings>): Cluster {
  const { apiKey, username, password } = credentials
  if ((username === undefined) !== (password === undefined))
    throw new SinkError("credentials", "A user name needs a password, and a password a user name.")
  const basic = username === undefined ? null : Buffer.from(`${username}:${password}`).toString("base64")
  return {
    settings,
    authorization: apiKey !== undefined ? `ApiKey ${apiKey}` : basic === null ? null : `Basic ${basic}`,
    secrets: [apiKey, password, basic].filter(secret => typeof secret === "string"),
    outbound,
    keep: keptConnections(),
    now,
    node: 0,
    isReached: false,
  }
}

function connectionTo(cluster: Cluster): SinkConnection {
  const write = cluster.settings.bulkEnabled ? writeBulk : writeOneByOne
  return {
    write: (batch, signal) => write(cluster, batch, signal),
    close: async () => cluster.keep.close(),
  }
}
