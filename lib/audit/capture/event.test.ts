import { describe, expect, test } from "vitest"
import type { CapturePolicy } from "./policy"
import { body, call, everything, factsOf, metadata, recorded } from "./testing/calls"

/** The policy without one of its categories. */
function without(category: keyof CapturePolicy["categories"]): CapturePolicy {
  return { ...everything, categories: { ...everything.categories, [category]: false } }
}

const order = call("POST /v2/orders?dry=1", {
  status: 201,
  headers: [
    ["User-Agent", "curl/8.5"],
    ["X-Request-Id", "7f3c"],
    ["traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"],
  ],
  responseHeaders: [["Content-Type", "application/json"]],
  requestBody: body({ item: "x", password: "hunter2" }),
  responseBody: body({ id: 9, total: 3 }),
})

test("the level metadata holds who, what, when, from where, how it ended, ids and the licence key, and no content", () => {
  const event = recorded("generic", order, { ...metadata, licenseKey: "LK-1" })
  expect(event).toEqual({
    occurredAt: "2026-11-30T08:00:00.000000Z",
    operation: "orders.create",
    actor: { type: "anonymous", id: "anonymous" },
    targets: [{ type: "orders", id: "9" }],
    status: "success",
    statusCode: "201",
    source: { ip: "203.0.113.7", userAgent: "curl/8.5" },
    requestId: "7f3c",
    traceId: "0af7651916cd43dd8448eb211c80319c",
    http: {
      method: "POST",
      path: "/v2/orders",
      status: 201,
      durationMs: 11,
      requestBytes: 33,
      responseBytes: 18,
    },
    metadata: {
      call: {
        endpoint: "/orders",
        version: "2",
        level: "metadata",
        rule: null,
        policyVersion: 3,
        profile: "generic",
        licenseKey: "LK-1",
        withheld: [
          { part: "request", why: "policy", bytes: 33 },
          { part: "response", why: "policy", bytes: 18 },
          { part: "query", why: "policy" },
        ],
      },
    },
  })
})

test("the level request-response adds query, bodies and headers, without secrets, and says what was withheld", () => {
  expect(factsOf(recorded("generic", order))).toMatchObject({
    level: "request-response",
    query: { dry: "1" },
    request: { item: "x", password: "[secret]" },
    response: { id: 9, total: 3 },
    headers: { request: { "user-agent": "curl/8.5" }, response: { "content-type": "application/json" } },
    withheld: [{ part: "request/password", why: "secret (password)" }],
  })
})

test("fields of a flag are those of the body and of the query, and the rule that decided is named", () => {
  const rule = {
    name: "Items",
    when: { methods: ["POST"] },
    then: { data: ["item", "dry"], resultData: false },
  } as const
  const facts = factsOf(recorded("generic", order, { ...everything, rules: [rule] }))
  expect(facts).toMatchObject({ rule: "Items", level: "custom", request: { item: "x" }, query: { dry: "1" } })
  expect(facts).not.toHaveProperty("response")
})

describe("a category that is off removes its part, and nothing else", () => {
  const whole = recorded(
    "clearml",
    call("POST /v2.1/tasks.edit?x=1", {
      requestBody: body({ a: 1 }),
      responseBody: body({ meta: { result_msg: "OK", result_code: 200 } }),
    }),
  )
  const off = (category: keyof CapturePolicy["categories"]) =>
    recorded(
      "clearml",
      call("POST /v2.1/tasks.edit?x=1", {
        requestBody: body({ a: 1 }),
        responseBody: body({ meta: { result_msg: "OK", result_code: 200 } }),
      }),
      without(category),
    )

  test("data: both bodies and the query", () => {
    const { request, response, query, ...rest } = factsOf(off("data"))
    expect([request, response, query]).toEqual([undefined, undefined, undefined])
    expect(rest).toMatchObject({ endpoint: "tasks.edit", version: "2.1" })
  })

  test("result: the message and the response, never the status and its code", () => {
    expect(off("result")).toMatchObject({ status: "success", statusCode: "200", http: { status: 200 } })
    expect(off("result")).not.toHaveProperty("statusMessage")
    expect(factsOf(off("result"))).not.toHaveProperty("response")
    expect(factsOf(off("result"))).toMatchObject({ request: { a: 1 } })
    expect(whole.statusMessage).toBe("OK")
  })

  test("stats: duration and sizes, those of what was withheld as well", () => {
    expect(off("stats").http).toEqual({ method: "POST", path: "/v2.1/tasks.edit", status: 200 })
    const policy = { ...without("stats"), default: { call: true, data: false, resultData: false } }
    const event = recorded("generic", order, policy)
    expect(JSON.stringify(event)).not.toContain('"bytes"')
    expect(factsOf(event).withheld).toContainEqual({ part: "request", why: "policy" })
  })

  test("version: the version of the API", () => {
    expect(factsOf(off("version"))).not.toHaveProperty("version")
    expect(factsOf(whole).version).toBe("2.1")
  })

  test("headers: every header", () => {
    expect(factsOf(recorded("generic", order, without("headers")))).not.toHaveProperty("headers")
  })
})

