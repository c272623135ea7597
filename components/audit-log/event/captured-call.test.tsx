import { renderToStaticMarkup } from "react-dom/server"
import { describe, expect, test } from "vitest"
import { body, call, everything, jwt, recorded } from "@/lib/audit/capture/testing/calls"
import type { AuditEvent } from "@/lib/audit/event/event"
import type { EventInput } from "@/lib/audit/event/input"
import { parseEvent } from "@/lib/audit/event/parse"
import type { JsonObject } from "@/lib/audit/json/value"
import { Overview } from "./overview"
import { RequestFacts } from "./request-facts"
import type { ShownEvent } from "./shown-event"

/** The event as the log shows it. */
function shown(event: EventInput): ShownEvent {
  const value: JsonObject = JSON.parse(JSON.stringify(event))
  const context = {
    organizationId: "0199a8f0-1c2d-7e3f-8a4b-5c6d7e8f9a0b",
    appId: "0199a8f0-1c2d-7e3f-8a4b-5c6d7e8f9a0c",
    newId: () => "0199a8f0-1c2d-7e3f-8a4b-000000000001",
  }
  const parsed = parseEvent(value, context)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults))
  const whole = { ...parsed.prepared.content, receivedAt: event.occurredAt, index: 3, leafHash: "AAAA" }
  return { event: whole as AuditEvent, app: null, raw: null }
}

/** The text of what is shown, one space between its pieces. */
function textOf(element: React.ReactElement): string {
  return renderToStaticMarkup(element)
    .replaceAll(/<[^>]*>/g, " ")
    .replaceAll("&quot;", '"')
    .replaceAll(/\s+/g, " ")
}

const order = call("POST /v2/orders?dry=1", {
  status: 201,
  headers: [
    ["Accept", "*/*"],
    ["Authorization", `Bearer ${jwt({ sub: "u-1", name: "Ines Moreau" })}`],
  ],
  requestBody: body({ item: "x", password: "hunter2" }),
  responseBody: body({ id: 9 }),
})
const rule = { name: "Orders", when: { methods: ["POST"] }, then: { call: true } } as const
const whole = recorded("generic", order, { ...everything, rules: [rule], licenseKey: "LK-1" })

describe("a recorded call", () => {
  test("is shown with what decided about it, its content, and what of it is not recorded", () => {
    const text = textOf(<RequestFacts shown={shown(whole)} />)
    for (const fact of [
      "Endpoint /orders",
      "API version 2",
      "API Any HTTP API",
      "Level Metadata, request and response",
      "Decided by Rule “Orders”",
      "Policy version 3",
      "License key LK-1",
      'Query { "dry": "1" }',
      'Request body { "item": "x", "password": "[secret]" }',
      'Response body { "id": 9 }',
      'Request headers { "accept": "*/*", "authorization": "Bearer [secret]" }',
      "Request body, password A secret is hidden (password)",
      "Request header authorization A secret in it is hidden",
    ])
      expect(text).toContain(fact)
  })

  test("says of each body why it is not there, and how large it was", () => {
    const policy = { ...everything, default: { call: true, data: false, resultData: false } }
    const text = textOf(<RequestFacts shown={shown(recorded("generic", order, policy))} />)
    expect(text).toContain("Decided by The default of the policy")
    expect(text).toContain("Request body The policy does not record it (33 bytes)")
    expect(text).toContain("Response body The policy does not record it (8 bytes)")
    expect(text).not.toContain("Copy the request body")
  })

  test("is not shown a second time as metadata", () => {
    expect(textOf(<Overview shown={shown(whole)} zone="UTC" />)).not.toContain("policyVersion")
  })

  test("that stays open says that another event follows", () => {
    const event = recorded("generic", call("GET /stream", { state: "opened", status: 101 }))
    expect(textOf(<RequestFacts shown={shown(event)} />)).toContain(
      "Opened: a second event follows when it closes",
    )
  })
})

describe("a caller that nobody of ours has checked", () => {
  test.each([
    ["a token", whole, "Ines Moreau Unverified", "the claims of a token"],
    [
      "Basic",
      recorded("generic", call("GET /", { headers: [["authorization", `Basic ${btoa("ines:x1y2z3")}`]] })),
      "ines Unverified",
      "a user with a password",
    ],
    [
      "a header",
      recorded("clearml", call("GET /users.get", { headers: [["x-clearml-act-as", "u-8"]] })),
      "anonymous Unverified",
      "a header alone says so",
    ],
  ])("is marked, and the reason is named: %s", (_, event, actor, reason) => {
    const text = textOf(<Overview shown={shown(event)} zone="UTC" />)
    expect(text).toContain(actor)
    expect(text).toContain(reason)
  })

  test("is nobody whom the application itself has named", () => {
    const caller = { type: "user", id: "u-7", credential: { type: "session", id: "s-1" } } as const
    expect(
      textOf(<Overview shown={shown(recorded("generic", { ...order, caller }))} zone="UTC" />),
    ).not.toContain("Unverified")
  })
})

describe("metadata that only looks like a recorded call", () => {
  test.each<[string, JsonObject["call"]]>([
    ["a text", "call"],
    ["another object", { endpoint: "x" }],
    ["one with a member more", { ...(whole.metadata?.call as JsonObject), mine: 1 }],
    ["one with a withheld part that is none", { ...(whole.metadata?.call as JsonObject), withheld: [1] }],
    [
      "one with headers that are none",
      { ...(whole.metadata?.call as JsonObject), headers: { request: "x" } },
    ],
  ])("stays metadata: %s", (_, made) => {
    const event = shown({ ...whole, metadata: { call: made ?? null, other: 1 } })
    const text = textOf(<Overview shown={event} zone="UTC" />)
    expect(text).toContain('Metadata { "call":')
    expect(textOf(<RequestFacts shown={event} />)).not.toContain("Recorded call")
  })
})
