import { randomBytes, randomUUID } from "node:crypto"
import type { PreparedEvent } from "@/lib/audit/event/event"
import type { Instant } from "@/lib/audit/time/instant"
import { namedId } from "./dataset"

/** Returns an event like those of the data set, new at each call. */
function sampleEvent(organizationId: string): PreparedEvent {
  const number = Math.floor(Math.random() * 50_000)
  const actor = `user-${number % 2000}`
  const hash = randomBytes(32).toString("hex")
  return {
    raw: null,
    content: {
      id: randomUUID(),
      organizationId,
      appId: namedId("app 0 1"),
      occurredAt: new Date().toISOString().replace("Z", "000Z") as Instant,
      occurredAtAssumed: "none",
      operation: "invoice.update",
      family: "invoice",
      description: `Object ${number} invoice.update`,
      actor: { type: "user", id: actor, name: `Person ${actor}`, email: `${actor}@example.com` },
      targets: [{ type: "object", id: `object-${number}`, name: `Object ${number}` }],
      status: "success",
      source: {
        ip: "10.1.7.9",
        ipText: "10.1.7.9",
        userAgent: "Mozilla/5.0 (X11; Linux x86_64) Chrome/141.0 Safari/537.36",
      },
      requestId: `req-${hash.slice(0, 20)}`,
      http: { method: "POST", path: `/v1/objects/${number}`, status: 200, durationMs: number % 900 },
      details: [`Object ${number} invoice.update was done by Person ${actor}`],
      changes: [{ path: "/settings/value", before: hash.slice(0, 24), after: hash.slice(24, 48) }],
      metadata: { build: hash, region: "eu-west-1", tenant: "0", trace: hash },
    },
  }
}

/** Returns that many events, each with its own id. */
export function samples(organizationId: string, count: number): PreparedEvent[] {
  return Array.from({ length: count }, () => sampleEvent(organizationId))
}
