import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { type Api, readLog, startApi, type Tenant } from "@/app/api/fixtures/api"
import { emptyEnvironment } from "@/lib/audit/capture/clearml-environment"
import { type CapturePolicy, presets, shippedPolicy } from "@/lib/audit/capture/policy"
import { capturePolicies } from "@/lib/capture/policies"

let api: Api
beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api.close())

const address = "/api/v1/capture/policy"

interface Managed {
  readonly tenant: Tenant
  readonly get: (headers?: Record<string, string>, key?: string) => Promise<Response>
  readonly put: (body: unknown, headers?: Record<string, string>) => Promise<Response>
  readonly producer: string
}

async function anOrganization(): Promise<Managed> {
  const tenant = await api.makeTenant()
  const manager = await tenant.makeKey(["CAPTURE-MANAGEMENT"])
  return {
    tenant,
    producer: await tenant.makeKey(["LOG-INGESTION"]),
    get: (headers = {}, key = manager) => api.call("GET", address, { key, headers }),
    put: (body, headers = {}) =>
      api.call("PUT", address, { key: manager, headers, body: JSON.stringify(body) }),
  }
}

const eventsOf = async ({ tenant }: Managed) =>
  (await readLog(api, tenant.organization)).filter(({ operation }) => operation === "capture_policy.update")

describe("reading the policy", () => {
  test("answers the shipped one until something is saved, to a producer and to a manager, and to no other key", async () => {
    const { get, producer, tenant } = await anOrganization()
    const [one, other] = [await get(), await get({}, producer)]
    const body = await one.json()
    expect(body).toEqual({ version: 0, policy: shippedPolicy, supportDumpIncludes: false, locks: [] })
    expect(await other.json()).toEqual(body)
    expect(other.headers.get("etag")).toBe(one.headers.get("etag"))
    expect((await get({}, await tenant.makeKey(["LOG-MANAGEMENT"]))).status).toBe(403)
  })

  test("costs a producer that has it nothing but 304, until something changes", async () => {
    const { get, put, producer, tenant } = await anOrganization()
    const etag = (await get({}, producer)).headers.get("etag") ?? ""
    for (const known of [etag, `W/${etag}`, `"x", ${etag}`, "*"]) {
      const response = await get({ "if-none-match": known }, producer)
      expect([known, response.status, await response.text(), response.headers.get("etag")]).toEqual([
        ...[known, 304, "", etag],
      ])
    }
    expect((await get({ "if-none-match": '"x"' }, producer)).status).toBe(200)
    await put({ policy: presets.ucp })
    api.platform.capturePolicies.forget(tenant.organization.id)
    const changed = await get({ "if-none-match": etag }, producer)
    expect([changed.status, (await changed.json()).version]).toEqual([200, 1])
  })
})

