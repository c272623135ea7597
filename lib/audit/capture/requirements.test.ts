import { describe, expect, it } from "vitest"
import type { EventInput } from "@/lib/audit/event/input"
import { isObject, type JsonObject, type JsonValue } from "@/lib/audit/json/value"
import type { Call, CapturedBody } from "./call"
import { withCaller } from "./caller"
import { readCaptureEnvironment } from "./clearml-environment"
import { decide } from "./decide"
import { eventOf } from "./event"
import { effectivePolicy } from "./layers"
import { flagsOf } from "./level"
import { createOperationNames } from "./operations"
import { type CapturePolicy, presets, shippedPolicy } from "./policy"
import type { ProfileName } from "./profiles/profile"
import { profileNamed } from "./profiles/registry"

const body = (value: JsonValue): CapturedBody => {
  const bytes = new TextEncoder().encode(JSON.stringify(value))
  return {
    mediaType: "application/json",
    contentEncoding: null,
    bytes,
    totalBytes: bytes.length,
    isEnded: true,
  }
}

const plain: Call = {
  ...{ method: "POST", path: "/", query: null, headers: [], occurredAt: "2025-10-21T09:49:08.908000Z" },
  ...{ requestId: null, route: null, app: "api", ip: "2.37.206.134", peerIp: null, state: null, status: 200 },
  ...{ responseHeaders: [], durationMs: 11, requestBytes: 112, responseBytes: 332 },
  ...{ requestBody: null, responseBody: null, failure: null, caller: null },
}

/** Returns the event that a call leaves under a policy; null when it leaves none. */
function recorded(policy: CapturePolicy, name: ProfileName, part: Partial<Call>): EventInput | null {
  const profile = profileNamed(name)
  if (profile === null) throw new Error(`There is no profile ${name}.`)
  const call = withCaller({ ...plain, ...part }, profile)
  const decision = decide(policy, call, profile.endpointOf(call).endpoint)
  if (!decision.call) return null
  return eventOf({ call, policy, policyVersion: 1, decision, profile, operations: createOperationNames() })
}

const factsOf = (event: EventInput | null): JsonObject => {
  const facts = event?.metadata?.call
  return isObject(facts) ? facts : {}
}

const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url")
const token = `${encoded({ alg: "HS256" })}.${encoded({
  identity: { user: "u1", user_name: "user", role: "admin", company: "c1", company_name: "abcd" },
})}.c2ln`

const preferences: Partial<Call> = {
  path: "/v2.31/users.set_preferences",
  headers: [
    ["Authorization", `Bearer ${token}`],
    ["Content-Type", "application/json"],
  ],
  requestBody: body({ preferences: { theme: "dark" }, password: "hunter2-marker" }),
  responseBody: body({
    meta: { id: "c9be3d7b4b914e2ea3eef53ccbd449e3", result_code: 200, result_msg: "OK" },
    data: { updated: 1, secret_key: "marker-of-a-secret" },
  }),
}

/** Returns the policy of an installation whose environment has these lines. */
function under(lines: readonly string[], stored: CapturePolicy = shippedPolicy): CapturePolicy {
  const source = Object.fromEntries(lines.map(line => line.split(/=(.*)/s).slice(0, 2)))
  const { environment, problems } = readCaptureEnvironment(source, null)
  expect(problems).toEqual([])
  return effectivePolicy(stored, environment).policy
}

const prefix = "CLEARML__apiserver__"

