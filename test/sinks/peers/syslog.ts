import * as fs from "node:fs"
import * as os from "node:os"
import * as path from "node:path"
import { freePort } from "@/sdk/test/proxy/peers"
import { startFront } from "@/test/sinks/front"
import type { SinkPeer } from "@/test/sinks/peer"
import { startRsyslog } from "@/test/sinks/rsyslog"

/** rsyslog over TCP, behind a port that can do wrong. */
export async function startPeer(): Promise<SinkPeer> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "auditorium-rsyslog-"))
  const server = await startRsyslog({ folder, port: await freePort(), maxMessageSize: "512k" })
  const front = await startFront(server.port)
  const settings = { host: "localhost", port: front.port, tls: false, messageBytes: 512 * 1024 }
  return {
    settings,
    credentials: {},
    elsewhere: null,
    allow: [`localhost:${front.port}`],
    directory: null,
    repetitions: "again",
    faults: {
      down: front.goDown,
      busy: "syslog has no answers",
      breaks: () => front.become("breaks"),
      silent: () => front.become("silent"),
      garbage: "syslog has no answers, so what a receiver says is thrown away",
      endless: () => front.become("endless"),
    },
    heal: () => front.become("forward"),
    reached: front.reached,
    received: async () =>
      server.records().map(({ message }) => ({
        // rsyslog keeps the space before a message.
        entry: JSON.parse(message.replace(/^\s*\ufeff?/, "")),
        documentId: null,
      })),
    close: async () => {
      await front.close()
      await server.close()
      fs.rmSync(folder, { recursive: true, force: true })
    },
  }
}
