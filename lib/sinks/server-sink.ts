import type { AdapterSettings } from "@/lib/audit/capture/clearml-environment"
import type { ElasticHost } from "@/lib/audit/capture/clearml-keys"
import type { AuditEvent } from "@/lib/audit/event/event"
import { isObject, type JsonObject } from "@/lib/audit/json/value"
import type { CopyPolicy } from "./outgoing"

/**
 * The sink that the adapter of ClearML's environment makes: over the recorded calls of every organization. It has no row, only
 * cursors, and nobody can change it while the process runs.
 */
export interface ServerSink extends CopyPolicy {
  /** The same in every installation and for every adapter. */
  readonly id: string
  readonly name: string
  /** The name of a kind of lib/sinks/kinds.ts. */
  readonly kind: "stdout" | "fluentd" | "elasticsearch"
  /** What the kind parses. */
  readonly settings: JsonObject
  /** Of the ids of its batches. */
  readonly version: number
  /** The variables that set it. */
  readonly setBy: readonly string[]
  /** Where it may connect to without OUTBOUND_ALLOW, unencrypted as well; no other sink may because of it. */
  readonly operatorHosts: readonly { readonly host: string; readonly port: number }[]
}

export const serverSinkId = "9d2f0d5e-6a0b-5c2e-8a54-0f3c5b7d1e60"

/** The name of ClearML's own tag and index. */
const standardName = "clearml.apiserver.api-logs"

/** Returns the sink of the environment; null without an adapter, and for one without a host to send to. */
export function serverSink(adapter: AdapterSettings): ServerSink | null {
  const destination = destinationOf(adapter)
  if (destination === null) return null
  return {
    id: serverSinkId,
    name: `${adapter.adapter} (environment)`,
    ...destination,
    version: 1,
    format: "clearml",
    // The policy of capture has left out the identity already, where the environment says so.
    redactIdentity: false,
    omit: adapter.withVersion ? [] : ["version"],
    setBy: adapter.setBy,
  }
}

/** Returns whether the sink of the environment means the event: recorded calls, as ClearML logs nothing else. */
export function isForServerSink({ metadata }: Pick<AuditEvent, "metadata">): boolean {
  return isObject(metadata.call) && typeof metadata.call.endpoint === "string"
}

/** As many as the kind takes besides the first one. */
const mostOtherUrls = 9

type Destination = Pick<ServerSink, "kind" | "settings" | "operatorHosts">

function destinationOf({ adapter, rotation, fluentd, elastic }: AdapterSettings): Destination | null {
  const suffix = rotation ?? "none"
  switch (adapter) {
    case null:
      return null
    case "raw_log":
      return { kind: "stdout", settings: {}, operatorHosts: [] }
    case "logging": {
      const { host, port, tag } = fluentd
      if (host === null) return null
      return {
        kind: "fluentd",
        settings: { host, port, tls: false, tag: tag ?? standardName, suffix },
        operatorHosts: [{ host, port }],
      }
    }
    case "elastic": {
      const [first, ...others] = elastic.hosts
      if (!first) return null
      return {
        kind: "elasticsearch",
        settings: {
          url: urlOf(first),
          otherUrls: others.slice(0, mostOtherUrls).map(urlOf),
          index: standardName,
          suffix,
          initTimeoutSeconds: elastic.initTimeoutSeconds,
          bulkEnabled: elastic.bulkEnabled,
          bulkWriteDelaySeconds: elastic.bulkWriteDelaySeconds,
          bulkWriteTimeoutSeconds: elastic.bulkWriteTimeoutSeconds,
          bulkMinItems: elastic.bulkMinItems,
        },
        operatorHosts: elastic.hosts.map(({ host, port }) => ({ host, port })),
      }
    }
  }
}

function urlOf({ host, port, scheme }: ElasticHost): string {
  const name = host.includes(":") && !host.startsWith("[") ? `[${host}]` : host
  return `${scheme}://${name}:${port}`
}
