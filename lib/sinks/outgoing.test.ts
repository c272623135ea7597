import { describe, expect, it } from "vitest"
import { randomNumbers } from "@/lib/audit/capture/fixtures/random"
import { randomJson, randomText } from "@/lib/audit/capture/fixtures/random-events"
import type { AuditEvent } from "@/lib/audit/event/event"
import { eventWriters } from "@/lib/formats/write/writers"
import { instant, prepareTestEvent } from "@/test/events"
import { type CopyPolicy, outgoingEvents } from "./outgoing"
import { omittableParts, withoutParts } from "./parts"

const organization = { id: "6ba7b810-9dad-11d1-80b4-00c04fd430c8", slug: "acme", name: "Acme" }
const app = { id: organization.id, appId: "6ba7b811-9dad-11d1-80b4-00c04fd430c8" }
const context = {
  organization,
  baseUrl: "https://audit.example",
  appSlugs: new Map([[app.appId, "model-hub"]]),
}
const plain: CopyPolicy = { format: "auditorium", redactIdentity: false, omit: [] }

function recorded(members: Partial<AuditEvent> = {}): AuditEvent {
  const { content } = prepareTestEvent(app)
  return {
    ...content,
    occurredAt: instant("2026-11-20T10:11:12.345678Z"),
    receivedAt: instant("2026-11-20T10:11:13.000000Z"),
    index: 7,
    leafHash: "x".repeat(43),
    ...members,
  }
}

/** An event that tells in every place that can who acted. */
const telling = recorded({
  actor: {
    type: "user",
    id: "u-4711",
    name: "Ada Lovelace",
    email: "ada@example.com",
    role: "countess",
    attributes: { badge: "b-99" },
    credential: { type: "api_key", id: "key-31337", name: "laptop" },
    sessionHash: "f".repeat(64),
    onBehalfOf: { type: "user", id: "u-0815", name: "Charles Babbage", attributes: { badge: "b-98" } },
  },
  sourceId: "row u-4711",
  description: "Ada Lovelace (ada@example.com) acted for charles babbage.",
  statusMessage: "u-4711: ADA LOVELACE may not",
  details: ["by ada@example.com"],
  targets: [
    { type: "user", id: "u-4711", name: "Ada Lovelace", attributes: { mail: "ada@example.com" } },
    { type: "workflow", id: "w-1", name: "Invoices" },
  ],
  changes: [{ path: "owners/ada@example.com", before: null, after: { "u-0815": ["u-4711"] } }],
  source: { ip: "192.0.2.7", ipText: "192.0.2.7", userAgent: "ada@example.com's tool" },
  http: { method: "GET", path: "/users/ada%40example.com", route: "/users/{id}", status: 200, durationMs: 3 },
  metadata: {
    "ada@example.com": 1,
    call: { endpoint: "/users/{id}", request: { user: { id: "u-4711", mails: ["ada@example.com"] } } },
  },
})
const identities = /u-4711|u-0815|\bada\b|lovelace|babbage|countess|key-31337|laptop|b-9[89]|ffff/i

describe("a copy without identity", () => {
  const policy = { ...plain, redactIdentity: true }
  const lineOf = (event: AuditEvent, format = "auditorium") =>
    outgoingEvents({ ...policy, format }, [event], context)[0]?.line ?? ""

  it.each(eventWriters.map(({ name }) => name))(
    "tells nowhere in the format %s who acted or for whom",
    format => {
      expect(lineOf(telling, format)).not.toMatch(identities)
      // The test would see it.
      expect(outgoingEvents({ ...plain, format }, [telling], context)[0]?.line).toMatch(identities)
    },
  )

  it("keeps what was done, to what, from where and with which outcome", () => {
    const [copy] = outgoingEvents(policy, [telling], context)
    expect(copy?.event).toMatchObject({
      ...{ id: telling.id, index: 7, operation: telling.operation, status: "success" },
      actor: { type: "user", id: "redacted", onBehalfOf: { type: "user", id: "redacted" } },
      targets: [
        { type: "user", id: "redacted", name: "redacted" },
        { type: "workflow", id: "w-1", name: "Invoices" },
      ],
      source: { ip: "192.0.2.7", ipText: "192.0.2.7" },
      http: { method: "GET", route: "/users/{id}", status: 200, durationMs: 3 },
    })
  })

  it("does not spoil other words that an id is a part of, and loses no member of an object", () => {
    const event = recorded({
      actor: { type: "user", id: "7", name: "Max" },
      description: "7 of 17 maximal, Max and MAX.",
      metadata: { Max: 1, max: 2, count: 7, text: "7", name: "Maxwell" },
    })
    const [copy] = outgoingEvents(policy, [event], context)
    expect(copy?.event.description).toBe("7 of 17 maximal, redacted and redacted.")
    expect(copy?.event.metadata).toEqual({
      redacted: 1,
      "redacted 2": 2,
      count: 7,
      text: "redacted",
      name: "Maxwell",
    })
  })

  it("takes an id with any characters as it stands", () => {
    for (const id of ["a+b(c)", "^$.*[x]", "\\d\\", "名前です", "x/y-z", "a|b c"]) {
      const description = `by ${id}, once`
      const copy = lineOf(recorded({ actor: { type: "user", id }, description, targets: [] }))
      expect(JSON.parse(copy).description, id).toBe("by redacted, once")
    }
  })

  it("leaves an anonymous actor anonymous", () => {
    const event = recorded({
      actor: { type: "anonymous", id: "anonymous" },
      description: "An anonymous call",
    })
    expect(JSON.parse(lineOf(event))).toMatchObject({
      actor: { type: "anonymous", id: "redacted" },
      description: "An anonymous call",
    })
  })
})

