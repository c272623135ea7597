import { Buffer } from "node:buffer"
import { readFileSync } from "node:fs"
import { describe, expect, test } from "vitest"
import { scanJson } from "@/lib/audit/json/scan"
import type { JsonObject, JsonValue } from "@/lib/audit/json/value"
import type { Fault } from "@/lib/errors"
import type { PreparedEvent } from "./event"
import { eventLimits } from "./limits"
import { parseEvent } from "./parse"

const context = {
  organizationId: "0199a8f0-1c2d-7e3f-8a4b-5c6d7e8f9a0b",
  appId: "0199a8f0-1c2d-7e3f-8a4b-5c6d7e8f9a0c",
  newId: () => "0199a8f0-1c2d-7e3f-8a4b-000000000001",
}
const least: JsonObject = {
  operation: "invoice.approve",
  actor: { type: "user", id: "p-1" },
  status: "success",
}
const naughty: string[] = JSON.parse(
  readFileSync(`${import.meta.dirname}/../json/fixtures/blns.json`, "utf8"),
)

function prepare(value: JsonValue): PreparedEvent {
  const parsed = parseEvent(value, context)
  if (!parsed.ok) throw new Error(`Refused: ${JSON.stringify(parsed.faults)}`)
  return parsed.prepared
}

function faultsOf(value: JsonValue): readonly Fault[] {
  const parsed = parseEvent(value, context)
  return parsed.ok ? [] : parsed.faults
}

function pointersOf(value: JsonValue): string[] {
  return faultsOf(value).map(fault => fault.pointer)
}

/** The smallest event, with some members added. */
function event(members: Record<string, JsonValue>): JsonObject {
  return { ...least, ...members }
}

function user(members: Record<string, JsonValue>): JsonObject {
  return event({ actor: { type: "user", id: "p-1", ...members } })
}

describe("an event with every member", () => {
  const sent: JsonObject = {
    id: "919108F7-52D1-4320-9BAC-F847DB4148A8",
    sourceId: "row-77",
    occurredAt: "2025-10-21 09:49:08.908123+02:00",
    environment: "production",
    operation: "workflow_version.create",
    operationCode: 1,
    family: "flows",
    description: "Version made",
    actor: {
      type: "staff",
      id: "s-9",
      name: "Grace Hopper",
      email: "grace@acme.example",
      role: "support",
      attributes: { desk: 7 },
      onBehalfOf: { type: "user", id: "p-1", name: "Ada", email: "", role: "admin", attributes: {} },
      credential: { type: "api_key", id: "k-1", name: "nightly" },
      sessionHash: "9F86D081884C7D659A2FEAA0C55AD015A3BF4F1B2B0B822CD15D6C15B0F00A08",
    },
    targets: [{ type: "AWS::S3::Bucket", id: "w-1", name: "Detect", attributes: { public: false } }],
    status: "failure",
    statusCode: 409,
    statusMessage: "Version exists",
    source: { ip: "::FFFF:203.0.113.7", userAgent: "curl/8", peerIp: "2001:DB8::0001" },
    requestId: "req-1",
    traceId: "trace-1",
    http: {
      method: "POST",
      path: "/v2/x",
      route: "/v2/{id}",
      status: 409,
      durationMs: 11.5,
      requestBytes: 0,
      responseBytes: 3,
    },
    details: ["One.", ""],
    changes: [{ path: "/a", before: null, after: [1, { b: "c" }] }, { path: "/b" }],
    metadata: { nested: { z: [true, null] } },
    rawFormat: "example",
    raw: Buffer.from([0, 255, 10]).toString("base64"),
  }

  test("keeps all of it, and adds only the server's part", () => {
    expect(prepare(sent)).toEqual({
      derived: ["occurredAt"],
      raw: Buffer.from([0, 255, 10]),
      content: {
        id: "919108f7-52d1-4320-9bac-f847db4148a8",
        organizationId: context.organizationId,
        appId: context.appId,
        sourceId: "row-77",
        occurredAt: "2025-10-21T07:49:08.908123Z",
        occurredAtText: "2025-10-21 09:49:08.908123+02:00",
        occurredAtAssumed: "none",
        environment: "production",
        operation: "workflow_version.create",
        operationCode: 1,
        family: "flows",
        description: "Version made",
        actor: { ...Object(sent.actor), sessionHash: String(Object(sent.actor).sessionHash).toLowerCase() },
        targets: sent.targets,
        status: "failure",
        statusCode: "409",
        statusMessage: "Version exists",
        source: {
          ip: "203.0.113.7",
          ipText: "::FFFF:203.0.113.7",
          peerIp: "2001:db8::1",
          userAgent: "curl/8",
        },
        requestId: "req-1",
        traceId: "trace-1",
        http: sent.http,
        details: ["One.", ""],
        changes: [
          { path: "/a", before: null, after: [1, { b: "c" }] },
          { path: "/b", before: null, after: null },
        ],
        metadata: sent.metadata,
        rawFormat: "example",
      },
    })
  })
})

