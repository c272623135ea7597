import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { type Api, anEvent, readLog, readSent, startApi } from "@/app/api/fixtures/api"
import { problem } from "@/lib/operations/openapi/openapi-schemas"

let api: Api
beforeAll(async () => {
  api = await startApi(() => ({ INGESTION_RATE_PER_SECOND: "20" }))
})
afterAll(() => api.close())

const send = (key: string, events: unknown) =>
  api.call("POST", "/api/v1/events", { key, body: JSON.stringify(events) })

describe("a sender who is too fast", () => {
  test("is told when to come back, and loses nothing that was accepted", async () => {
    const noisy = await api.makeTenant()
    const batch = await send(
      noisy.key,
      Array.from({ length: 1_000 }, () => anEvent()),
    )
    expect([batch.status, batch.headers.get("ratelimit-limit")]).toEqual([201, "18"])
    const refused = await send(noisy.key, anEvent())
    expect(refused.status).toBe(429)
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThanOrEqual(5)
    expect(refused.headers.get("ratelimit-remaining")).toBe("0")
    expect(problem.parse(await refused.json()).code).toBe("rate-limited")
    expect(await readSent(api, noisy)).toHaveLength(1_000)
  })

  test("leaves one event of it, however often they were told", async () => {
    const noisy = await api.makeTenant()
    await send(
      noisy.key,
      Array.from({ length: 1_000 }, () => anEvent()),
    )
    for (let round = 0; round < 10; round += 1) expect((await send(noisy.key, anEvent())).status).toBe(429)
    const told = (await readLog(api, noisy.organization)).filter(event => event.status === "denied")
    // Two when the minute changed meanwhile.
    expect(told.length).toBeLessThanOrEqual(2)
    expect(told[0]?.metadata.owasp).toBe("excess_rate_limit_exceeded")
  })

  test("takes nothing from another organization, and not all from another key of their own", async () => {
    const [noisy, quiet, further] = [await api.makeTenant(), await api.makeTenant(), await api.makeTenant()]
    const second = await noisy.makeKey(["LOG-INGESTION"], "vision")
    const before = await send(quiet.key, anEvent())
    expect(before.headers.get("ratelimit-remaining")).toBe("17")
    // The limit of one key per second. Two more events are left for the organization's other key, even if no time passes.
    const spent = await send(
      noisy.key,
      Array.from({ length: 18 }, () => anEvent()),
    )
    expect(spent.status).toBe(201)
    expect((await send(second, anEvent())).status).toBe(201)
    // Far more than an organization has, so that anything shared with another is used up for minutes.
    const much = await send(
      second,
      Array.from({ length: 1_000 }, () => anEvent()),
    )
    expect(much.status).toBe(201)
    expect([(await send(noisy.key, anEvent())).status, (await send(second, anEvent())).status]).toEqual([
      429, 429,
    ])
    const other = await send(further.key, anEvent())
    expect([other.status, other.headers.get("ratelimit-remaining")]).toEqual([201, "17"])
    expect((await send(quiet.key, anEvent())).status).toBe(201)
  })
})