test("only the headers that the policy names are recorded, a repeated one as a list, a secret one hidden", () => {
  const made = call("GET /", {
    headers: [
      ["Accept", "a"],
      ["ACCEPT", "b"],
      ["X-Api-Key", "k-123456"],
      ["Host", "h"],
      ["bad name", "x"],
    ],
  })
  expect(
    factsOf(recorded("generic", made, { ...everything, headerNames: ["accept", "x-api-key", "bad name"] })),
  ).toMatchObject({
    headers: { request: { accept: ["a", "b"], "x-api-key": "[secret]" } },
    withheld: [{ part: "headers/request/x-api-key", why: "secret" }],
  })
})

describe("status", () => {
  test.each([
    [200, "success"],
    [204, "success"],
    [304, "success"],
    [101, "success"],
    [401, "denied"],
    [403, "denied"],
    [400, "failure"],
    [404, "failure"],
    [500, "failure"],
    [100, "failure"],
  ])("%i is %s", (status, expected) => {
    expect(recorded("generic", call("GET /", { status }))).toMatchObject({
      status: expected,
      statusCode: String(status),
    })
  })

  test.each([
    ["client-gone", "The client went away"],
    ["unreachable", "The target was not reached"],
    ["timeout", "The target did not answer in time"],
    ["broken-off", "The target broke off its answer"],
  ] as const)("%s is a failure, with the reason as its message", (failure, statusMessage) => {
    expect(recorded("generic", call("GET /", { status: 200, failure }))).toMatchObject({
      status: "failure",
      statusMessage,
    })
    expect(recorded("generic", call("GET /", { status: null, failure }))).not.toHaveProperty("statusCode")
  })
})

test("a long call leaves two events of one request id, of which the first does not know the end", () => {
  const head = { headers: [["x", "y"]], requestId: "r-1" } as const
  const meta = { id: "c9be3d7b4b914e2ea3eef53ccbd449e3", result_code: 200 }
  const opened = recorded("clearml", call("GET /events.get", { ...head, state: "opened", status: null }))
  const closed = recorded(
    "clearml",
    call("GET /events.get", { ...head, state: "closed", responseBody: body({ meta }) }),
  )
  expect([opened.requestId, closed.requestId]).toEqual(["r-1", "r-1"])
  expect([opened.status, closed.status]).toEqual(["unknown", "success"])
  expect([factsOf(opened).state, factsOf(closed).state]).toEqual(["opened", "closed"])
})

test("a call whose address is not known does not get that of the sender of its event", () => {
  expect(recorded("generic", call("GET /", { ip: null })).source).toEqual({ ip: "" })
})

test("what is too much together is left out, in a fixed order, and named", () => {
  const wide = (text: string) => body({ text: Array.from({ length: 11 }, () => text.repeat(1000)) })
  const headers = Array.from({ length: 60 }, (_, at) => [`x-${at}`, "v".repeat(500)] as const)
  const policy = { ...everything, limits: { requestBytes: 12_288, responseBytes: 12_288 } }
  const facts = factsOf(
    recorded(
      "generic",
      call(`POST /x?q=${"a".repeat(900)}`, {
        headers,
        responseHeaders: headers,
        requestBody: wide("a"),
        responseBody: wide("b"),
      }),
      policy,
    ),
  )
  expect(facts).toHaveProperty("request")
  expect(facts).toHaveProperty("response")
  expect(facts).not.toHaveProperty("headers")
  expect(facts.withheld).toContainEqual({ part: "headers", why: "limit" })
  expect(Buffer.byteLength(JSON.stringify(facts))).toBeLessThanOrEqual(30_000)
})
