import { Buffer } from "node:buffer"
import { startCluster } from "@/test/sinks/elasticsearch"
import type { SinkPeer } from "@/test/sinks/peer"

const password = "pass word with ünïcode"

export async function startPeer(): Promise<SinkPeer> {
  const cluster = await startCluster()
  cluster.rules.authorizations = [`Basic ${Buffer.from(`auditorium:${password}`).toString("base64")}`]
  const { port, faults, heal, reached, close } = cluster
  const settings = {
    url: `http://127.0.0.1:${port}`,
    index: "audit-log",
    suffix: "monthly",
    initTimeoutSeconds: 0,
  }
  return {
    settings,
    credentials: { username: "auditorium", password },
    elsewhere: { ...settings, url: `http://127.0.0.1:${port + 1}` },
    allow: [`127.0.0.1:${port}`],
    directory: null,
    repetitions: "once",
    faults,
    heal,
    reached,
    async received() {
      return cluster.documents.map(({ id, document }) => ({ entry: document, documentId: id }))
    },
    close,
  }
}