describe("what a producer leaves out", () => {
  test("is absent, or the server's to say", () => {
    const { content, raw } = prepare(least)
    expect(raw).toBeNull()
    expect(content).toStrictEqual({
      id: context.newId(),
      organizationId: context.organizationId,
      appId: context.appId,
      occurredAt: null,
      occurredAtAssumed: "received",
      operation: "invoice.approve",
      family: "invoice",
      description: "Invoice: approve",
      actor: { type: "user", id: "p-1" },
      targets: [],
      status: "success",
      details: [],
      changes: [],
      metadata: {},
    })
  })

  test("null is the same as leaving out", () => {
    const nulls = {
      id: null,
      occurredAt: null,
      targets: null,
      source: null,
      http: null,
      metadata: null,
      raw: null,
    }
    expect(prepare(event(nulls))).toStrictEqual(prepare(least))
    expect(prepare(user({ name: null, onBehalfOf: null }))).toStrictEqual(prepare(least))
  })

  test("code, family and description of a known operation come from the catalogue", () => {
    expect(prepare(event({ operation: "workflow_version.create" })).content).toMatchObject({
      operationCode: 403,
      family: "workflow",
      description: "Workflow versions created",
    })
  })

  test("an anonymous actor needs no id", () => {
    expect(prepare(event({ actor: { type: "anonymous" } })).content.actor).toEqual({
      type: "anonymous",
      id: "anonymous",
    })
  })

  test("the origin is the given default, but never instead of one that was sent", () => {
    const defaults = { source: { ip: "198.51.100.1", ipText: "198.51.100.1" } }
    const without = parseEvent(least, { ...context, defaults })
    expect(without).toMatchObject({ prepared: { content: { source: defaults.source } } })
    const withOwn = parseEvent(event({ source: { ip: "host" } }), { ...context, defaults })
    expect(withOwn).toMatchObject({ prepared: { content: { source: { ip: null, ipText: "host" } } } })
  })
})

describe("the time of an event", () => {
  test.each([
    ["2025-01-17T12:04:55.449860Z", { occurredAt: "2025-01-17T12:04:55.449860Z", occurredAtAssumed: "none" }],
    [
      "2025-01-17T12:04:55.449Z",
      {
        occurredAt: "2025-01-17T12:04:55.449000Z",
        occurredAtAssumed: "none",
        occurredAtText: "2025-01-17T12:04:55.449Z",
      },
    ],
    [
      "2025-01-17 12:04:55",
      {
        occurredAt: "2025-01-17T12:04:55.000000Z",
        occurredAtAssumed: "zone",
        occurredAtText: "2025-01-17 12:04:55",
      },
    ],
    ["2199-12-31T23:59:59Z", { occurredAt: "2199-12-31T23:59:59.000000Z" }],
  ])("%s is kept to the microsecond, with what was assumed", (occurredAt, expected) => {
    const { content } = prepare(event({ occurredAt }))
    expect(content).toMatchObject(expected)
    expect("occurredAtText" in content).toBe("occurredAtText" in expected || occurredAt.startsWith("2199"))
  })

  test.each([
    "yesterday",
    "2025-02-30T00:00:00Z",
    "2025-01-01T00:00:00.1234567Z",
    "1969-01-01T00:00:00Z",
    "",
    1737115495,
  ])("%j is refused", occurredAt => {
    expect(pointersOf(event({ occurredAt }))).toEqual(["/occurredAt"])
  })
})

