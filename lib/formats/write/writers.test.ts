import { readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import type { AuditEvent } from "@/lib/audit/event/event"
import { isObject, type JsonObject } from "@/lib/audit/json/value"
import { native } from "@/lib/formats/native"
import { instant, prepareTestEvent } from "@/test/events"
import { entryLine } from "./entry-line"
import type { WrittenFor } from "./writer"
import { eventWriterNamed, eventWriters } from "./writers"

const organization = { id: "6ba7b810-9dad-11d1-80b4-00c04fd430c8", slug: "acme", name: "abcd" }
const context: WrittenFor = { organization, app: "model-hub", baseUrl: "https://audit.example" }
const app = { id: organization.id, appId: "6ba7b811-9dad-11d1-80b4-00c04fd430c8" }

function recorded(members: Partial<AuditEvent> = {}): AuditEvent {
  const { content } = prepareTestEvent(app)
  return {
    ...content,
    id: "0198c1f2-6f0e-7cc3-9f6e-3b8d7a1c2e4f",
    occurredAt: instant("2025-10-21T09:49:08.908123Z"),
    receivedAt: instant("2025-10-21T09:49:09.000000Z"),
    index: 7,
    leafHash: "x".repeat(43),
    ...members,
  }
}

/** A call to ClearML as capture records it. */
function call(members: Partial<AuditEvent> = {}, facts: JsonObject = {}): AuditEvent {
  return recorded({
    operation: "users.set_preferences",
    actor: { type: "user", id: "u-1", name: "user", role: "admin" },
    source: { ip: "2.37.206.134", ipText: "2.37.206.134" },
    requestId: "c9be3d7b4b914e2ea3eef53ccbd449e3",
    http: {
      method: "POST",
      path: "/users.set_preferences",
      status: 200,
      durationMs: 11,
      requestBytes: 112,
      responseBytes: 332,
    },
    statusCode: "200",
    statusMessage: "OK",
    metadata: { call: { endpoint: "users.set_preferences", profile: "clearml", ...facts } },
    ...members,
  })
}

function written(name: string, event: AuditEvent): JsonObject {
  const writer = eventWriterNamed(name)
  if (!writer) throw new Error(name)
  return writer.write(event, context)
}

/** The entry of ClearML's documentation, as it is printed there. */
const documented = `{
     "@timestamp": "2025-10-21T09:49:08.908Z",
     "call_id": "c9be3d7b4b914e2ea3eef53ccbd449e3",
     "ip": "2.37.206.134",
     "endpoint": "users.set_preferences",
     "duration": 11,
        "request_size": 112,
     "response_size": 332,
  "auth": {
          "identity": {
               "role": "admin",
               "user_name": "user",
                  "company_name": "abcd"
               }
      },
         "result": {
           "code": 200,
           "msg": "OK"
        }
}`

describe("the format clearml", () => {
  it("writes the documented entry to the byte: members, order, values and types", () => {
    expect(JSON.stringify(written("clearml", call()))).toBe(JSON.stringify(JSON.parse(documented)))
  })

  it.each(["docs/sinks/stdout.md", "docs/sinks/clearml.md"])("is shown on %s as it is written", page => {
    const shown = [...readFileSync(page, "utf8").matchAll(/^\{"@timestamp".*$/gm)].map(([line]) => line)
    expect(shown).toEqual([JSON.stringify(written("clearml", call()))])
  })

  it("takes the company from the actor where it is known, or else the name of the organization", () => {
    const company = (attributes: JsonObject) =>
      written("clearml", call({ actor: { type: "user", id: "u", attributes } })).auth
    expect(company({ company_name: "Initech" })).toMatchObject({ identity: { company_name: "Initech" } })
    for (const company_name of ["", 7, null, { a: 1 }])
      expect(company({ company_name })).toMatchObject({ identity: { company_name: "abcd" } })
  })

  it("names a caller by name, email or id, in this order", () => {
    const userName = (actor: AuditEvent["actor"]) => {
      const { auth } = written("clearml", call({ actor }))
      return isObject(auth) && isObject(auth.identity) ? auth.identity.user_name : undefined
    }
    const email = "ada@example.com"
    expect(userName({ type: "user", id: "u", email, name: "Ada" })).toBe("Ada")
    expect(userName({ type: "user", id: "u", email })).toBe(email)
    expect(userName({ type: "anonymous", id: "anonymous" })).toBe("anonymous")
  })

  it("takes the id of the call only when it is one of ClearML's, and never invents another one", () => {
    const id = (requestId: string | undefined) =>
      written("clearml", { ...call(), ...(requestId === undefined ? {} : { requestId }) }).call_id
    expect(id("C9BE3D7B4B914E2EA3EEF53CCBD449E3")).toBe("C9BE3D7B4B914E2EA3EEF53CCBD449E3")
    for (const other of [
      "",
      "request-1",
      "c9be3d7b-4b91-4e2e-a3ee-f53ccbd449e3",
      "g".repeat(32),
      "a".repeat(33),
    ])
      expect(id(other)).toBe("0198c1f26f0e7cc39f6e3b8d7a1c2e4f")
    const { requestId: _, ...without } = call()
    expect(written("clearml", without).call_id).toBe("0198c1f26f0e7cc39f6e3b8d7a1c2e4f")
  })

  it("has null for what a call did not have, so that every entry has the same members", () => {
    const unanswered = call({
      http: { method: "GET", path: "/a", durationMs: 0.4 },
      actor: { type: "api_key", id: "k" },
      source: { ip: null, ipText: "gateway" },
    })
    const { statusCode: _, statusMessage: __, ...event } = unanswered
    const entry = written("clearml", event)
    expect(Object.keys(entry)).toEqual(Object.keys(JSON.parse(documented)))
    expect(entry).toMatchObject({
      ip: "gateway",
      ...{ duration: 0, request_size: null, response_size: null },
      auth: { identity: { role: null, user_name: "k" } },
      result: { code: null, msg: null },
    })
  })

  it("leaves duration and sizes out together, as a policy without them does", () => {
    const entry = written(
      "clearml",
      call({ http: { method: "GET", path: "/a", status: 404 }, statusCode: "404" }),
    )
    expect(Object.keys(entry)).toEqual(["@timestamp", "call_id", "ip", "endpoint", "auth", "result"])
  })

  it("says the code of the body over that of the head, and its phrase where no message was kept", () => {
    const { statusMessage: _, ...event } = call({ statusCode: "400" })
    expect(written("clearml", event).result).toEqual({ code: 400, msg: "Bad Request" })
    expect(written("clearml", { ...event, statusCode: "E_QUOTA" }).result).toEqual({ code: 200, msg: "OK" })
    expect(written("clearml", { ...event, statusCode: "799" }).result).toEqual({ code: 799, msg: null })
  })

  it("names no user, role or tenant of a redacted identity", () => {
    const attributes = { company_name: "Initech" }
    const { auth } = written(
      "clearml",
      call({ actor: { type: "user", id: "redacted", role: "admin", attributes } }),
    )
    expect(auth).toEqual({
      identity: { role: "redacted", user_name: "redacted", company_name: "redacted" },
    })
  })

  it("adds what a policy asks for beyond the documented members, after them", () => {
    const facts = {
      version: "2.31",
      headers: { request: {} },
      query: { a: "1" },
      request: { b: 2 },
      response: [3],
    }
    const entry = written("clearml", call({}, facts))
    const names = Object.keys(JSON.parse(documented))
    expect(Object.keys(entry)).toEqual([...names, "version", "headers", "query", "data"])
    expect(entry).toMatchObject({ version: "2.31", query: { a: "1" }, data: { b: 2 } })
    expect(entry.result).toEqual({ code: 200, msg: "OK", data: [3] })
  })
})

describe("the format cloudevents", () => {
  const event = recorded({ targets: [{ type: "workflow", id: "a b" }] })
  const entry = written("cloudevents", event)

  it("has the required attributes of CloudEvents 1.0, and names that every binding takes", () => {
    const { specversion, id, source, type, time, subject, datacontenttype } = entry
    expect({ specversion, id, type, time, subject, datacontenttype }).toEqual({
      specversion: "1.0",
      id: event.id,
      type: `auditorium.${event.operation}`,
      time: "2025-10-21T09:49:08.908123Z",
      subject: "workflow:a b",
      datacontenttype: "application/json",
    })
    expect(new URL(String(source)).href).toBe(`urn:uuid:${organization.id}`)
    for (const name of Object.keys(entry)) expect(name).toMatch(/^[a-z0-9]{1,20}$/)
    for (const [name, value] of Object.entries(entry))
      expect(typeof value, name).toBe(name === "data" ? "object" : "string")
  })

  it("keeps the order of the log in the extension sequence, whose order is that of texts", () => {
    const sequence = (index: number) => String(written("cloudevents", recorded({ index })).sequence)
    const numbers = [0, 9, 10, 99, 1_000_000, Number.MAX_SAFE_INTEGER]
    const texts = numbers.map(sequence)
    expect([...texts].sort()).toEqual(texts)
    expect(new Set(texts.map(text => text.length))).toEqual(new Set([16]))
  })

  it("has no subject where nothing was acted on, and the whole event as data", () => {
    expect(written("cloudevents", recorded({ targets: [] }))).not.toHaveProperty("subject")
    expect(entry.data).toEqual(written("auditorium", event))
  })
})

describe("the format auditorium", () => {
  it("is what the JSON Lines export writes: every member, and readable as our own format", () => {
    const event = call({ details: ["a"], changes: [{ path: "/a", before: 1, after: null }] })
    expect(written("auditorium", event)).toEqual(JSON.parse(JSON.stringify(event)))
    expect(native.name).toBe("auditorium")
  })
})

describe("every format", () => {
  it("has a name of its own, a label and a sentence", () => {
    expect(eventWriters.map(({ name }) => name)).toEqual(["auditorium", "clearml", "ucp", "cloudevents"])
    for (const { label, summary } of eventWriters) {
      expect(label).not.toBe("")
      expect(summary).toMatch(/\.$/)
    }
    expect(eventWriterNamed("toString")).toBeNull()
  })

  it("is one line whatever the event contains, and means the same", () => {
    const hostile = "a\n\r\u0085\u2028\u2029\u001b[2J\u009b31m\u202e\u0000<&>"
    const event = recorded({
      description: hostile,
      actor: { type: "user", id: hostile },
      metadata: { [hostile]: hostile },
    })
    for (const writer of eventWriters) {
      const entry = writer.write(event, context)
      const line = writer.line?.(entry) ?? entryLine(entry)
      expect(line, writer.name).not.toMatch(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u)
      expect(JSON.parse(line), writer.name).toEqual(JSON.parse(JSON.stringify(entry)))
    }
  })

  it("is the same entry for the same event, and changes nothing of it", () => {
    const event = Object.freeze(call({}, { request: Object.freeze({ a: 1 }) }))
    for (const { name } of eventWriters)
      expect(JSON.stringify(written(name, event))).toBe(JSON.stringify(written(name, event)))
  })
})
