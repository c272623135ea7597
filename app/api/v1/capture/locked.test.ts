import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { type Api, startApi } from "@/app/api/fixtures/api"
import { type CapturePolicy, presets } from "@/lib/audit/capture/policy"

let api: Api
let key: string
beforeAll(async () => {
  api = await startApi(() => ({
    CLEARML__apiserver__log_calls: "true",
    CLEARML__apiserver__apilog__redact_identity: "false",
    CLEARML__apiserver__endpoints___default__log_data: "true",
    CLEARML__apiserver__endpoints__users__get_all__log_call: "false",
  }))
  key = await api.tenant.makeKey(["CAPTURE-MANAGEMENT"])
})
afterAll(() => api.close())

const call = (method: "GET" | "PUT", path: string, body?: object) =>
  api.call(method, path, { key, ...(body && { body: JSON.stringify(body) }) })

interface Answer {
  readonly version: number
  readonly policy: CapturePolicy
  readonly locks: readonly { readonly pointer: string; readonly variable: string; readonly line: string }[]
}

const read = async (): Promise<Answer> => (await call("GET", "/api/v1/capture/policy")).json()
const put = (policy: object) => call("PUT", "/api/v1/capture/policy", { policy })
const ucp = { logLevel: "INFO", auditLevel: "request", supportDumpIncludeAuditLogs: false }

describe("what the environment sets", () => {
  test("counts for every organization, on top of what it saved, and is named with its variable and its line", async () => {
    const { policy, locks, version } = await read()
    expect(version).toBe(0)
    expect(policy).toMatchObject({ enabled: true, default: { call: true, data: true, resultData: false } })
    expect(policy.rules[0]).toMatchObject({ when: { endpoints: ["users.get_all"] }, then: { call: false } })
    const pointers = locks.map(({ pointer }) => pointer)
    expect(pointers).toEqual(expect.arrayContaining(["/enabled", "/redactIdentity", "/default/data"]))
    const enabled = locks.find(({ pointer }) => pointer === "/enabled")
    expect(enabled?.variable).toBe("CLEARML__apiserver__log_calls")
    expect(enabled?.line).toContain("CLEARML__apiserver__log_calls")
    const other = await api.makeTenant()
    const producer = await other.makeKey(["LOG-INGESTION"])
    const seen = await api.call("GET", "/api/v1/capture/policy", { key: producer })
    expect((await seen.json()).policy).toEqual(policy)
  })

  test("is refused another value with 409, a pointer and the variable, all at once, and nothing changes", async () => {
    const before = await read()
    const { policy } = before
    const refused = await put({
      ...policy,
      ...{ enabled: false, redactIdentity: true, idsOnly: false },
      default: { ...policy.default, data: false },
    })
    const problem = await refused.json()
    expect(problem).toMatchObject({ status: 409, code: "locked", type: "urn:problem:auditorium:locked" })
    expect(problem.errors.map(({ pointer }: { pointer: string }) => pointer).sort()).toEqual([
      ...["/policy/default/data", "/policy/enabled", "/policy/redactIdentity"],
    ])
    expect(JSON.stringify(problem.errors)).toContain("CLEARML__apiserver__log_calls")
    const without = await put({ ...policy, rules: policy.rules.slice(1) })
    expect([without.status, (await without.json()).errors[0].pointer]).toEqual([409, "/policy/rules/0"])
    const inFront = await put({ ...policy, rules: [{ name: "x", when: {}, then: {} }, ...policy.rules] })
    expect(inFront.status).toBe(409)
    expect(await read()).toEqual(before)
  })

  test("is fine with the same value; the rest is saved, and what was saved beneath it stays", async () => {
    const { policy } = await read()
    const rules = [...policy.rules, { name: "mine", when: { paths: ["/x"] }, then: { call: false } }]
    const saved = await put({ ...policy, rules, idsOnly: false })
    expect(saved.status).toBe(200)
    expect((await read()).policy).toEqual({ ...policy, rules, idsOnly: false })
    const { rows } = await api.db.superuser.query(
      "SELECT policy FROM capture_policy WHERE organization_id = $1 ORDER BY version DESC LIMIT 1",
      [api.tenant.organization.id],
    )
    // Without the environment, it would be switched off as before, and have no rule of its own.
    expect(rows[0].policy).toMatchObject({ enabled: false, idsOnly: false, default: { data: false } })
    expect(rows[0].policy.rules.map(({ name }: { name: string }) => name)).toEqual(
      [...presets.ours.rules, rules.at(-1)].map(rule => rule?.name),
    )
  })

  test("locks the level of UCP's settings: another one is 409 with the variable, the one that is shown 200", async () => {
    const shown = await call("GET", "/api/ucp/config/logging")
    expect(await shown.json()).toEqual(ucp)
    for (const auditLevel of ["none", "metadata"]) {
      const refused = await call("PUT", "/api/ucp/config/logging", { ...ucp, auditLevel })
      const problem = await refused.json()
      expect([refused.status, problem.code, problem.errors[0].pointer]).toEqual([
        409,
        "locked",
        "/auditLevel",
      ])
      expect(problem.errors[0].detail).toContain("CLEARML__apiserver__")
    }
    expect((await call("PUT", "/api/ucp/config/logging", ucp)).status).toBe(200)
    const dumped = await call("PUT", "/api/ucp/config/logging", { ...ucp, supportDumpIncludeAuditLogs: true })
    expect(dumped.status).toBe(200)
    // resultData is not set by the environment.
    const more = await call("PUT", "/api/ucp/config/logging", { ...ucp, auditLevel: "request-response" })
    expect(more.status).toBe(200)
  })
})