describe("ClearML's API auditing", () => {
  it("has every value of the documented entry in the event of a call (R1, R3-R23)", () => {
    const event = recorded(
      { ...presets.clearml, default: flagsOf("request-response") },
      "clearml",
      preferences,
    )
    expect(event).toMatchObject({
      occurredAt: "2025-10-21T09:49:08.908000Z",
      requestId: "c9be3d7b4b914e2ea3eef53ccbd449e3",
      source: { ip: "2.37.206.134" },
      http: { durationMs: 11, requestBytes: 112, responseBytes: 332 },
      actor: { role: "admin", name: "user", attributes: { company_name: "abcd" } },
      statusCode: "200",
      statusMessage: "OK",
      status: "success",
    })
    expect(factsOf(event)).toMatchObject({ endpoint: "users.set_preferences", version: "2.31" })
    expect(JSON.stringify(event)).toContain("theme")
    expect(JSON.stringify(event)).toContain("updated")
    expect(JSON.stringify(event)).not.toMatch(/hunter2-marker|marker-of-a-secret/)
  })

  it("is off until it is enabled, and on with any documented spelling (R2, R30, R34, R39, R71)", () => {
    expect(recorded(shippedPolicy, "clearml", preferences)).toBe(null)
    for (const line of ["CLEARML__APISERVER__log_calls=true", "CLEARML__apiserver__log_calls=true"])
      expect(recorded(under([line]), "clearml", preferences), line).not.toBe(null)
  })

  it("makes the person of the impersonation header attributable (R50-R53)", () => {
    const event = recorded(presets.clearml, "clearml", {
      path: "/auth.create_credentials",
      headers: [
        ["Content-Type", "application/json"],
        ["X-Clearml-Impersonate-As", "jane"],
        ["Authorization", `Basic ${Buffer.from("KEY:hunter2-marker").toString("base64")}`],
      ],
      responseBody: body({ data: { credentials: { access_key: "AK", secret_key: "marker-of-a-secret" } } }),
    })
    expect(event).toMatchObject({
      actor: { id: "KEY", credential: { type: "basic_unverified" }, onBehalfOf: { id: "jane" } },
    })
    expect(factsOf(event).endpoint).toBe("auth.create_credentials")
    expect(JSON.stringify(event)).not.toMatch(/hunter2-marker|marker-of-a-secret/)
  })

  it("sets each of the three flags by itself, for all endpoints and for one (R54-R65, R67-R70)", () => {
    const flags = { log_call: "call", log_data: "data", log_result_data: "resultData" } as const
    for (const [option, flag] of Object.entries(flags)) {
      for (const value of [true, false]) {
        const all = under([`${prefix}endpoints___default__${option}=${value}`])
        expect(all.default[flag], option).toBe(value)
        const one = under([`CLEARML__APISERVER__ENDPOINTS__users__set_preferences__${option}=${value}`])
        expect(one.rules[0]).toEqual({
          name: "users.set_preferences",
          when: { endpoints: ["users.set_preferences"] },
          then: { [flag]: value },
        })
      }
    }
    const both = under([
      `${prefix}log_calls=true`,
      `${prefix}endpoints___default__log_call=false`,
      `${prefix}endpoints__users__set_preferences__log_call=true`,
    ])
    expect(recorded(both, "clearml", preferences)).not.toBe(null)
    expect(recorded(both, "clearml", { ...preferences, path: "/v2.31/tasks.create" })).toBe(null)
  })

  it("records the exact fields of a list and no other (R60, R72-R74)", () => {
    const policy = under([
      `${prefix}log_calls=true`,
      `${prefix}endpoints__workers__status_report__log_call=true`,
      `${prefix}endpoints__workers__status_report__log_result_data=true`,
      `${prefix}endpoints__workers__status_report__log_data=["queue", "tags"]`,
    ])
    const event = recorded(policy, "clearml", {
      path: "/workers.status_report",
      requestBody: body({ queue: "default", tags: ["a"], frames: "left-out" }),
      responseBody: body({ meta: { result_code: 200 }, data: { accepted: true } }),
    })
    const text = JSON.stringify(factsOf(event))
    expect(text).toContain('"queue":"default"')
    expect(text).toContain('"tags":["a"]')
    expect(text).toContain("accepted")
    expect(text).not.toContain("left-out")
  })

  it("leaves out the categories that are switched off, and identities when told to (R75-R82)", () => {
    const all = { ...presets.clearml, default: flagsOf("request-response") }
    const headers = { ...all, headerNames: ["content-type"] }
    const without = (name: string) =>
      recorded(under([`${prefix}apilog__log_fields__${name}__enabled=false`], all), "clearml", preferences)
    expect(without("auth")?.actor.id).toBe("redacted")
    expect(without("stats")?.http).not.toHaveProperty("durationMs")
    expect(without("version")).not.toBe(null)
    expect(factsOf(without("version"))).not.toHaveProperty("version")
    expect(without("result")).toMatchObject({ status: "success", statusCode: "200" })
    expect(without("result")?.statusMessage).toBeUndefined()
    expect(JSON.stringify(without("data"))).not.toMatch(/theme|updated/)
    const on = under([`${prefix}apilog__log_fields__headers__enabled=true`], headers)
    expect(JSON.stringify(recorded(on, "clearml", preferences))).toContain("application/json")
    expect(JSON.stringify(recorded(headers, "clearml", preferences))).not.toContain("application/json")
    const redacted = recorded(under([`${prefix}apilog__redact_identity=true`], all), "clearml", preferences)
    expect(redacted).toMatchObject({ actor: { id: "redacted" }, source: { ip: "2.37.206.134" } })
    expect(JSON.stringify(redacted)).not.toMatch(/"user"[^s]*:"u1"|abcd|"admin"/)
  })
})

