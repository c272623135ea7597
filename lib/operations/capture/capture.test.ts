import { randomUUID } from "node:crypto"
import { beforeEach, describe, expect, test } from "vitest"
import { presets, shippedPolicy } from "@/lib/audit/capture/policy"
import { captureCounts } from "@/lib/capture/counts"
import { createApp } from "@/lib/operations/apps/create"
import { execute } from "@/lib/operations/core/execute"
import { job, makeOrganization } from "@/lib/operations/fixtures/access"
import { home, memberAs, setUpHome } from "@/lib/operations/fixtures/home"
import { platform } from "@/test/platform"
import { listCaptureApps } from "./apps"
import { listCapturePolicyVersions } from "./history"
import { readCapturePolicy } from "./policy"
import { listCaptureProducers } from "./producers"
import { tryCapturePolicy } from "./try"
import { updateCapturePolicy } from "./update"

setUpHome(beforeEach)

describe("the history of the policy", () => {
  test("has each version with who saved it, when, and what it changed, in pages", async () => {
    const ada = await memberAs(["Organization Administrator"])
    await execute(updateCapturePolicy, ada, { policy: presets.ours })
    await execute(updateCapturePolicy, job(home), {
      policy: { ...presets.ours, licenseKey: "L" },
      supportDumpIncludes: true,
    })
    await execute(updateCapturePolicy, ada, { policy: shippedPolicy })
    const newest = await execute(listCapturePolicyVersions, ada, { limit: 2 })
    expect(newest.next).toBe(2)
    expect(newest.versions.map(({ version, actor }) => [version, actor.type])).toEqual([
      [3, "user"],
      [2, "system"],
    ])
    expect(newest.versions[1]?.changes).toEqual([
      { path: "/licenseKey", before: null, after: "L" },
      { path: "/supportDumpIncludes", before: false, after: true },
    ])
    const oldest = await execute(listCapturePolicyVersions, ada, { limit: 2, before: 2 })
    expect(oldest).toMatchObject({
      next: null,
      versions: [
        {
          ...{ version: 1, createdAt: ada.at.toISOString() },
          actor: { type: "user", id: ada.personId, name: "Ada Lovelace" },
          changes: [{ path: "/enabled", before: false, after: true }],
        },
      ],
    })
  })

  test("is that of this organization, and is read with CAPTURE-MANAGEMENT only", async () => {
    const elsewhere = await makeOrganization()
    await execute(updateCapturePolicy, job(elsewhere), { policy: presets.ours })
    expect(await execute(listCapturePolicyVersions, job(home), {})).toEqual({ versions: [], next: null })
    expect((await execute(readCapturePolicy, job(home), {})).version).toBe(0)
    const member = await memberAs(["Member"])
    await expect(execute(listCapturePolicyVersions, member, {})).rejects.toMatchObject({ code: "forbidden" })
  })
})

describe("a change of the console", () => {
  test("of an older version than the one that counts is refused, so that nobody overwrites what they have not seen", async () => {
    const [ada, bob] = [
      await memberAs(["Organization Administrator"]),
      await memberAs(["Organization Administrator"]),
    ]
    const opened = await execute(readCapturePolicy, ada, {})
    await execute(updateCapturePolicy, bob, { policy: presets.ucp, version: opened.version })
    const late = execute(updateCapturePolicy, ada, { policy: presets.ours, version: opened.version })
    await expect(late).rejects.toMatchObject({ code: "precondition-failed" })
    expect((await execute(readCapturePolicy, ada, {})).policy).toEqual(presets.ucp)
  })

  test("is possible although an app that a rule names was renamed or does not exist any more", async () => {
    await execute(createApp, job(home), { slug: "billing", name: "Billing" })
    const rules = [{ name: "r", when: { apps: ["billing"] }, then: {} }]
    await execute(updateCapturePolicy, job(home), { policy: { ...presets.ours, rules } })
    await platform.database.withOrganization(home.id, tx =>
      tx.query("UPDATE app SET slug = 'invoices' WHERE slug = 'billing'"),
    )
    const policy = { ...presets.ours, rules, idsOnly: false }
    expect(await execute(updateCapturePolicy, job(home), { policy })).toMatchObject({ version: 2 })
    expect(await execute(listCaptureApps, job(home), {})).toContainEqual({
      slug: "invoices",
      name: "Billing",
    })
  })
})

