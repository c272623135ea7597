import { expect, it } from "vitest"
import { readCaptureEnvironment } from "@/lib/audit/capture/clearml-environment"
import { outbound } from "@/lib/outbound/guard"
import { outgoingEvents } from "@/lib/sinks/outgoing"
import { serverSink } from "@/lib/sinks/server-sink"
import { freePort } from "@/sdk/test/proxy/peers"
import { instant } from "@/test/events"
import { acme, batchOf, recordedEvent } from "@/test/sinks/batch"
import { startFluentServer } from "@/test/sinks/fluent-server"
import { fluentd } from "./fluentd"

/** As ClearML's documentation prints them, with the host and the port of a receiver. */
const printed = (host: string, port: number, more: Record<string, string> = {}) => ({
  CLEARML__apiserver__log_calls: "true",
  CLEARML__apiserver__apilog__adapter: "logging",
  CLEARML__apiserver__apilog__adapters__logging__handler__kwargs__host: host,
  CLEARML__apiserver__apilog__adapters__logging__handler__kwargs__port: String(port),
  ...more,
})

const call = recordedEvent(acme, 0, {
  occurredAt: instant("2025-10-21T09:49:08.908000Z"),
  http: { method: "POST", path: "/users.set_preferences", status: 200, durationMs: 11 },
  metadata: { call: { endpoint: "users.set_preferences", profile: "clearml" } },
})

const rows: readonly (readonly [Record<string, string>, string])[] = [
  [{}, "clearml.apiserver.api-logs"],
  [{ CLEARML__apiserver__apilog__rotation__time: "monthly" }, "clearml.apiserver.api-logs.202510"],
  [{ CLEARML__apiserver__apilog__rotation__time: '"quarterly"' }, "clearml.apiserver.api-logs.2025Q4"],
  [{ CLEARML__apiserver__apilog__rotation__time: "yearly" }, "clearml.apiserver.api-logs.2025"],
]

it.each(rows)(
  "ClearML's logging adapter, as printed and with %j, sends its entries to Fluentd on 127.0.0.1 without OUTBOUND_ALLOW",
  async (more, tag) => {
    const server = await startFluentServer({ port: await freePort() })
    const { environment, problems } = readCaptureEnvironment(printed("127.0.0.1", server.port, more), null)
    expect(problems).toEqual([])
    const sink = serverSink(environment.adapter)
    if (sink === null) throw new Error("The environment makes no sink.")
    const connection = await fluentd.open({
      settings: fluentd.settings.parse(sink.settings),
      credentials: {},
      outbound: outbound({ allow: [], operatorHosts: sink.operatorHosts }),
      directory: null,
      now: () => new Date(),
    })
    const events = outgoingEvents(sink, [call], {
      organization: acme,
      baseUrl: "https://audit.example.com",
      appSlugs: new Map(),
    })
    const written = await connection.write({ ...batchOf([{}]), events }, new AbortController().signal)
    await connection.close()
    await server.close()
    expect(written).toEqual({ all: "taken" })
    expect(server.entries.map(entry => entry.tag)).toEqual([tag])
    // The members and their order are those of the entry.
    expect(JSON.stringify(server.entries[0]?.record)).toBe(events[0]?.line)
    expect(server.entries[0]?.record["@timestamp"]).toBe("2025-10-21T09:49:08.908Z")
  },
)