describe("a part that a sink leaves out", () => {
  const whole = recorded({
    ...telling,
    traceId: "t".repeat(32),
    metadata: {
      note: 1,
      call: { endpoint: "/a", version: "2", query: {}, request: {}, response: {}, headers: {} },
    },
  })

  it.each(omittableParts.map(({ name }) => name))("%s, is gone in every format, and only that", name => {
    const left = withoutParts(whole, [name])
    expect(left).not.toEqual(whole)
    expect(withoutParts(left, [name])).toEqual(left)
    // Who, what, when and the outcome stay.
    const { id, index, leafHash, operation, status, occurredAt, receivedAt, appId, organizationId } = whole
    expect(left).toMatchObject({
      id,
      index,
      leafHash,
      operation,
      status,
      occurredAt,
      receivedAt,
      appId,
      organizationId,
    })
    expect(left.actor).toMatchObject({ type: "user", id: "u-4711" })
    for (const { name: format } of eventWriters)
      expect(() => outgoingEvents({ ...plain, format, omit: [name] }, [whole], context)).not.toThrow()
  })

  it("cannot come back by another: all of them together leave only what an entry must have", () => {
    const left = withoutParts(
      whole,
      omittableParts.map(({ name }) => name),
    )
    expect(JSON.parse(JSON.stringify(left))).toEqual({
      ...{ id: whole.id, organizationId: app.id, appId: app.appId, index: 7, leafHash: whole.leafHash },
      ...{ occurredAt: whole.occurredAt, receivedAt: whole.receivedAt, occurredAtAssumed: "none" },
      ...{ operation: whole.operation, operationCode: 403, family: "workflow", sourceId: whole.sourceId },
      ...{ description: whole.description, status: "success", statusMessage: whole.statusMessage },
      actor: {
        ...{ type: "user", id: "u-4711", name: "Ada Lovelace", email: "ada@example.com", role: "countess" },
        onBehalfOf: { type: "user", id: "u-0815", name: "Charles Babbage" },
      },
      http: { method: "GET", path: "/users/ada%40example.com", route: "/users/{id}", status: 200 },
      ...{ targets: [], details: [], changes: [], metadata: {} },
    })
  })

  it("is one of a closed list: an unknown name is an error, never ignored", () => {
    for (const name of ["", "actor", "toString", "__proto__", "Metadata"]) {
      expect(() => outgoingEvents({ ...plain, omit: [name] }, [whole], context)).toThrow(RangeError)
    }
    expect(() => outgoingEvents({ ...plain, format: "xml" }, [whole], context)).toThrow("no format")
  })

  it("changes nothing of the event in the log", () => {
    const before = JSON.stringify(whole)
    outgoingEvents(
      { ...plain, redactIdentity: true, omit: omittableParts.map(({ name }) => name) },
      [whole],
      context,
    )
    expect(JSON.stringify(whole)).toBe(before)
  })
})

describe("the events of a batch", () => {
  it("keep their order, and have ids that no other organization's events have", () => {
    const events = [recorded({ index: 1 }), recorded({ index: 2 }), recorded({ index: 3 })]
    const copies = outgoingEvents(plain, events, context)
    expect(copies.map(({ event }) => event.index)).toEqual([1, 2, 3])
    const other = {
      ...recorded(),
      id: events[0]?.id ?? "",
      organizationId: "6ba7b812-9dad-11d1-80b4-00c04fd430c8",
    }
    const [foreign] = outgoingEvents(plain, [other], context)
    expect(copies[0]?.documentId).toBe(`${organization.id}:${events[0]?.id}`)
    expect(foreign?.documentId).not.toBe(copies[0]?.documentId)
  })

  it("are the entries that their lines say", () => {
    for (const { name: format } of eventWriters)
      for (const { entry, line } of outgoingEvents({ ...plain, format }, [telling, recorded()], context))
        expect(JSON.parse(line)).toEqual(JSON.parse(JSON.stringify(entry)))
  })

  it("are lines that mean their entries, whatever events consist of, with and without identity", () => {
    const next = randomNumbers(46)
    for (let time = 0; time < 100; time++) {
      const [id, name] = [randomText(next) || "x", randomText(next) || "y"]
      const event = recorded({
        actor: { type: "user", id, name },
        description: `${randomText(next)} ${id}`,
        targets: [{ type: "t", id: randomText(next), name: id }],
        details: [randomText(next), name],
        changes: [{ path: randomText(next), before: randomJson(next), after: id }],
        metadata: {
          [name]: randomJson(next),
          call: { endpoint: randomText(next), request: [id, randomJson(next)] },
        },
      })
      for (const { name: format } of eventWriters)
        for (const redactIdentity of [true, false]) {
          const [copy] = outgoingEvents({ ...plain, format, redactIdentity }, [event], context)
          expect(copy?.line).not.toMatch(/[\p{Cc}\u2028\u2029]/u)
          expect(JSON.parse(copy?.line ?? "")).toEqual(JSON.parse(JSON.stringify(copy?.entry)))
          // Fixed words of a format may be what somebody is called.
          if (redactIdentity && id.length > 12) expect(textsIn(copy?.entry)).not.toContain(id)
        }
    }
  })
})

function textsIn(value: unknown): readonly string[] {
  if (typeof value === "string") return [value]
  if (typeof value !== "object" || value === null) return []
  return Object.entries(value).flatMap(([name, member]) => [name, ...textsIn(member)])
}
