import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { type Api, readLog, startApi, type Tenant } from "@/app/api/fixtures/api"
import { type CapturePolicy, presets } from "@/lib/audit/capture/policy"

const address = "/api/ucp/config/logging"
const sample = { logLevel: "INFO", auditLevel: "metadata", supportDumpIncludeAuditLogs: false }

interface Managed {
  readonly tenant: Tenant
  readonly get: () => Promise<Response>
  readonly text: () => Promise<string>
  readonly put: (body: unknown, headers?: Record<string, string>, type?: string) => Promise<Response>
  readonly policy: () => Promise<{ readonly version: number; readonly policy: CapturePolicy }>
  readonly save: (policy: unknown) => Promise<Response>
}

async function managed(api: Api, tenant: Tenant): Promise<Managed> {
  const key = await tenant.makeKey(["CAPTURE-MANAGEMENT"])
  const get = () => api.call("GET", address, { key })
  const own = "/api/v1/capture/policy"
  return {
    tenant,
    get,
    text: async () => (await get()).text(),
    put: (body, headers = {}, type) =>
      api.call("PUT", address, {
        ...{ key, headers, ...(type && { type }) },
        body: typeof body === "string" ? body : JSON.stringify(body),
      }),
    policy: async () => (await api.call("GET", own, { key })).json(),
    save: policy => api.call("PUT", own, { key, body: JSON.stringify({ policy }) }),
  }
}

