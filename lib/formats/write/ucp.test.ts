import { describe, expect, it } from "vitest"
import type { AuditEvent } from "@/lib/audit/event/event"
import { isObject, type JsonObject, type JsonValue } from "@/lib/audit/json/value"
import { assertInstant } from "@/lib/audit/time/instant"
import { isRecordedCall, ucpEntry, ucpLine } from "./ucp"

/** The entry of the public documentation, as its controller wrote it. */
const documented =
  '{"audit":{"auditID":"f8ce4684-cb55-4c88-652c-d2ebd2e9365e","kind":"docker-swarm","level":"metadata","metadata":{"creationTimestamp":null},"requestReceivedTimestamp":"2019-01-30T17:21:45.316157Z","requestURI":"/metricsservice/query?query=(%20(sum%20by%20(instance)%20(ucp_engine_container_memory_usage_bytes%7Bmanager%3D%22true%22%7D))%20%2F%20(sum%20by%20(instance)%20(ucp_engine_memory_total_bytes%7Bmanager%3D%22true%22%7D))%20)%20*%20100\\u0026time=2019-01-30T17%3A21%3A45.286Z","sourceIPs":["172.31.45.250:48516"],"stage":"RequestReceived","stageTimestamp":null,"timestamp":null,"user":{"extra":{"licenseKey":["FHy6u1SSg_U_Fbo24yYUmtbH-ixRlwrpEQpdO_ntmkoz"],"username":["admin"]},"uid":"4ec3c2fc-312b-4e66-bb4f-b64b8f0ee42a","username":"4ec3c2fc-312b-4e66-bb4f-b64b8f0ee42a"},"verb":"GET"},"level":"info","msg":"audit","time":"2019-01-30T17:21:45Z"}'

function recorded(members: Partial<AuditEvent> = {}, call: JsonObject = {}): AuditEvent {
  return {
    id: "0198c1f2-6f0e-7cc3-9f6e-3b8d7a1c2e4f",
    organizationId: "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
    appId: "6ba7b811-9dad-11d1-80b4-00c04fd430c8",
    index: 7,
    leafHash: "x",
    occurredAt: assertInstant("2019-01-30T17:21:45.316157Z"),
    receivedAt: assertInstant("2019-01-30T17:21:46.000000Z"),
    occurredAtAssumed: "none",
    operation: "container.create",
    family: "container",
    description: "Container: create",
    actor: { type: "user", id: "4ec3c2fc-312b-4e66-bb4f-b64b8f0ee42a", name: "admin" },
    targets: [],
    status: "success",
    source: { ip: "172.31.45.250", ipText: "172.31.45.250:48516" },
    requestId: "f8ce4684-cb55-4c88-652c-d2ebd2e9365e",
    http: { method: "GET", path: "/metricsservice/query?query=1&time=2", status: 200, durationMs: 12.5 },
    details: [],
    changes: [],
    metadata: {
      call: {
        endpoint: "/metricsservice/query",
        level: "metadata",
        profile: "docker",
        licenseKey: "FHy6u1SSg_U_Fbo24yYUmtbH-ixRlwrpEQpdO_ntmkoz",
        ...call,
      },
    },
    ...members,
  }
}

function auditOf(event: AuditEvent): JsonObject {
  const { audit } = ucpEntry(event)
  if (!isObject(audit)) throw new Error("no entry")
  return audit
}

