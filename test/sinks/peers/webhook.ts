import { randomBytes } from "node:crypto"
import { Webhook } from "standardwebhooks"
import { isObject } from "@/lib/audit/json/value"
import { startHttpPeer } from "@/test/sinks/http-peer"
import type { Received, SinkPeer } from "@/test/sinks/peer"

const secret = `whsec_${randomBytes(32).toString("base64")}`
const headerNames = ["webhook-id", "webhook-timestamp", "webhook-signature"]

/** A receiver as Standard Webhooks asks for: it checks each signature and passes over the ids that it has seen. */
export async function startPeer(): Promise<SinkPeer> {
  const webhook = new Webhook(secret)
  const messages = new Map<string, readonly Received[]>()
  const { port, faults, heal, reached, close } = await startHttpPeer(
    ({ headers, body }) => {
      const signed = Object.fromEntries(headerNames.map(name => [name, String(headers[name])]))
      try {
        const message: unknown = webhook.verify(body.toString("utf8"), signed)
        const id = String(headers["webhook-id"])
        if (!messages.has(id)) messages.set(id, receivedIn(message))
        return { status: 204 }
      } catch (error) {
        return { status: 401, body: String(error) }
      }
    },
    { status: 503, headers: { "retry-after": "0" } },
  )
  const settings = { url: `http://127.0.0.1:${port}/audit` }
  return {
    settings,
    credentials: { secret },
    elsewhere: { url: `http://127.0.0.1:${port + 1}/audit` },
    allow: [`127.0.0.1:${port}`],
    directory: null,
    repetitions: "once",
    faults: { ...faults, garbage: "an answer of 2xx counts for webhooks, whatever its body is" },
    heal,
    reached,
    received: async () => [...messages.values()].flat(),
    close,
  }
}

function receivedIn(message: unknown): readonly Received[] {
  const data = isObject(message) ? message.data : null
  if (!isObject(data) || !Array.isArray(data.events)) throw new Error("A message without events.")
  return data.events.map(entry => {
    if (!isObject(entry)) throw new Error("An event that is no object.")
    return { entry, documentId: null }
  })
}