describe("an installation with several organizations", () => {
  let api: Api
  beforeAll(async () => {
    api = await startApi()
  })
  afterAll(() => api.close())
  const anOrganization = async () => managed(api, await api.makeTenant())

  test("answers exactly the bytes of UCP's document, as JSON that nobody stores, with a tag", async () => {
    const { get, put, text } = await anOrganization()
    expect(await text()).toBe('{"logLevel":"INFO","auditLevel":"none","supportDumpIncludeAuditLogs":false}')
    expect((await put(sample)).status).toBe(200)
    const response = await get()
    expect(await response.text()).toBe(
      '{"logLevel":"INFO","auditLevel":"metadata","supportDumpIncludeAuditLogs":false}',
    )
    expect(response.headers.get("content-type")).toBe("application/json; charset=utf-8")
    expect(response.headers.get("etag")).toMatch(/^"[\w-]{22}"$/)
    expect(response.headers.get("cache-control")).toBe("no-store")
    expect(response.headers.get("x-auditorium-policy")).toBeNull()
  })

  test.each([
    ["none", "none"],
    ["", "none"],
    ["METADATA", "metadata"],
    ["Request", "request"],
    ["request-response", "request-response"],
  ])("takes the level %j and shows it as %s", async (auditLevel, shown) => {
    const { put, text } = await anOrganization()
    const response = await put({ ...sample, auditLevel })
    expect([response.status, JSON.parse(await response.text()).auditLevel]).toEqual([200, shown])
    expect(JSON.parse(await text()).auditLevel).toBe(shown)
  })

  test("never destroys a policy by putting back what was read, whatever it is", async () => {
    const policies: readonly Partial<CapturePolicy>[] = [
      presets.ucp,
      presets.clearml,
      { ...presets.ours, default: { call: true, data: ["a"], resultData: true } },
      { ...presets.ours, default: { call: false, data: true, resultData: true } },
      { ...presets.ours, enabled: false, default: { call: true, data: ["a"], resultData: ["b"] } },
    ]
    for (const given of policies) {
      const { save, put, text, policy, get } = await anOrganization()
      await save(given)
      const [before, isCustom] = [await policy(), (await get()).headers.get("x-auditorium-policy")]
      expect(isCustom).toBe(given.enabled && Array.isArray(given.default?.data) ? "custom" : isCustom)
      expect((await put(await text())).status).toBe(200)
      expect(await policy()).toEqual(before)
    }
  })

  test("says of a policy that it cannot show that it is custom, and changes its level when another one is put", async () => {
    const { save, put, get, policy } = await anOrganization()
    const rules = [{ name: "r", when: { paths: ["/x"] }, then: { call: false } }]
    await save({
      ...presets.ours,
      rules,
      secretNames: ["shoe"],
      default: { call: true, data: ["a"], resultData: false },
    })
    const shown = await get()
    expect(shown.headers.get("x-auditorium-policy")).toBe("custom")
    expect(JSON.parse(await shown.text()).auditLevel).toBe("metadata")
    expect((await put({ ...sample, auditLevel: "request" })).headers.get("x-auditorium-policy")).toBeNull()
    expect((await policy()).policy).toMatchObject({
      ...{ enabled: true, rules, secretNames: ["shoe"] },
      default: { call: true, data: true, resultData: false },
    })
  })

  test("is one policy with that of our own API: one row, one history of versions, one event for each change", async () => {
    const own = await anOrganization()
    await own.save(presets.ours)
    await own.put({ ...sample, auditLevel: "request", supportDumpIncludeAuditLogs: true })
    expect(await own.policy()).toMatchObject({ version: 2, policy: { default: { data: true } } })
    expect(await own.text()).toContain('"supportDumpIncludeAuditLogs":true')
    // A change by our own API keeps the switch.
    await own.save({ ...presets.ours, idsOnly: false })
    expect(await own.text()).toContain('"auditLevel":"metadata","supportDumpIncludeAuditLogs":true')
    const events = (await readLog(api, own.tenant.organization)).filter(
      ({ operation }) => operation === "capture_policy.update",
    )
    expect(events.map(({ changes }) => changes.map(({ path, after }) => [path, after]))).toEqual([
      [["/enabled", true]],
      [
        ["/default/data", true],
        ["/supportDumpIncludes", true],
      ],
      [
        ["/default/data", false],
        ["/idsOnly", false],
      ],
    ])
  })

  const refused: readonly [string, unknown, string | undefined, number, readonly string[] | null][] = [
    [
      "a missing key",
      { logLevel: "INFO", auditLevel: "metadata" },
      undefined,
      422,
      ["/supportDumpIncludeAuditLogs"],
    ],
    ["an unknown key", { ...sample, level: "x" }, undefined, 422, ["/level"]],
    ["the level all", { ...sample, auditLevel: "all" }, undefined, 422, ["/auditLevel"]],
    ["an unknown log level", { ...sample, logLevel: "TRACE" }, undefined, 422, ["/logLevel"]],
    [
      "a text for a switch",
      { ...sample, supportDumpIncludeAuditLogs: "false" },
      undefined,
      422,
      ["/supportDumpIncludeAuditLogs"],
    ],
    ["a null", { ...sample, auditLevel: null }, undefined, 422, ["/auditLevel"]],
    [
      "nothing but faults",
      { a: 1 },
      undefined,
      422,
      ["/a", "/auditLevel", "/logLevel", "/supportDumpIncludeAuditLogs"],
    ],
    ["a list", [sample], undefined, 422, [""]],
    [
      "a key twice",
      '{"logLevel":"INFO","auditLevel":"none","auditLevel":"metadata","supportDumpIncludeAuditLogs":false}',
      undefined,
      422,
      ["/auditLevel"],
    ],
    ["broken JSON", '{"logLevel":"INFO",', undefined, 400, null],
    ["nothing", "", undefined, 400, null],
    ["text that is not UTF-8", "\u00ff", "application/json; charset=latin1", 415, null],
    ["a form", "auditLevel=metadata", "application/x-www-form-urlencoded", 415, null],
    ["plain text", JSON.stringify(sample), "text/plain", 415, null],
    ["a huge document", { ...sample, more: "x".repeat(20_000) }, undefined, 413, null],
  ]
  test.each(refused)(
    "refuses %s as a problem, and nothing changes",
    async (_, body, type, status, pointers) => {
      const { put, policy, text } = await anOrganization()
      await put(sample)
      const [before, shown] = [await policy(), await text()]
      const response = await put(body, {}, type)
      const problem = await response.json()
      expect(response.headers.get("content-type")).toMatch(/^application\/problem\+json/)
      expect([response.status, problem.status]).toEqual([status, status])
      const found = problem.errors?.map(({ pointer }: { pointer: string }) => pointer).sort() ?? null
      expect(found).toEqual(pointers)
      expect(await policy()).toEqual(before)
      expect(await text()).toBe(shown)
    },
  )

  test("refuses a document for a policy that has changed since it was read, and takes the newest", async () => {
    const { put, get, save, policy } = await anOrganization()
    const etag = (await get()).headers.get("etag") ?? ""
    await save({ ...presets.ours, idsOnly: false })
    const stale = await put({ ...sample, auditLevel: "request" }, { "if-match": etag })
    expect([stale.status, (await stale.json()).code]).toEqual([412, "precondition-failed"])
    expect((await policy()).version).toBe(1)
    const current = (await get()).headers.get("etag") ?? ""
    const saved = await put({ ...sample, auditLevel: "request" }, { "if-match": current })
    expect([saved.status, saved.headers.get("etag")]).toEqual([200, (await get()).headers.get("etag")])
  })

  test("locks the level of the server log, which all organizations share; the level that is shown is fine", async () => {
    const { put, policy } = await anOrganization()
    const response = await put({ ...sample, logLevel: "DEBUG" })
    const problem = await response.json()
    expect(problem).toMatchObject({ status: 409, code: "locked", type: "urn:problem:auditorium:locked" })
    expect(problem.errors).toMatchObject([{ pointer: "/logLevel" }])
    expect((await policy()).version).toBe(0)
    expect((await put({ ...sample, logLevel: "info" })).status).toBe(200)
  })

  test("is answered and changed with CAPTURE-MANAGEMENT only", async () => {
    const { tenant } = await anOrganization()
    for (const scope of ["LOG-INGESTION", "LOG-MANAGEMENT"] as const) {
      const key = await tenant.makeKey([scope])
      expect((await api.call("GET", address, { key })).status).toBe(403)
      expect((await api.call("PUT", address, { key, body: JSON.stringify(sample) })).status).toBe(403)
    }
  })

  test("answers other methods with 405 and what it takes", async () => {
    const { tenant } = await anOrganization()
    const key = await tenant.makeKey(["CAPTURE-MANAGEMENT"])
    const response = await api.call("POST", address, { key, body: "{}" })
    expect([response.status, response.headers.get("allow")]).toEqual([405, "GET, HEAD, PUT"])
  })
})