describe("saving the policy", () => {
  test("makes a version that counts from then on, and an event with what changed", async () => {
    const managed = await anOrganization()
    const { get, put } = managed
    const policy = { ...presets.ours, idsOnly: false, limits: { requestBytes: 100, responseBytes: 8_192 } }
    const saved = await put({ policy })
    expect([saved.status, await saved.json()]).toEqual([
      200,
      { version: 1, policy, supportDumpIncludes: false, locks: [] },
    ])
    const read = await get()
    expect(read.headers.get("etag")).toBe(saved.headers.get("etag"))
    expect(await read.json()).toEqual({ version: 1, policy, supportDumpIncludes: false, locks: [] })
    const [event, ...others] = await eventsOf(managed)
    expect(others).toEqual([])
    expect(event).toMatchObject({
      status: "success",
      actor: { type: "api_key" },
      targets: [{ type: "capture_policy", id: managed.tenant.organization.id }],
    })
    expect(event?.changes.toSorted((a, b) => a.path.localeCompare(b.path))).toEqual([
      { path: "/enabled", before: false, after: true },
      { path: "/idsOnly", before: true, after: false },
      { path: "/limits/requestBytes", before: 8_192, after: 100 },
    ])
  })

  test("of the same policy makes no version, and its event says that nothing changed", async () => {
    const managed = await anOrganization()
    await managed.put({ policy: presets.ucp })
    const again = await managed.put(await (await managed.get()).json())
    expect([again.status, (await again.json()).version]).toEqual([200, 1])
    expect((await eventsOf(managed)).map(({ changes }) => changes.length > 0)).toEqual([true, false])
  })

  test("is refused with 412 when somebody else has changed it, by the header or by the version; nothing changes", async () => {
    const managed = await anOrganization()
    const { get, put } = managed
    const etag = (await get()).headers.get("etag") ?? ""
    expect((await put({ policy: presets.ucp }, { "if-match": etag })).status).toBe(200)
    const stale = [
      put({ policy: presets.clearml }, { "if-match": etag }),
      put({ policy: presets.clearml }, { "if-match": '"a", "b"' }),
      put({ policy: presets.clearml, version: 0 }),
      put({ policy: presets.clearml, version: 2 }),
      // A weak tag is not proof enough to overwrite something.
      put({ policy: presets.clearml }, { "if-match": `W/${(await get()).headers.get("etag")}` }),
    ]
    for (const response of await Promise.all(stale)) {
      expect([response.status, (await response.json()).code]).toEqual([412, "precondition-failed"])
    }
    expect(await (await get()).json()).toMatchObject({ version: 1, policy: presets.ucp })
    const now = (await get()).headers.get("etag") ?? ""
    expect((await put({ policy: presets.ours, version: 1 }, { "if-match": `"x", ${now}` })).status).toBe(200)
    expect((await put({ policy: presets.ucp }, { "if-match": "*" })).status).toBe(200)
  })

  test("of many at once with the same tag succeeds once", async () => {
    const { get, put } = await anOrganization()
    const etag = (await get()).headers.get("etag") ?? ""
    const limits = [1, 2, 3, 4, 5, 6].map(bytes => ({ requestBytes: bytes, responseBytes: bytes }))
    const answers = await Promise.all(
      limits.map(limit => put({ policy: { ...presets.ours, limits: limit } }, { "if-match": etag })),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412, 412, 412, 412])
  })

  const rule = (members: object = {}) => ({ name: "r", when: {}, then: {}, ...members })
  const rules = (number: number) =>
    Array.from({ length: number }, (_, position) => rule({ name: `r${position}` }))

  test("of 200 rules is possible, and its event is one change when it has more than an event can list", async () => {
    const managed = await anOrganization()
    expect((await managed.put({ policy: { ...presets.ours, rules: rules(200) } })).status).toBe(200)
    expect((await eventsOf(managed))[0]?.status).toBe("success")
  })

  const faulty: readonly [string, unknown, readonly string[]][] = [
    ["an unknown key", { policy: { enable: true } }, ["/policy/enable"]],
    ["an unknown key of a rule", { policy: { rules: [rule({ if: {} })] } }, ["/policy/rules/0/if"]],
    ["201 rules", { policy: { rules: rules(201) } }, ["/policy/rules"]],
    [
      "* in the middle",
      { policy: { ignore: ["/a*b"], rules: [rule({ when: { paths: ["/x*/y"] } })] } },
      ["/policy/ignore/0", "/policy/rules/0/when/paths/0"],
    ],
    ["an empty field list", { policy: { default: { data: [] } } }, ["/policy/default/data"]],
    [
      "an unknown app",
      { policy: { rules: [rule({ when: { apps: ["billing", "nowhere"] } })] } },
      ["/policy/rules/0/when/apps/1"],
    ],
    [
      "all of them at once",
      {
        policy: {
          enable: true,
          ignore: ["/a*b"],
          default: { data: [] },
          rules: [rule({ when: { apps: ["nowhere"] } })],
        },
      },
      ["/policy/default/data", "/policy/enable", "/policy/ignore/0", "/policy/rules/0/when/apps/0"],
    ],
    ["no policy", {}, ["/policy"]],
    ["a list", [], [""]],
    ["null", null, [""]],
    ["a policy that is no object", { policy: "all" }, ["/policy"]],
    ["another member", { policy: {}, more: 1 }, ["/more"]],
    ["the header as a member", { policy: {}, ifMatch: "*" }, ["/ifMatch"]],
  ]
  test.each(faulty)(
    "with %s is 422 with one pointer for each fault, and changes nothing",
    async (_, body, pointers) => {
      const managed = await anOrganization()
      const response = await managed.put(body)
      const { code, errors } = await response.json()
      expect([response.status, code]).toEqual([422, "invalid"])
      expect(errors.map(({ pointer }: { pointer: string }) => pointer).sort()).toEqual(pointers)
      expect(await (await managed.get()).json()).toMatchObject({ version: 0 })
      expect(await eventsOf(managed)).toEqual([])
    },
  )

  test("of broken JSON is 400, of another media type 415, with a key twice 422, too large 413", async () => {
    const { tenant } = await anOrganization()
    const key = await tenant.makeKey(["CAPTURE-MANAGEMENT"])
    const put = async (body: string, type?: string) =>
      (await api.call("PUT", address, { key, body, ...(type && { type }) })).status
    expect(await put('{"policy": {')).toBe(400)
    expect(await put("{}", "text/plain")).toBe(415)
    expect(await put("{}", "application/x-www-form-urlencoded")).toBe(415)
    expect(await put('{"policy": {"enabled": true, "enabled": false}}')).toBe(422)
    expect(await put(JSON.stringify({ policy: { licenseKey: "x".repeat(300_000) } }))).toBe(413)
  })

  test("by a key without CAPTURE-MANAGEMENT is refused, and the refusal is in the log", async () => {
    const managed = await anOrganization()
    const sent = { key: managed.producer, body: JSON.stringify({ policy: presets.ours }) }
    expect((await api.call("PUT", address, sent)).status).toBe(403)
    expect(await eventsOf(managed)).toMatchObject([{ status: "denied" }])
  })
})

