import { randomUUID } from "node:crypto"
import { beforeEach, describe, expect, test } from "vitest"
import { type CapturePolicy, presets } from "@/lib/audit/capture/policy"
import type { EventInput } from "@/lib/audit/event/input"
import { createApiKey } from "@/lib/operations/api-keys/create"
import { createApp } from "@/lib/operations/apps/create"
import { execute } from "@/lib/operations/core/execute"
import type { Caller } from "@/lib/operations/core/operation"
import { ingestEvents } from "@/lib/operations/events/ingest"
import { callerFor, job } from "@/lib/operations/fixtures/access"
import { home, memberWith, setUpHome } from "@/lib/operations/fixtures/home"
import { platform } from "@/test/platform"
import { findCaptureFigures } from "./figures"
import { jsonBody, recordedEvent } from "./fixtures/recorded"
import { reportCaptureCounts } from "./report"
import { simulateCapturePolicy } from "./simulate"
import { updateCapturePolicy } from "./update"

setUpHome(beforeEach)

let producer: Caller
beforeEach(async () => {
  await execute(createApp, job(home), { slug: "billing", name: "Billing" })
  const scopes = ["LOG-INGESTION"]
  const { key } = await execute(createApiKey, job(home), {
    app: "billing",
    name: "k",
    scopes,
    expiresAt: null,
  })
  producer = callerFor(await platform.keys.principalOf(key, null, new Date()))
})

const everything: CapturePolicy = {
  ...presets.ours,
  ignore: [],
  rules: [],
  default: { call: true, data: true, resultData: false },
}
const send = (events: readonly (EventInput | null)[]) =>
  execute(ingestEvents, producer, {
    form: "json",
    pieces: [new TextEncoder().encode(JSON.stringify(events))],
  })
const count = (counts: readonly object[]) =>
  execute(reportCaptureCounts, producer, {
    ...{ instance: randomUUID(), sequence: 1, kind: "node", version: "1" },
    counts: counts.map(one => ({
      ...{ hour: new Date().toISOString(), method: "GET", class: "2xx", calls: 1, bytesIn: 0, bytesOut: 0 },
      ...one,
    })),
  })
const simulate = (policy?: CapturePolicy, caller = job(home)) =>
  execute(simulateCapturePolicy, caller, policy === undefined ? {} : { policy })

describe("a draft over recorded calls", () => {
  const call = (path: string, request: unknown) =>
    recordedEvent(everything, {
      method: "POST",
      path,
      requestBody: jsonBody(request),
      requestBytes: 9,
      app: "billing",
    })

  test("tells which would be kept, which dropped, and which fields would be left out", async () => {
    const sent = [
      call("/orders", { id: 1, note: "a" }),
      call("/orders", { id: 2, price: 3 }),
      call("/health", { id: 3 }),
    ]
    await send([...sent, { operation: "door.open", status: "success", actor: { type: "user", id: "a" } }])
    const draft: CapturePolicy = {
      ...everything,
      rules: [
        { name: "Health", when: { paths: ["/health"] }, then: { call: false } },
        { name: "Orders", when: { paths: ["/orders"], apps: ["billing"] }, then: { data: ["id"] } },
      ],
    }
    const { recorded } = await simulate(draft)
    expect(recorded).toMatchObject({
      ...{ calls: 3, kept: 2, dropped: 1, isWhole: true, rules: [1, 2] },
      notKnown: { request: 0, response: 0 },
    })
    expect(recorded.hidden.toSorted((a, b) => a.field.localeCompare(b.field))).toEqual([
      { part: "request", field: "note", calls: 1 },
      { part: "request", field: "price", calls: 1 },
    ])
    expect(recorded.bytesAfter).toBeLessThan(recorded.bytesBefore)
    expect(recorded.from).not.toBeNull()
    await execute(updateCapturePolicy, job(home), { policy: everything })
    const same = await simulate()
    expect(same.recorded).toMatchObject({ kept: 3, dropped: 0, hidden: [] })
    expect(same.recorded.bytesAfter).toBe(same.recorded.bytesBefore)
  })

  test("says that bodies which were never captured are not known", async () => {
    const metadata = { ...everything, default: { call: true, data: false, resultData: false } }
    const given = {
      method: "POST",
      path: "/orders",
      requestBody: jsonBody({ a: 1 }),
      requestBytes: 7,
      responseBytes: 0,
    }
    await send([
      recordedEvent(metadata, given),
      recordedEvent(metadata, { ...given, requestBody: null, requestBytes: 0 }),
    ])
    const draft = { ...everything, default: { call: true, data: true, resultData: true } }
    const { recorded } = await simulate(draft)
    expect(recorded).toMatchObject({ calls: 2, kept: 2, hidden: [], notKnown: { request: 1, response: 0 } })
  })

  test("takes outcomes and actors as they were recorded", async () => {
    const given = { method: "GET", path: "/orders" }
    await send([
      recordedEvent(everything, { ...given, status: 403 }),
      recordedEvent(everything, { ...given, status: 500 }),
      recordedEvent(everything, { ...given, caller: { type: "user", id: "ada" } }),
    ])
    const rule = (name: string, when: object) => ({ name, when, then: { call: false } })
    const rules = [
      rule("denied", { outcomes: ["denied"] }),
      rule("failed", { outcomes: ["failure"] }),
      rule("users", { actorTypes: ["user"] }),
    ]
    expect((await simulate({ ...everything, rules })).recorded.rules).toEqual([1, 1, 1])
  })

  test("tells names of fields only to those who may read the whole log", async () => {
    await send([call("/orders", { note: "a" })])
    const draft = { ...everything, default: { call: true, data: false, resultData: false } }
    const manager = await memberWith(["CAPTURE-MANAGEMENT"])
    const reader = await memberWith(["CAPTURE-MANAGEMENT", "LOG-MANAGEMENT"])
    expect((await simulate(draft, manager)).recorded).toMatchObject({ calls: 1, hidden: [] })
    expect((await simulate(draft, reader)).recorded).toMatchObject({ hidden: [{ field: "note" }] })
  })
})