describe("an installation with one organization", () => {
  async function alone(environment: Record<string, string> = {}) {
    const api = await startApi(() => environment)
    return { api, ...(await managed(api, api.tenant)) }
  }

  test("changes the level of the server log, in whatever spelling, and records it", async () => {
    const { api, put, text, tenant } = await alone()
    try {
      const words = [
        ["DEBUG", "DEBUG"],
        ["warning", "WARN"],
        ["Fatal", "ERROR"],
        ["INFO", "INFO"],
      ]
      for (const [word, shown] of words) {
        expect((await put({ ...sample, logLevel: word })).status).toBe(200)
        expect(JSON.parse(await text()).logLevel).toBe(shown)
      }
      const log = await readLog(api, tenant.organization)
      const changes = log.flatMap(event => event.changes).filter(({ path }) => path === "/logLevel")
      expect(changes.map(({ before, after }) => `${before} ${after}`)).toEqual([
        ...["info debug", "debug warn", "warn error", "error info"],
      ])
    } finally {
      await api.close()
    }
  })

  test("does not change it where LOG_LEVEL is set, and names the variable; a silent log is shown as ERROR and stays", async () => {
    const { api, put, text } = await alone({ LOG_LEVEL: "silent" })
    try {
      expect(JSON.parse(await text()).logLevel).toBe("ERROR")
      const problem = await (await put({ ...sample, logLevel: "WARN" })).json()
      expect(problem).toMatchObject({ status: 409, code: "locked" })
      expect(problem.errors[0]).toMatchObject({
        pointer: "/logLevel",
        detail: expect.stringContaining("LOG_LEVEL"),
      })
      expect((await put({ ...sample, logLevel: "ERROR" })).status).toBe(200)
    } finally {
      await api.close()
    }
  })
})