describe("the origin of an event", () => {
  test.each([
    ["203.0.113.7", "203.0.113.7"],
    ["2001:DB8::0001", "2001:db8::1"],
    ["ecs.amazonaws.com", null],
    ["225.01.00.16", null],
    ["203.0.113.7:443", "203.0.113.7"],
    ["", null],
  ])("%j is kept as written, with the address %s", (ip, address) => {
    expect(prepare(event({ source: { ip } })).content.source).toEqual({ ip: address, ipText: ip })
  })

  test("an empty origin is none", () => {
    expect("source" in prepare(event({ source: {} })).content).toBe(false)
    expect(prepare(event({ source: { userAgent: "curl" } })).content.source).toEqual({
      ip: null,
      ipText: "",
      userAgent: "curl",
    })
  })
})

describe("each fault has its pointer", () => {
  test.each<[string, JsonValue, string[]]>([
    ["no object", [], [""]],
    ["a text", "event", [""]],
    ["null", null, [""]],
    ["nothing in it", {}, ["/operation", "/actor", "/status"]],
    ["an actor without id", event({ actor: { type: "user" } }), ["/actor/id"]],
    ["an actor with an empty id", event({ actor: { type: "user", id: "" } }), ["/actor/id"]],
    ["an actor that is text", event({ actor: "ada" }), ["/actor"]],
    ["an unknown actor type", event({ actor: { type: "robot", id: "r" } }), ["/actor/type"]],
    ["an id that is no UUID", event({ id: "42" }), ["/id"]],
    ["the nil UUID", event({ id: "00000000-0000-0000-0000-000000000000" }), ["/id"]],
    ["a bad status", event({ status: "ok" }), ["/status"]],
    ["a number for text", event({ requestId: 7 }), ["/requestId"]],
    ["a text for a number", event({ operationCode: "403" }), ["/operationCode"]],
    ["a fraction for a code", event({ statusCode: 4.5 }), ["/statusCode"]],
    ["an operation without verb", event({ operation: "login" }), ["/operation"]],
    ["an operation in capitals", event({ operation: "Invoice.Approve" }), ["/operation"]],
    ["an operation with a space", event({ operation: "invoice.approve it" }), ["/operation"]],
    ["an operation that ends in a dot", event({ operation: "invoice." }), ["/operation"]],
    ["an operation with a newline", event({ operation: "invoice.approve\n" }), ["/operation"]],
    ["a family in capitals", event({ family: "Billing" }), ["/family"]],
    ["an empty description", event({ description: "" }), ["/description"]],
    ["targets that are an object", event({ targets: {} }), ["/targets"]],
    ["a target that is text", event({ targets: [{ type: "a", id: "b" }, "c"] }), ["/targets/1"]],
    ["a target without type and id", event({ targets: [{}] }), ["/targets/0/type", "/targets/0/id"]],
    ["a detail that is no text", event({ details: ["a", 1] }), ["/details/1"]],
    ["a change without path", event({ changes: [{ before: 1 }] }), ["/changes/0/path"]],
    ["metadata that is a list", event({ metadata: [] }), ["/metadata"]],
    ["attributes that are text", user({ attributes: "x" }), ["/actor/attributes"]],
    ["an HTTP status of a thousand", event({ http: { status: 1000 } }), ["/http/status"]],
    ["a negative duration", event({ http: { durationMs: -1 } }), ["/http/durationMs"]],
    ["a peer that is no address", event({ source: { ip: "x", peerIp: "proxy" } }), ["/source/peerIp"]],
    ["a session hash that is none", user({ sessionHash: "abc" }), ["/actor/sessionHash"]],
    ["a credential without id", user({ credential: { type: "api_key" } }), ["/actor/credential/id"]],
    ["an onBehalfOf without id", user({ onBehalfOf: { type: "user" } }), ["/actor/onBehalfOf/id"]],
    ["raw without its format", event({ raw: "" }), ["/rawFormat"]],
    ["a format without raw", event({ rawFormat: "x" }), ["/rawFormat"]],
    ["raw that is not base64", event({ raw: "ab*=", rawFormat: "x" }), ["/raw"]],
    ["raw without padding", event({ raw: "YQ", rawFormat: "x" }), ["/raw"]],
    ["raw and a reason for none", event({ raw: "YQ==", rawFormat: "x", rawWithheld: "y" }), ["/rawWithheld"]],
    [
      "several at once",
      event({ id: 1, status: 2, http: { status: "3" } }),
      ["/id", "/status", "/http/status"],
    ],
  ])("%s", (_, value, pointers) => {
    expect(pointersOf(value).sort()).toEqual([...pointers].sort())
  })

  test("a reason for no raw needs no raw", () => {
    expect(prepare(event({ rawFormat: "x", rawWithheld: "too large" })).content).toMatchObject({
      rawWithheld: "too large",
    })
  })
})