describe("a draft over counted calls", () => {
  test("tells how many would be recorded, by which part of the policy, also of calls that never were", async () => {
    await count([
      { endpoint: "/_ping", calls: 1_000 },
      { endpoint: "/versions", calls: 5 },
      { endpoint: "/orders/{id}", method: "DELETE", calls: 30 },
      { endpoint: "/orders/{id}", method: "HEAD", calls: 7 },
      { endpoint: "users.get", calls: 11 },
    ])
    const draft: CapturePolicy = {
      ...presets.ours,
      rules: [
        { name: "Users", when: { endpoints: ["users.*"] }, then: { call: false } },
        { name: "Orders", when: { paths: ["/orders/{x}"] }, then: {} },
        { name: "Misspelled", when: { endpoints: ["user.get", "tasks.*"] }, then: {} },
      ],
    }
    const { counted } = await simulate(draft)
    expect(counted.now).toMatchObject({ calls: 1_053, recorded: 0, why: { disabled: 1_053 } })
    expect(counted.then).toMatchObject({
      ...{ calls: 1_053, recorded: 30, notKnown: 0, rules: [11, 30, 0] },
      why: { ignored: 1_005, method: 7, "call-off": 11, rule: 30 },
      neverSeen: ["user.get", "tasks.*"],
    })
    const ignored = counted.then.ignored.flatMap((calls, position) =>
      calls === 0 ? [] : [[draft.ignore[position], calls]],
    )
    expect(ignored).toEqual([
      ["/_ping", 1_000],
      ["/version*", 5],
    ])
  })

  test("says where it depends on what counts do not tell", async () => {
    await count([
      { endpoint: "/orders", class: "4xx", calls: 3 },
      { endpoint: "/orders", class: "2xx", calls: 4 },
      { endpoint: "/users", class: "2xx", calls: 5 },
    ])
    const rules = [
      { name: "denied", when: { outcomes: ["denied"] }, then: { call: false } },
      { name: "staff", when: { paths: ["/users"], actorTypes: ["staff"] }, then: { call: false } },
    ] as const
    const { counted } = await simulate({ ...presets.ours, rules })
    expect(counted.then).toMatchObject({ calls: 12, recorded: 4, notKnown: 8 })
  })

  test("are those of the last days only, and of this organization", async () => {
    const ago = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString()
    await count([
      { endpoint: "/a", hour: ago(0) },
      { endpoint: "/a", hour: ago(3), calls: 10 },
      { endpoint: "/a", hour: ago(8), calls: 100 },
    ])
    const day = await execute(simulateCapturePolicy, job(home), { policy: presets.ours, days: 1 })
    expect([day.days, day.counted.then.calls]).toEqual([1, 1])
    expect((await simulate(presets.ours)).counted.then.calls).toBe(11)
  })

  test("with a fault is refused, with a pointer", async () => {
    const bad = execute(simulateCapturePolicy, job(home), { policy: { ignore: ["/a*b"] } })
    await expect(bad).rejects.toMatchObject({ code: "invalid", faults: [{ pointer: "/policy/ignore/0" }] })
  })
})

test("the figures of the policy that counts are those of its parts, and of the bodies", async () => {
  await count([
    { endpoint: "/_ping", calls: 10, bytesOut: 20 },
    { endpoint: "/big", calls: 2, bytesIn: 0, bytesOut: 4_000 },
  ])
  await execute(updateCapturePolicy, job(home), {
    policy: { ...presets.ours, rules: [{ name: "Big", when: { paths: ["/big"] }, then: {} }] },
  })
  const figures = await execute(findCaptureFigures, job(home), {})
  expect(figures).toMatchObject({
    days: 7,
    counted: { calls: 12, recorded: 2, rules: [2] },
    request: { bytes: 0, largest: null },
    response: { bytes: 4_020, largest: { endpoint: "/big", averageBytes: 2_000 } },
  })
  expect(figures.counted.ignored[0]).toBe(10)
})
