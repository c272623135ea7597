import { Buffer } from "node:buffer"
import { Ajv2020 } from "ajv/dist/2020.js"
import { expect, test } from "vitest"
import type { EventInput } from "@/lib/audit/event/input"
import { eventLimits as limits } from "@/lib/audit/event/limits"
import { parseEvent } from "@/lib/audit/event/parse"
import type { JsonObject, JsonValue } from "@/lib/audit/json/value"
import { describeApi } from "./openapi"

const validator = new Ajv2020({ strict: false, allErrors: true })
// As it is served: what JSON cannot write is not there.
validator.addSchema({
  $id: "served",
  ...JSON.parse(JSON.stringify(describeApi("https://audit.example.com"))),
})
const described = validator.compile({ $ref: "served#/components/schemas/EventInput" })

const parsed = (value: JsonValue | EventInput): boolean =>
  parseEvent(value, { organizationId: "o", appId: "a", newId: () => "n" }).ok

const id = "0199a8f0-1c2d-7e3f-8a4b-5c6d7e8f9a0b"
const user = { type: "user", id: "p-1" } as const
const least = { operation: "invoice.approve", actor: user, status: "success" } satisfies EventInput
const imported = { ...least, rawFormat: "example", raw: "AAE=", occurredAt: "2026-11-20T10:00:00Z" }
const long = (length: number) => "x".repeat(length)
const many = (count: number, value: JsonValue) => Array.from({ length: count }, () => value)

const everything = {
  id,
  sourceId: "row-77",
  occurredAt: "2025-10-21 09:49:08.908123+02:00",
  occurredAtText: "21 Oct 2025 09:49:08.908123",
  occurredAtAssumed: "none",
  environment: "production",
  operation: "workflow_version.create",
  operationCode: 1,
  family: "flows",
  description: "Version created",
  actor: {
    ...{ type: "staff", id: "s-9", name: "Grace Hopper", email: "grace@example.com", role: "support" },
    attributes: { desk: 7 },
    onBehalfOf: { type: "anonymous" },
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
    ...{ method: "POST", path: "/v2/x", route: "/v2/{id}", status: 409, durationMs: 11.5 },
    ...{ requestBytes: 0, responseBytes: 3 },
  },
  details: ["One.", ""],
  changes: [{ path: "", before: null, after: [1, { b: "c" }] }, { path: "/b" }],
  metadata: { nested: { z: [true, null] } },
  rawFormat: "example",
  raw: "AP8K",
} satisfies EventInput

const nulls = Object.fromEntries(
  Object.keys(everything)
    .filter(name => !(name in least) && !name.startsWith("occurredAt"))
    .map(name => [name, null]),
)
const person = { name: null, email: null, role: null, attributes: null }

const accepted: readonly (readonly [string, JsonValue | EventInput])[] = [
  ["the least", least],
  ["every member", everything],
  ["null for all that may be absent", { ...least, ...nulls }],
  [
    "null inside",
    { ...least, actor: { ...user, ...person, onBehalfOf: null, credential: null, sessionHash: null } },
  ],
  ["nulls of a target", { ...least, targets: [{ type: "t", id: "1", name: null, attributes: null }] }],
  ["nulls of an origin", { ...least, source: { ip: null, peerIp: null, userAgent: null } }],
  [
    "nulls of a request",
    { ...least, http: { method: null, path: null, route: null, status: null, durationMs: null } },
  ],
  ["nobody known", { ...least, actor: { type: "anonymous" } }],
  ["nobody known, said by null", { ...least, actor: { type: "anonymous", id: null } }],
  ["an id in upper case", { ...least, id: id.toUpperCase() }],
  ["texts that may be empty", { ...least, statusMessage: "", requestId: "", traceId: "", statusCode: "" }],
  ["an empty name", { ...least, actor: { ...user, name: "" }, targets: [{ type: "t", id: "1", name: "" }] }],
  ["empty lists", { ...least, targets: [], details: [], changes: [], metadata: {} }],
  [
    "texts at their limit",
    { ...least, sourceId: long(limits.idLength), statusMessage: long(limits.statusMessageLength) },
  ],
  ["as many targets as may be", { ...least, targets: many(limits.targetCount, { type: "t", id: "1" }) }],
  ["a negative status code", { ...least, statusCode: -1 }],
  ["the largest operation code", { ...least, operationCode: 2 ** 31 - 1 }],
  ["an imported event", imported],
  ["one whose original is withheld", { ...least, rawFormat: "example", rawWithheld: "Too large." }],
  ["an empty original", { ...imported, raw: "" }],
  ["null beside an importer's time", { ...imported, occurredAtText: null, occurredAtAssumed: null }],
  ["no original, by null", { ...least, raw: null, rawFormat: null, rawWithheld: "Not kept." }],
]

