import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { type Api, anEvent, type Sent, startApi, zipped } from "@/app/api/fixtures/api"
import { readForm } from "@/lib/http/sign-in/next-auth"

/** Accepts so few bytes per second that the charge for a body outlasts the test. */
let api: Api
beforeAll(async () => {
  api = await startApi(() => ({ BODY_BYTES_PER_SECOND: "1000" }))
})
afterAll(() => api.close())

describe("bytes are charged before they are read", () => {
  const gzip = { "content-encoding": "gzip" }
  const lines = "application/x-ndjson"
  const newlines = zipped("\n".repeat(5 * 1024 * 1024))
  const batch = zipped(JSON.stringify(Array.from({ length: 1_000 }, () => anEvent({ operation: "No" }))))
  const bomb = zipped(`["${"x".repeat(50_000_000)}"]`)

  test.each<[string, Sent, number]>([
    ["blank lines", { body: newlines, headers: gzip, type: lines }, 413],
    ["a batch of which nothing is kept", { body: batch, headers: gzip }, 422],
    ["more than may be unpacked", { body: bomb, headers: gzip }, 413],
    ["what is cut off", { body: batch.subarray(0, batch.length - 40), headers: gzip }, 400],
    ["what is no JSON", { body: `${" ".repeat(900_000)}!` }, 400],
    ["what is no UTF-8", { body: new Uint8Array(900_000).fill(0xff) }, 400],
    ["more than may be sent", { body: " ".repeat(5 * 1024 * 1024 + 1) }, 413],
  ])("%s: the next request waits, and another organization's does not", async (_, sent, status) => {
    const [noisy, quiet] = [await api.makeTenant(), await api.makeTenant()]
    const first = await api.call("POST", "/api/v1/events", { key: noisy.key, ...sent })
    expect(first.status).toBe(status)
    const next = await api.call("POST", "/api/v1/events", { key: noisy.key, body: "{}" })
    expect([next.status, next.headers.get("ratelimit-remaining")]).toEqual([429, "0"])
    // 200,000 bytes and more at a thousand a second.
    expect(Number(next.headers.get("retry-after"))).toBeGreaterThan(200)
    const other = await api.call("POST", "/api/v1/events", {
      key: quiet.key,
      body: JSON.stringify(anEvent()),
    })
    expect(other.status).toBe(201)
  })

  test("a query that is sent as a body", async () => {
    const { key } = await api.makeTenant()
    const query = { key, body: `{"text":${" ".repeat(60_000)}"a"}` }
    expect((await api.call("POST", "/api/v1/events/search", query)).status).toBe(200)
    expect((await api.call("POST", "/api/v1/events/search", query)).status).toBe(429)
  })

  test("the fields of a form, by the address that they come from", async () => {
    const form = (peer: string) =>
      readForm(
        new Request("http://localhost:3000/api/auth/signin", {
          method: "POST",
          headers: { "content-type": "application/x-www-form-urlencoded", "x-auditorium-peer": peer },
          body: `a=${"x".repeat(16_000)}`,
        }),
      )
    await form("203.0.113.70")
    await expect(form("203.0.113.70")).rejects.toMatchObject({ code: "rate-limited" })
    await form("203.0.113.71")
  })
})
