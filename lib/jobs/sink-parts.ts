import path from "node:path"
import type { SinkParts } from "@/lib/delivery/sinks/source"
import { outbound } from "@/lib/outbound/guard"
import type { Platform } from "@/lib/platform"
import { openCredentials } from "@/lib/sinks/credentials"
import { serverSink } from "@/lib/sinks/server-sink"

/** Returns what deliveries need of the platform. The hosts of the environment's sink are open to it alone. */
export function sinkParts(platform: Pick<Platform, "env" | "sinkKinds" | "outbound">): SinkParts {
  const { env, sinkKinds } = platform
  const sink = serverSink(env.capture.adapter)
  return {
    kindNamed: name => sinkKinds.find(kind => kind.name === name) ?? null,
    outbound: platform.outbound,
    serverSink:
      sink === null
        ? null
        : { sink, outbound: outbound({ allow: env.outboundAllow, operatorHosts: sink.operatorHosts }) },
    openCredentials: (bound, sealed) => openCredentials(env.secret, bound, sealed),
    baseUrl: env.baseUrl,
    directoryOf: (sinkId, organizationId) => path.join(env.dataDirectory, "sinks", organizationId, sinkId),
  }
}
