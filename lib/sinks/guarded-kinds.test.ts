import { createServer } from "node:net"
import { afterEach, describe, expect, it, test } from "vitest"
import type { JsonObject } from "@/lib/audit/json/value"
import { insideHosts, insideLookup, inUrl } from "@/lib/outbound/fixtures/inside"
import { outbound } from "@/lib/outbound/guard"
import type { Outbound } from "@/lib/outbound/outbound"
import { type Listening, listen } from "@/test/listen"
import { batchOf } from "@/test/sinks/batch"
import { type AnySinkKind, sinkKinds } from "./kinds"
import { SinkError } from "./sink"

const secret = `whsec_${"A".repeat(43)}=`

/** The settings of each kind that connects, for a host; and its credentials. */
const kinds: Readonly<
  Record<string, readonly [(host: string, port: number, tls: boolean) => JsonObject, object]>
> = {
  fluentd: [(host, port, tls) => ({ host, port, tls }), {}],
  syslog: [(host, port, tls) => ({ host, port, tls }), {}],
  elasticsearch: [
    (host, port, tls) => ({ url: url(host, port, tls), index: "audit", initTimeoutSeconds: 0 }),
    {},
  ],
  webhook: [(host, port, tls) => ({ url: url(host, port, tls) }), { secret }],
  splunk: [
    (host, port, tls) => ({ url: url(host, port, tls) }),
    { token: "7c1f6a0e-2b9d-4c55-9d3e-6f1a0b2c3d4e" },
  ],
  s3: [
    (host, port, tls) => ({
      url: url(host, port, tls),
      region: "eu-central-1",
      bucket: "audit",
      pathStyle: true,
    }),
    { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "a".repeat(40) },
  ],
}

function url(host: string, port: number, tls: boolean): string {
  return `${tls ? "https" : "http"}://${inUrl(host)}:${port}`
}

const servers: Listening[] = []
afterEach(() => Promise.all(servers.splice(0).map(server => server.close())))
async function inside(): Promise<Listening> {
  const server = await listen(createServer(socket => socket.destroy()))
  servers.push(server)
  return server
}

async function write(kind: AnySinkKind, settings: unknown, way: Outbound) {
  const [, credentials] = kinds[kind.name] ?? []
  const now = () => new Date("2026-11-30T12:00:00Z")
  const opening = { settings, credentials: { ...credentials }, outbound: way, directory: null, now }
  const connection = await kind.open(opening)
  try {
    return await connection.write(batchOf([{}]), new AbortController().signal)
  } finally {
    await connection.close()
  }
}

test("every kind that connects is held to the guard here", () => {
  const connecting = sinkKinds.filter(({ reach }) => reach === "network").map(({ name }) => name)
  expect(Object.keys(kinds).sort()).toEqual(connecting.sort())
})

describe.each(sinkKinds.filter(({ name }) => name in kinds))("a sink of the kind $name", kind => {
  const [settingsFor = () => ({})] = kinds[kind.name] ?? []

  it("connects to this machine or to places inside in no spelling", async () => {
    const server = await inside()
    const way = outbound({ allow: [], lookup: insideLookup })
    for (const host of insideHosts) {
      for (const tls of [false, true]) {
        const parsed = kind.settings.safeParse(settingsFor(host, server.port, tls))
        if (!parsed.success) continue
        expect(kind.check(parsed.data, way), host).not.toEqual([])
        const thrown = await write(kind, parsed.data, way).catch(error => error)
        expect(thrown, host).toBeInstanceOf(SinkError)
        expect(thrown, host).toMatchObject({
          trouble: "configuration",
          message: expect.stringContaining("OUTBOUND_ALLOW"),
        })
      }
    }
    expect(server.connections()).toBe(0)
  })

  it("connects there when the operator allows it, and not by what is allowed for the environment's sink", async () => {
    const server = await inside()
    const settings = kind.settings.parse(settingsFor("127.0.0.1", server.port, false))
    const operatorHosts = [{ host: "127.0.0.1", port: server.port }]
    const forServerSink = outbound({ allow: [], operatorHosts })
    expect(kind.check(settings, forServerSink)).toEqual([])
    expect(kind.check(settings, outbound({ allow: [] }))).not.toEqual([])
    await write(kind, settings, outbound({ allow: [] })).catch(() => {})
    expect(server.connections()).toBe(0)
    await expect(write(kind, settings, forServerSink)).rejects.toBeInstanceOf(SinkError)
    expect(server.connections()).toBeGreaterThan(0)
  })
})