describe("a change", () => {
  test("is known in another process within five seconds, with and without use in between", async () => {
    const { put, tenant } = await anOrganization()
    const { id } = tenant.organization
    for (const useBetween of [true, false]) {
      const clock = { ms: 0 }
      const policies = capturePolicies(api.platform.database, {
        environment: emptyEnvironment,
        now: () => clock.ms,
      })
      const before = (await policies.of(id)).version
      const policy: CapturePolicy = { ...presets.ours, redactIdentity: useBetween }
      expect((await put({ policy })).status).toBe(200)
      if (useBetween) {
        clock.ms = 1_999
        expect((await policies.of(id)).version).toBe(before)
      }
      clock.ms = 4_999
      expect((await policies.of(id)).version).toBe(before + 1)
      expect((await policies.of(id)).policy).toEqual(policy)
    }
  })

  test("is not known to another organization", async () => {
    const [one, other] = [await anOrganization(), await anOrganization()]
    await one.put({ policy: presets.ours })
    expect(await (await other.get()).json()).toMatchObject({ version: 0 })
    const seen = await api.platform.database.withOrganization(other.tenant.organization.id, tx =>
      tx.query("SELECT 1 FROM capture_policy"),
    )
    expect(seen).toEqual([])
  })

  test("cannot be taken out of the history, nor rewritten", async () => {
    const { put, tenant } = await anOrganization()
    await put({ policy: presets.ours })
    for (const statement of ["DELETE FROM capture_policy", "UPDATE capture_policy SET policy = '{}'"]) {
      const tried = api.platform.database.withOrganization(tenant.organization.id, tx => tx.query(statement))
      await expect(tried).rejects.toThrow("permission denied")
    }
  })
})