const container = "4fa6e0f0c6786287e131c3852c58a2e01cc697a68231826813597e4994f1d6e2"
const create: Partial<Call> = {
  path: "/v1.41/containers/create",
  query: "name=web",
  status: 201,
  caller: { type: "user", id: "u1", name: "Ada" },
  requestBody: body({ Image: "nginx", Env: ["DB_PASSWORD=hunter2-marker"] }),
  responseBody: body({ Id: container, Warnings: [] }),
}

describe("Docker UCP's audit logs", () => {
  it("have three levels: none, metadata without the payload, request with it (R233-R245, R273)", () => {
    expect(recorded({ ...presets.ucp, enabled: false }, "docker", create)).toBe(null)
    const metadata = { ...presets.ucp, licenseKey: "L-1", default: flagsOf("metadata") }
    const event = recorded(metadata, "docker", create)
    expect(event).toMatchObject({
      http: { method: "POST", path: "/v1.41/containers/create" },
      actor: { id: "u1", name: "Ada" },
      status: "success",
      occurredAt: plain.occurredAt,
      targets: [{ type: "container", id: container }],
      source: { ip: "2.37.206.134" },
    })
    expect(factsOf(event)).toMatchObject({
      endpoint: "/containers/create",
      licenseKey: "L-1",
      level: "metadata",
    })
    expect(JSON.stringify(event)).not.toMatch(/nginx|"web"/)
    expect(recorded(metadata, "docker", { ...create, status: 500 })?.status).toBe("failure")
    expect(recorded(metadata, "docker", { ...create, status: 403 })?.status).toBe("denied")
    const request = recorded({ ...metadata, default: flagsOf("request") }, "docker", create)
    expect(factsOf(request).level).toBe("request")
    expect(JSON.stringify(request)).toContain("nginx")
    expect(JSON.stringify(request)).not.toContain("hunter2-marker")
  })

  it("record every method of every family, but the thirteen ignored endpoints (R227-R231, R259-R271)", () => {
    const families = [
      ["docker", "/accounts"],
      ["docker", "/v1.41/services/create"],
      ["kubernetes", "/apis/rbac.authorization.k8s.io/v1/namespaces/default/rolebindings"],
    ] as const
    for (const [profile, path] of families)
      for (const method of ["GET", "PUT", "POST", "PATCH", "DELETE"])
        expect(recorded(presets.ucp, profile, { method, path }), `${method} ${path}`).not.toBe(null)
    const ignored = [
      "/_ping",
      "/ca",
      "/auth",
      "/trustedregistryca",
      "/kubeauth",
      "/metrics",
      "/info",
      "/version",
      "/versions",
      "/debug",
      "/openid_keys",
      "/apidocs",
      "/kubernetesdocs",
      "/manage",
    ]
    for (const path of ignored) {
      expect(recorded(presets.ucp, "docker", { method: "GET", path }), path).toBe(null)
      expect(recorded(presets.ucp, "docker", { method: "GET", path: `/v1.41${path}` }), path).toBe(null)
      if (!path.startsWith("/version"))
        expect(recorded(presets.ucp, "docker", { method: "GET", path: `${path}/x` }), path).not.toBe(null)
    }
  })
})
