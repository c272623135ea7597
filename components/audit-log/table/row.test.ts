import { describe, expect, it } from "vitest"
import type { AuditEvent } from "@/lib/audit/event/event"
import type { Instant } from "@/lib/audit/time/instant"
import { appendRows } from "./row"
import { summarize } from "./summarize"

/** Test data only: the brand is what a parser would return. */
function instant(text: string): Instant {
  return text as Instant
}

const event: AuditEvent = {
  id: "0196a000-0000-7000-8000-000000000001",
  organizationId: "0196a000-0000-7000-8000-0000000000aa",
  appId: "0196a000-0000-7000-8000-0000000000bb",
  index: 7,
  leafHash: "x",
  occurredAt: instant("2025-01-17T12:04:55.449860Z"),
  occurredAtAssumed: "none",
  receivedAt: instant("2025-01-17T12:04:56.000000Z"),
  operation: "workflow_version.create",
  family: "workflow_version",
  description: "Workflow versions created",
  actor: { type: "user", id: "alfrick", name: "Alfrick Opidi", email: "alfrick@example.com" },
  targets: [
    { type: "workflow", id: "workflow-838250", name: "Demand forecast" },
    { type: "workflow_version", id: "a72a9f65" },
    { type: "app", id: "testapp1" },
  ],
  status: "success",
  source: { ip: "3.234.120.41", ipText: "3.234.120.41" },
  details: [],
  changes: [],
  metadata: {},
}

describe("a row", () => {
  it("reads names, and keeps the ids that filters need", () => {
    expect(summarize(event)).toEqual({
      id: event.id,
      occurredAt: "2025-01-17T12:04:55.449860Z",
      operation: "workflow_version.create",
      description: "Workflow versions created",
      sentence: {
        who: ["", "Alfrick Opidi", " "],
        did: ["created workflow version ", "a72a9f65", " of workflow ", "Demand forecast", ""],
      },
      actor: { type: "user", id: "alfrick", label: "Alfrick Opidi" },
      onBehalfOf: null,
      target: { type: "workflow", id: "workflow-838250", label: "Demand forecast" },
      furtherTargets: 2,
      appId: event.appId,
      where: "3.234.120.41",
      status: "success",
    })
  })

  it("keeps the producer's own words where they are not the catalogue's", () => {
    const row = summarize({ ...event, description: "Trained again" })
    expect(row).toMatchObject({ description: "Trained again", sentence: null })
  })

  it("falls back to the e-mail address, then to the id, for an actor without a name", () => {
    const label = (actor: AuditEvent["actor"]) => summarize({ ...event, actor }).actor.label
    expect(label({ type: "user", id: "u1", email: "ada@acme.example" })).toBe("ada@acme.example")
    expect(label({ type: "api_key", id: "k1" })).toBe("k1")
    expect(label({ type: "user", id: "u1", name: "  " })).toBe("u1")
  })

  it("keeps both persons of an impersonation apart: who acted, and as whom", () => {
    const actor = { ...event.actor, onBehalfOf: { type: "user", id: "grace", name: "Grace" } } as const
    const row = summarize({ ...event, actor })
    expect(row.actor.id).toBe("alfrick")
    expect(row.onBehalfOf).toEqual({ type: "user", id: "grace", label: "Grace" })
  })

  it("says where even when the source is no address, and nothing when nothing was sent", () => {
    expect(summarize({ ...event, source: { ip: null, ipText: "cloudformation.amazonaws.com" } }).where).toBe(
      "cloudformation.amazonaws.com",
    )
    expect(summarize({ ...event, source: undefined }).where).toBeNull()
  })

  it("stands without targets and without a description", () => {
    const row = summarize({ ...event, targets: [], description: "" })
    expect(row.target).toBeNull()
    expect(row.furtherTargets).toBe(0)
    expect(row.description).toBe("workflow_version.create")
  })
})

describe("adding a page", () => {
  const row = summarize(event)
  const other = { ...row, id: "0196a000-0000-7000-8000-000000000002" }

  it("never shows an event twice, not even one that a page itself repeats", () => {
    expect(appendRows([row], [row, other, other]).map(each => each.id)).toEqual([row.id, other.id])
  })

  it("keeps the order of arrival", () => {
    expect(appendRows([other], [row]).map(each => each.id)).toEqual([other.id, row.id])
  })
})