test("producers are listed with the policy they follow, and what they lost within a day", async () => {
  const { id: appId } = await execute(createApp, job(home), { slug: "billing", name: "Billing" })
  const counts = captureCounts(platform.database)
  const app = { organizationId: home.id, appId }
  const report = {
    kind: "proxy",
    version: "0.1.0",
    profile: "docker",
    host: "h",
    policyVersion: 4,
    counts: [],
  }
  const now = Date.now()
  const hoursAgo = (hours: number) => new Date(now - hours * 3_600_000)
  const lost = { ...report, sequence: 1, dropped: 5 }
  await counts.count(app, { ...lost, instance: "old" }, hoursAgo(25))
  await counts.count(app, { ...lost, instance: "new" }, hoursAgo(23))
  await counts.count(app, { ...lost, instance: "none", dropped: 0, policyVersion: null }, hoursAgo(1))
  const listed = await execute(listCaptureProducers, job(home), {})
  expect(listed).toMatchObject({ total: 3, losses: { instances: 1, dropped: 5 }, policyVersion: 0 })
  expect(listed.producers.map(({ instance }) => instance)).toEqual(["none", "new", "old"])
  expect(listed.producers[1]).toEqual({
    ...{ app: { slug: "billing", name: "Billing" }, instance: "new", kind: "proxy", version: "0.1.0" },
    ...{ profile: "docker", host: "h", policyVersion: 4, dropped: 5 },
    ...{ droppedAt: hoursAgo(23).toISOString(), firstSeenAt: hoursAgo(23).toISOString() },
    lastSeenAt: hoursAgo(23).toISOString(),
  })
  const elsewhere = await makeOrganization()
  expect(await execute(listCaptureProducers, job(elsewhere), {})).toMatchObject({ total: 0, producers: [] })
})

describe("trying a call", () => {
  const call = (members: object = {}) => ({ method: "post", path: "/orders?x=1", ...members })

  test("tells the rule that decides and the exact event, without its secrets, and records nothing", async () => {
    const mark = `s${randomUUID()}`
    const policy = {
      ...presets.ours,
      rules: [{ name: "Orders", when: { methods: ["POST"], paths: ["/orders"] }, then: { data: true } }],
    }
    const tried = await execute(tryCapturePolicy, job(home), {
      policy,
      call: call({
        headers: [["Authorization", `Bearer ${mark}`]],
        requestBody: JSON.stringify({ item: "shoe", password: mark }),
        status: 201,
        responseBody: '{"id":"o-1"}',
      }),
    })
    expect(tried.decision).toMatchObject({
      call: true,
      data: true,
      resultData: false,
      why: "rule",
      rule: "Orders",
    })
    expect(tried.event).toMatchObject({
      status: "success",
      http: { method: "POST", path: "/orders", status: 201 },
    })
    expect(JSON.stringify(tried.event)).toContain("shoe")
    expect(JSON.stringify(tried.event)).not.toContain(mark)
    expect((await execute(readCapturePolicy, job(home), {})).version).toBe(0)
  })

  test("under the policy that counts, which records nothing, has no event and says why", async () => {
    const tried = await execute(tryCapturePolicy, job(home), { call: call() })
    expect(tried).toMatchObject({
      event: null,
      decision: { call: false, why: "disabled" },
      considered: { call: false },
    })
    const draft = await execute(tryCapturePolicy, job(home), {
      policy: presets.ours,
      call: call({ path: "/_ping" }),
    })
    expect(draft).toMatchObject({ event: null, decision: { why: "ignored" } })
    const hidden = await execute(tryCapturePolicy, job(home), {
      policy: presets.ours,
      call: call({ path: "/_ping/%2e%2e/secrets" }),
    })
    expect(hidden.event).not.toBeNull()
  })

  test.each([
    ["a draft with a fault", { policy: { default: { data: [] } }, call: call() }, "/policy/default/data"],
    ["a path without a slash", { call: call({ path: "orders" }) }, "/call/path"],
    ["a method with a space", { call: call({ method: "GE T" }) }, "/call/method"],
    ["a status that does not exist", { call: call({ status: 99 }) }, "/call/status"],
    ["an unknown profile", { call: call({ profile: "aws" }) }, "/call/profile"],
    ["a body of more than 64 KiB", { call: call({ requestBody: "x".repeat(70_000) }) }, "/call/requestBody"],
  ])("with %s is refused with a pointer", async (_, input, pointer) => {
    const tried = execute(tryCapturePolicy, job(home), input)
    await expect(tried).rejects.toMatchObject({ code: "invalid", faults: [{ pointer }] })
  })

  test("with a body of any kind gives an answer", async () => {
    for (const requestBody of ["{", "\u0000", "[".repeat(5_000), '{"a":1e999}', "a=1&b=2", "\ud800"]) {
      const policy = { ...presets.ours, rules: [], default: { call: true, data: true, resultData: true } }
      const tried = await execute(tryCapturePolicy, job(home), { policy, call: call({ requestBody }) })
      expect(tried.event).not.toBeNull()
    }
  })
})