const refused: readonly (readonly [string, JsonValue])[] = [
  ["nothing", {}],
  ["a list", [{ ...least }]],
  ["null", null],
  ["no operation", { actor: user, status: "success" }],
  ["no actor", { operation: "invoice.approve", status: "success" }],
  ["no outcome", { operation: "invoice.approve", actor: user }],
  ["null for an operation", { ...least, operation: null }],
  ["null for an actor", { ...least, actor: null }],
  ["null for an outcome", { ...least, status: null }],
  ["an operation of one word", { ...least, operation: "approve" }],
  ["an operation in upper case", { ...least, operation: "Invoice.Approve" }],
  ["an operation that is too long", { ...least, operation: `a.${long(limits.operationLength)}` }],
  ["an outcome of another word", { ...least, status: "ok" }],
  ["a misspelt member", { ...least, statusMesage: "No." }],
  ["what the server gives", { ...least, index: 1 }],
  [
    "a time that only an importer says",
    { ...least, occurredAt: "2026-11-20T10:00:00Z", occurredAtText: "now" },
  ],
  ["the same by null", { ...least, occurredAtText: null }],
  [
    "an assumption without an original",
    { ...least, occurredAt: "2026-11-20T10:00:00Z", occurredAtAssumed: "zone" },
  ],
  ["an importer's time without the time", { ...least, rawFormat: "e", raw: "AAE=", occurredAtText: "now" }],
  ["that it was received, said by an importer", { ...imported, occurredAtAssumed: "received" }],
  ["an original without a format", { ...least, raw: "AAE=" }],
  ["an original, and why it is missing", { ...imported, rawWithheld: "Too large." }],
  ["a format without an original", { ...least, rawFormat: "example" }],
  ["an original that is not base64", { ...imported, raw: "%" }],
  ["an original without padding", { ...imported, raw: "AAE" }],
  ["an original in another spelling of base64", { ...imported, raw: "AAF=" }],
  ["an id that is none", { ...least, id: "row-77" }],
  ["the id of nothing", { ...least, id: "00000000-0000-0000-0000-000000000000" }],
  ["the largest id", { ...least, id: "ffffffff-FFFF-ffff-ffff-ffffffffffff" }],
  ["an empty id of the source", { ...least, sourceId: "" }],
  ["an empty description", { ...least, description: "" }],
  ["an empty family", { ...least, family: "" }],
  ["an actor of no kind", { ...least, actor: { id: "p-1" } }],
  ["an actor of another kind", { ...least, actor: { type: "robot", id: "p-1" } }],
  ["an actor without an id", { ...least, actor: { type: "user" } }],
  ["an actor with an empty id", { ...least, actor: { type: "anonymous", id: "" } }],
  [
    "a person acted for without an id",
    { ...least, actor: { ...user, onBehalfOf: { type: "user", id: null } } },
  ],
  [
    "a person acted for who acts for another",
    { ...least, actor: { ...user, onBehalfOf: { ...user, onBehalfOf: user } } },
  ],
  ["a secret", { ...least, actor: { ...user, sessionId: "1" } }],
  ["a hash that is none", { ...least, actor: { ...user, sessionHash: "abc" } }],
  ["a credential without a type", { ...least, actor: { ...user, credential: { id: "k-1" } } }],
  ["a target without an id", { ...least, targets: [{ type: "t" }] }],
  ["a target with an empty type", { ...least, targets: [{ type: "", id: "1" }] }],
  ["a target that is a text", { ...least, targets: ["t"] }],
  ["more targets than may be", { ...least, targets: many(limits.targetCount + 1, { type: "t", id: "1" }) }],
  ["more details than may be", { ...least, details: many(limits.detailCount + 1, "x") }],
  ["a detail of null", { ...least, details: [null] }],
  ["a change without a path", { ...least, changes: [{ before: 1 }] }],
  ["text that is too long", { ...least, requestId: long(limits.idLength + 1) }],
  ["a code that is too large", { ...least, operationCode: 2 ** 31 }],
  ["a code that is no whole number", { ...least, operationCode: 1.5 }],
  ["a status code that is no whole number", { ...least, statusCode: 1.5 }],
  ["a status of HTTP that is none", { ...least, http: { status: 1000 } }],
  ["a negative duration", { ...least, http: { durationMs: -1 } }],
  ["a duration that no number keeps", { ...least, http: { durationMs: 1e300 } }],
  ["metadata that are a list", { ...least, metadata: [] }],
  ["attributes that are a text", { ...least, targets: [{ type: "t", id: "1", attributes: "x" }] }],
]

test.each(accepted)("parser and description accept %s", (_, sample) => {
  described(sample)
  expect([described.errors ?? [], parsed(sample)]).toEqual([[], true])
})

test.each(refused)("parser and description refuse %s", (_, sample) => {
  expect([described(sample), parsed(sample)]).toEqual([false, false])
})

const deep = (levels: number): JsonValue => (levels === 0 ? 1 : [deep(levels - 1)])
const beyondSchemas: readonly (readonly [string, JsonObject])[] = [
  ["the calendar", { ...least, occurredAt: "2025-02-30T00:00:00Z" }],
  ["addresses", { ...least, source: { peerIp: "nobody" } }],
  [
    "bytes of the whole",
    { ...least, details: many(64, "é".repeat(2000)), metadata: { a: "é".repeat(16_000) } },
  ],
  ["bytes of metadata", { ...least, metadata: { a: long(limits.metadataBytes) } }],
  ["bytes of the original", { ...imported, raw: Buffer.alloc(limits.rawBytes + 1).toString("base64") }],
  ["nesting", { ...least, metadata: { a: deep(40) } }],
  ["the character U+0000", { ...least, requestId: "\0" }],
  ["the units of a text", { ...least, environment: "😀".repeat(40) }],
]

test.each(beyondSchemas)("the description says in words that the parser looks at %s", (_, sample) => {
  expect([described(sample), parsed(sample)]).toEqual([true, false])
})

test("a sample with each member that the type has is among those accepted", () => {
  const { properties } = JSON.parse(JSON.stringify(describeApi("x"))).components.schemas.EventInput
  expect(Object.keys(properties).sort()).toEqual([...Object.keys(everything), "rawWithheld"].sort())
})
