import { freePort } from "@/sdk/test/proxy/peers"
import { startFluentServer } from "@/test/sinks/fluent-server"
import { startFront } from "@/test/sinks/front"
import type { SinkPeer } from "@/test/sinks/peer"

/** The server of the official Node library for Fluentd, behind a port that can do wrong. */
export async function startPeer(): Promise<SinkPeer> {
  const server = await startFluentServer({ port: await freePort() })
  const front = await startFront(server.port)
  const settings = { host: "localhost", port: front.port, tls: false }
  return {
    settings,
    // Without a shared key the first thing that is sent is a batch: with one, every fault would be a fault of the handshake.
    credentials: {},
    elsewhere: { ...settings, host: "fluentd.example.com" },
    allow: [`localhost:${front.port}`],
    directory: null,
    repetitions: "again",
    faults: {
      down: front.goDown,
      busy: "the protocol has no such answer",
      breaks: () => front.become("breaks"),
      silent: () => front.become("silent"),
      garbage: () => front.become("garbage"),
      endless: () => front.become("endless"),
    },
    heal: () => front.become("forward"),
    reached: front.reached,
    received: async () => server.entries.map(({ record }) => ({ entry: record, documentId: null })),
    close: async () => {
      await front.close()
      await server.close()
    },
  }
}