describe("a field that is not an event's", () => {
  test.each<[JsonObject, string]>([
    [event({ occured_at: 1 }), "/occured_at"],
    [user({ nickname: "x" }), "/actor/nickname"],
    [user({ onBehalfOf: { type: "user", id: "x", onBehalfOf: {} } }), "/actor/onBehalfOf/onBehalfOf"],
    [user({ credential: { type: "a", id: "b", secret: "c" } }), "/actor/credential/secret"],
    [event({ targets: [{ type: "a", id: "b", label: "c" }] }), "/targets/0/label"],
    [event({ source: { ip: "a", country: "CH" } }), "/source/country"],
    [event({ http: { headers: {} } }), "/http/headers"],
    [event({ changes: [{ path: "a", op: "b" }] }), "/changes/0/op"],
    [event({ constructor: 1 }), "/constructor"],
    [
      JSON.parse(
        '{"__proto__":{"x":1},"operation":"a.b","actor":{"type":"user","id":"u"},"status":"success"}',
      ),
      "/__proto__",
    ],
  ])("is refused: %j", (value, pointer) => {
    expect(pointersOf(value)).toEqual([pointer])
  })

  test("is refused in words of its own when it is the server's", () => {
    for (const name of [
      "organizationId",
      "appId",
      "receivedAt",
      "index",
      "leafHash",
      "occurredAtText",
      "occurredAtAssumed",
    ]) {
      expect(faultsOf(event({ [name]: "x" }))).toEqual([
        { pointer: `/${name}`, message: expect.stringContaining("given by the server") },
      ])
    }
    expect(faultsOf(event({ source: { ip: "a", ipText: "a" } }))[0]?.message).toContain("given by the server")
  })

  test("is refused in words of its own when it is a secret", () => {
    expect(faultsOf(user({ sessionId: "s3cret" }))).toEqual([
      { pointer: "/actor/sessionId", message: expect.stringContaining("sessionHash") },
    ])
  })

  test("comes with the name that was meant", () => {
    expect(faultsOf(event({ occurred_at: "x" }))[0]?.message).toContain('"occurredAt"')
    expect(faultsOf(event({ http: { durationMS: 1 } }))[0]?.message).toContain('"durationMs"')
  })
})

