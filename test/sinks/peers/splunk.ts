import { isObject } from "@/lib/audit/json/value"
import type { Received, SinkPeer } from "@/test/sinks/peer"
import { startCollector } from "@/test/sinks/splunk"

const token = "7c1f6a0e-2b9d-4c55-9d3e-6f1a0b2c3d4e"

export async function startPeer(): Promise<SinkPeer> {
  const collector = await startCollector(token)
  collector.rules.confirmsAfter = 0
  const { port, faults, heal, reached, close } = collector
  const settings = { url: `http://127.0.0.1:${port}`, index: "main", acknowledgment: true }
  return {
    settings,
    credentials: { token },
    elsewhere: { ...settings, url: `http://127.0.0.1:${port + 1}` },
    allow: [`127.0.0.1:${port}`],
    directory: null,
    repetitions: "again",
    faults,
    heal,
    reached,
    async received() {
      return collector.indexed.map(({ event, fields }): Received => {
        if (!isObject(event) || !isObject(fields)) throw new Error("An object without event or fields.")
        return { entry: event, documentId: String(fields.auditorium_id) }
      })
    },
    close,
  }
}
