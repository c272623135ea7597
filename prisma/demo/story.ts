import type { EventInput } from "@/lib/audit/event/input"
import type { DemoEvent } from "./days"
import { castMember } from "./people"
import { random } from "./random"

/** What each event of the story says itself; the rest is the same for all of one person. */
type OfStory = Pick<EventInput, "operation"> & Partial<EventInput>

const minuteMs = 60 * 1000
const dayMs = 24 * 60 * minuteMs

/** From Sunday's midnight to the moment on Monday when the security engineer suspends the contractor. */
const suspendedAfterMs = 2 * 60 * minuteMs + 30 * 60 * minuteMs + 6 * minuteMs
const contractor = () => castMember("marek.dvořák")
const strangeAddress = "203.0.113.66"
const strangeAgent = "python-requests/2.32.3"

/** Returns midnight UTC of the last Sunday that is at least a week before `endMs`. */
function sundayBefore(endMs: number): number {
  const day = new Date(Math.floor(endMs / dayMs) * dayMs - 7 * dayMs)
  return day.getTime() - day.getUTCDay() * dayMs
}

/** Returns whether the story leaves room for an everyday event: a suspended person does nothing more. */
export function isBeforeSuspension(event: DemoEvent, endMs: number): boolean {
  return (
    event.input.actor !== contractor().actor || event.occurredAtMs < sundayBefore(endMs) + suspendedAfterMs
  )
}

/**
 * Returns the events of the incident. On a Sunday night somebody guesses a contractor's password from an ip never seen
 * before, creates a key, copies what they can and tries to delete; on Monday morning the security engineer finds it.
 */
export function storyEvents(endMs: number): DemoEvent[] {
  const chance = random(66)
  const nightMs = sundayBefore(endMs) + 2 * 60 * minuteMs
  const marek = contractor().actor
  const hannah = castMember("hannah.weiss")
  const events: DemoEvent[] = []

  const intruder = (minute: number, app: string, input: OfStory) =>
    events.push({
      app,
      occurredAtMs: nightMs + Math.round(minute * minuteMs),
      input: {
        actor: marek,
        source: { ip: strangeAddress, userAgent: strangeAgent },
        requestId: `req-${chance.hex(20)}`,
        status: "success",
        ...input,
      },
    })
  const defender = (minute: number, app: string, input: OfStory) =>
    events.push({
      app,
      occurredAtMs: nightMs + 30 * 60 * minuteMs + minute * minuteMs,
      input: {
        actor: hannah.actor,
        source: { ip: hannah.addresses[0], userAgent: hannah.userAgent },
        requestId: `req-${chance.hex(20)}`,
        status: "success",
        ...input,
      },
    })

  for (let attempt = 0; attempt < 47; attempt++) {
    intruder(attempt * 0.21, "identity", {
      operation: "user_session.create",
      status: "failure",
      statusCode: "401",
      statusMessage: "Wrong password.",
      metadata: { method: "password", owasp: "authn_login_fail" },
    })
  }
  intruder(10.4, "identity", {
    operation: "user_session.create",
    metadata: { method: "password", owasp: "authn_login_success" },
  })
  intruder(12, "identity", {
    operation: "api_key.create",
    targets: [{ type: "api_key", id: "backup-sync", name: "backup-sync" }],
    details: ["Create API key 'backup-sync' with access to every project"],
  })
  intruder(14.5, "api-gateway", {
    operation: "organization_member.change",
    status: "denied",
    statusCode: "403",
    statusMessage: "The actor lacks the permission for this action.",
    targets: [{ type: "user", id: "marek.dvořák", name: "Marek Dvořák" }],
    changes: [
      { path: "/roles", before: ["Contractor"], after: ["Contractor", "Organization Administrator"] },
    ],
  })
  for (const [index, proxy] of ["orders-v2", "invoices", "partner-catalog", "device-registry"].entries()) {
    intruder(16 + index * 1.5, "api-gateway", {
      operation: "api_proxy_configuration.export",
      description: "API proxy configurations exported",
      targets: [{ type: "api_proxy", id: proxy, name: proxy }],
      metadata: { bytes: chance.between(40_000, 900_000) },
    })
    intruder(26 + index * 0.8, "api-gateway", {
      operation: "api_proxy.delete",
      status: "denied",
      statusCode: "403",
      statusMessage: "The actor lacks the permission for this action.",
      targets: [{ type: "api_proxy", id: proxy, name: proxy }],
    })
  }
  intruder(31, "identity", { operation: "user_session.delete" })

  defender(4, "identity", {
    operation: "api_key.revoke",
    targets: [{ type: "api_key", id: "backup-sync", name: "backup-sync" }],
    details: ["Revoke API key 'backup-sync': made at night from an address never seen before"],
  })
  defender(6, "identity", {
    operation: "organization_member.change",
    targets: [{ type: "user", id: "marek.dvořák", name: "Marek Dvořák" }],
    changes: [{ path: "/status", before: "active", after: "suspended" }],
  })
  defender(15, "identity", {
    operation: "user_session.delete_all",
    targets: [{ type: "user", id: "marek.dvořák", name: "Marek Dvořák" }],
  })
  events.push(supportSession(nightMs + 33 * 60 * minuteMs, chance.hex(20)))
  return events
}

/** A vendor's support person acting as an administrator: both people are recorded. */
function supportSession(occurredAtMs: number, request: string): DemoEvent {
  return {
    app: "api-gateway",
    occurredAtMs,
    input: {
      operation: "api_proxy.update",
      status: "success",
      actor: {
        type: "staff",
        id: "support-214",
        name: "Gateway vendor support",
        onBehalfOf: castMember("grace.kim").actor,
      },
      targets: [{ type: "api_proxy", id: "device-registry", name: "device-registry" }],
      changes: [{ path: "/allowedKeys", before: ["ci-deploy", "backup-sync"], after: ["ci-deploy"] }],
      source: { ip: "198.51.100.200", userAgent: "vendor-console/9" },
      requestId: `req-${request}`,
      metadata: { ticket: "SUP-8812" },
    },
  }
}