describe("limits refuse and never cut", () => {
  const long = (length: number) => "x".repeat(length)
  const nested = (depth: number): JsonValue => (depth === 0 ? 1 : [nested(depth - 1)])
  const metadataOf = (bytes: number) => ({ k: long(bytes - '{"k":""}'.length) })
  const target = { type: "a", id: "b" }

  test.each<[string, (size: number) => JsonObject, number]>([
    ["/operation", size => event({ operation: `a.${long(size - 2)}` }), eventLimits.operationLength],
    ["/family", size => event({ family: long(size) }), eventLimits.familyLength],
    ["/description", size => event({ description: long(size) }), eventLimits.descriptionLength],
    ["/environment", size => event({ environment: long(size) }), eventLimits.environmentLength],
    ["/sourceId", size => event({ sourceId: long(size) }), eventLimits.idLength],
    ["/requestId", size => event({ requestId: long(size) }), eventLimits.idLength],
    ["/traceId", size => event({ traceId: long(size) }), eventLimits.idLength],
    ["/statusCode", size => event({ statusCode: long(size) }), eventLimits.statusCodeLength],
    ["/statusMessage", size => event({ statusMessage: long(size) }), eventLimits.statusMessageLength],
    ["/actor/id", size => user({ id: long(size) }), eventLimits.idLength],
    ["/actor/name", size => user({ name: long(size) }), eventLimits.nameLength],
    ["/actor/email", size => user({ email: long(size) }), eventLimits.nameLength],
    ["/actor/attributes", size => user({ attributes: metadataOf(size) }), eventLimits.attributesBytes],
    ["/targets", size => event({ targets: Array(size).fill(target) }), eventLimits.targetCount],
    ["/targets/0/type", size => event({ targets: [{ type: long(size), id: "b" }] }), eventLimits.typeLength],
    [
      "/targets/0/attributes",
      size => event({ targets: [{ ...target, attributes: metadataOf(size) }] }),
      eventLimits.attributesBytes,
    ],
    ["/source/ip", size => event({ source: { ip: long(size) } }), eventLimits.sourceLength],
    [
      "/source/userAgent",
      size => event({ source: { ip: "", userAgent: long(size) } }),
      eventLimits.userAgentLength,
    ],
    ["/http/path", size => event({ http: { path: long(size) } }), eventLimits.httpPathLength],
    ["/details", size => event({ details: Array(size).fill("x") }), eventLimits.detailCount],
    ["/details/1", size => event({ details: ["", long(size)] }), eventLimits.detailLength],
    ["/changes", size => event({ changes: Array(size).fill({ path: "a" }) }), eventLimits.changeCount],
    ["/changes/0/path", size => event({ changes: [{ path: long(size) }] }), eventLimits.changePathLength],
    [
      "/changes/0/after",
      size => event({ changes: [{ path: "a", after: nested(size) }] }),
      eventLimits.nestingDepth,
    ],
    ["/metadata", size => event({ metadata: metadataOf(size) }), eventLimits.metadataBytes],
    ["/metadata", size => event({ metadata: { k: nested(size - 1) } }), eventLimits.nestingDepth],
    ["/rawFormat", size => event({ rawFormat: long(size), raw: "" }), eventLimits.rawFormatLength],
    ["/rawWithheld", size => event({ rawWithheld: long(size) }), eventLimits.rawWithheldLength],
    [
      "/raw",
      size => event({ rawFormat: "x", raw: Buffer.alloc(size).toString("base64") }),
      eventLimits.rawBytes,
    ],
  ])("%s", (pointer, make, limit) => {
    expect(pointersOf(make(limit))).toEqual([])
    expect(pointersOf(make(limit + 1))).toEqual([pointer])
  })

  test("the whole event, without raw", () => {
    const changes = (size: number) =>
      event({
        changes: [{ path: "a", after: long(size) }],
        rawFormat: "x",
        raw: Buffer.alloc(100_000).toString("base64"),
      })
    expect(pointersOf(changes(eventLimits.eventBytes - 1000))).toEqual([])
    expect(pointersOf(changes(eventLimits.eventBytes))).toEqual([""])
  })

  test("bytes are counted in UTF-8", () => {
    expect(pointersOf(event({ metadata: { k: "€".repeat(11_000) } }))).toEqual(["/metadata"])
  })
})

describe("strings are kept code point for code point", () => {
  test.each(naughty.filter(text => text.length <= 200))("%j", text => {
    const { value, faults } = scanJson(
      JSON.stringify(
        event({
          actor: { type: "user", id: `.${text}`, name: text, attributes: { [text]: text } },
          details: [text],
          source: { ip: text },
          metadata: { [text]: [text] },
        }),
      ),
    )
    expect(faults).toEqual([])
    const { content } = prepare(value)
    expect(content.actor).toEqual({ type: "user", id: `.${text}`, name: text, attributes: { [text]: text } })
    expect(content.details).toEqual([text])
    expect(content.source?.ipText).toBe(text)
    expect(content.metadata).toEqual({ [text]: [text] })
  })

  test("control characters are kept, but U+0000 and half a surrogate pair are refused", () => {
    expect(prepare(user({ name: "\u0001\u001f\u007f\u009f" })).content.actor.name).toBe(
      "\u0001\u001f\u007f\u009f",
    )
    expect(pointersOf(user({ name: "a\u0000b" }))).toEqual(["/actor/name"])
    expect(pointersOf(event({ metadata: { a: ["\ud800"] } }))).toEqual(["/metadata/a/0"])
  })

  test("numbers beyond 2^53 - 1 are refused wherever they stand", () => {
    expect(pointersOf(event({ metadata: { a: 2 ** 53 } }))).toEqual(["/metadata/a"])
    expect(pointersOf(event({ changes: [{ path: "a", before: Number.NaN }] }))).toEqual(["/changes/0/before"])
  })
})