describe("an entry of UCP's audit log", () => {
  it("has every member of a real one, with the same values, in the same order", () => {
    const real: { audit: Record<string, unknown> } = JSON.parse(documented)
    const path =
      "/metricsservice/query?query=(%20(sum%20by%20(instance)%20(ucp_engine_container_memory_usage_bytes%7Bmanager%3D%22true%22%7D))%20%2F%20(sum%20by%20(instance)%20(ucp_engine_memory_total_bytes%7Bmanager%3D%22true%22%7D))%20)%20*%20100&time=2019-01-30T17%3A21%3A45.286Z"
    const event = recorded({ http: { method: "GET", path } }, { state: "opened" })
    // Ours is written when the call has ended; that apart, the lines are the same to the byte.
    const line = ucpLine(event)
      .replace('"stage":"ResponseStarted"', '"stage":"RequestReceived"')
      .replace(/"stageTimestamp":"[^"]*"/, '"stageTimestamp":null')
    expect(line).toBe(`${documented}\n`)
    expect(Object.keys(real.audit)).toEqual(Object.keys(real.audit).sort())
  })

  it("is one line whatever the event contains", () => {
    const hostile = 'a\n\u2028<script>&"\u0000'
    const line = ucpLine(recorded({ actor: { type: "user", id: hostile } }, { request: { body: hostile } }))
    expect(line.trimEnd()).not.toMatch(/[\n\r\u2028\u2029<>&]/)
    expect(JSON.parse(line).audit.user.uid).toBe(hostile)
  })

  it("has the outcome, the object and the end of the call, in the words of the audit log of Kubernetes", () => {
    const event = recorded({
      status: "denied",
      statusMessage: "forbidden",
      http: { method: "POST", path: "/containers/create", status: 403, durationMs: 1_500 },
      targets: [{ type: "container", id: "f00d", name: "web" }],
      source: { ip: "10.0.0.1", ipText: "10.0.0.1", peerIp: "10.0.0.2", userAgent: "docker/20" },
    })
    expect(auditOf(event)).toMatchObject({
      objectRef: { name: "web", resource: "container", uid: "f00d" },
      responseStatus: {
        code: 403,
        message: "forbidden",
        metadata: {},
        reason: "Forbidden",
        status: "Failure",
      },
      sourceIPs: ["10.0.0.1", "10.0.0.2"],
      stage: "ResponseComplete",
      stageTimestamp: "2019-01-30T17:21:46.816157Z",
      userAgent: "docker/20",
      verb: "POST",
    })
    expect(ucpEntry(event).time).toBe("2019-01-30T17:21:46Z")
  })

  it.each([
    ["docker", {}, "metadata", "docker-swarm", "GET"],
    ["docker", { request: { a: 1 } }, "request", "docker-swarm", "GET"],
    ["docker", { request: { a: 1 }, response: { b: 1 } }, "request", "docker-swarm", "GET"],
    ["kubernetes", {}, "Metadata", "kubernetes", "create"],
    ["kubernetes", { request: { a: 1 } }, "Request", "kubernetes", "create"],
    ["kubernetes", { request: { a: 1 }, response: { b: 1 } }, "RequestResponse", "kubernetes", "create"],
    ["clearml", {}, "metadata", "clearml", "GET"],
    ["generic", {}, "metadata", "http", "GET"],
    ["toString", {}, "metadata", "auditorium", "GET"],
  ] as const)(
    "of a call of %s with %j is of level %s and kind %s, verb %s",
    (profile, bodies, level, kind, verb) => {
      const call: JsonObject = { profile, ...bodies }
      const audit = auditOf(recorded({ operation: "rolebindings.create" }, call))
      expect([audit.level, audit.kind, audit.verb]).toEqual([level, kind, verb])
      expect([audit.requestObject, audit.responseObject]).toEqual([call.request, call.response])
      expect(Object.keys(audit)).toEqual(Object.keys(audit).sort())
    },
  )

  it("names the person who was acted for", () => {
    const onBehalfOf = { type: "user", id: "u2", name: "Bo" } as const
    const audit = auditOf(recorded({ actor: { type: "user", id: "u1", onBehalfOf } }))
    expect(audit.impersonatedUser).toEqual({ extra: { username: ["Bo"] }, uid: "u2", username: "u2" })
    expect(audit.user).toMatchObject({ uid: "u1", username: "u1" })
    expect(Object.keys(audit)).toEqual(Object.keys(audit).sort())
  })

  it("can be made of any event, also of one that is no call", () => {
    const { http: _, source: __, requestId: ___, ...bare } = recorded()
    const strange: readonly JsonObject[] = [
      {},
      { call: "no object" },
      { call: null },
      { call: { profile: { a: 1 } } },
    ]
    for (const metadata of strange) {
      const event = { ...bare, metadata, statusCode: "E_1", http: { durationMs: 1e15 } } satisfies AuditEvent
      const audit = auditOf(event)
      expect(audit).toMatchObject({
        auditID: bare.id,
        requestURI: "container.create",
        verb: "create",
        sourceIPs: [],
      })
      expect(String(audit.stageTimestamp)).toMatch(/^20(19|20)-/)
    }
  })

  it("belongs in the log of a support dump when the event is a recorded call", () => {
    const calls: readonly JsonValue[] = [{}, { profile: "docker" }]
    const others: readonly JsonValue[] = [null, "call", 1, ["call"]]
    expect(calls.map(call => isRecordedCall({ metadata: { call } }))).toEqual([true, true])
    expect(others.map(call => isRecordedCall({ metadata: { call } }))).toEqual([false, false, false, false])
    expect(isRecordedCall({ metadata: {} })).toBe(false)
  })
})
