import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { type StandIn, startStandIn } from "@/sdk/test/server"
import { Counts } from "./counts"
import { nodeTransport } from "./node-transport"

let server: StandIn
let dropped = 0

beforeEach(async () => {
  server = await startStandIn()
  dropped = 0
})
afterEach(() => server.stop())

const countsHere = () =>
  new Counts({
    transport: nodeTransport({ url: new URL(server.url), key: "key" }),
    log: () => undefined,
    instance: "one",
    kind: "node",
    version: "0.1.0",
    profile: "generic",
    host: "web-1",
    facts: () => ({ policyVersion: 3, dropped }),
  })

const call = { method: "GET", occurredAt: "2026-11-30T08:15:00.000000Z" }
const reports = () => server.received.map(({ body }) => JSON.parse(body))

describe("the counts of an application", () => {
  it("add up by hour, endpoint, method and class of the status", async () => {
    const counts = countsHere()
    counts.add(call, "/orders", 200, { in: 1, out: 10 })
    counts.add(call, "/orders", 204, { in: 2, out: 20 })
    counts.add(call, "/orders", 404, { in: 0, out: 0 })
    counts.add(call, "/orders", null, { in: 0, out: 0 })
    await counts.report()
    const one = { hour: "2026-11-30T08:00:00Z", endpoint: "/orders", method: "GET" }
    expect(reports()).toEqual([
      {
        instance: "one",
        sequence: 1,
        kind: "node",
        version: "0.1.0",
        profile: "generic",
        host: "web-1",
        policyVersion: 3,
        dropped: 0,
        counts: [
          { ...one, class: "2xx", calls: 2, bytesIn: 3, bytesOut: 30 },
          { ...one, class: "4xx", calls: 1, bytesIn: 0, bytesOut: 0 },
          { ...one, class: "none", calls: 1, bytesIn: 0, bytesOut: 0 },
        ],
      },
    ])
  })

  it("are sent again, the same with the same number, until they are answered; later calls wait for the next report", async () => {
    const counts = countsHere()
    counts.add(call, "/a", 200, { in: 0, out: 0 })
    server.reply = () => ({ status: 503 })
    await counts.report()
    counts.add(call, "/b", 200, { in: 0, out: 0 })
    await counts.report()
    server.reply = undefined
    await counts.report()
    await counts.report()
    const [first, second, third, fourth] = reports()
    expect([second, third]).toEqual([first, first])
    expect(fourth).toMatchObject({ sequence: 2, counts: [{ endpoint: "/b" }] })
  })

  it("have at most 2,000 entries: further endpoints are counted as other, and no call is left out", async () => {
    const counts = countsHere()
    for (let at = 0; at < 5_000; at++) counts.add(call, `/scan/${at}`, 404, { in: 0, out: 0 })
    await counts.report()
    const [{ counts: sent }] = reports()
    expect(sent.length).toBeLessThanOrEqual(2_000)
    expect(sent.reduce((sum: number, one: { readonly calls: number }) => sum + one.calls, 0)).toBe(5_000)
    expect(sent.at(-1)).toMatchObject({ endpoint: "other" })
  })

  it("are not sent when there are none, unless calls were lost", async () => {
    const counts = countsHere()
    counts.add(call, "/a", 200, { in: 0, out: 0 })
    await counts.report()
    await counts.report()
    expect(reports()).toHaveLength(1)
    dropped = 4
    await counts.report()
    expect(reports()[1]).toMatchObject({ dropped: 4, counts: [] })
  })
})
