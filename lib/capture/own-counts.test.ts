import { describe, expect, it } from "vitest"
import type { CaptureCounts } from "./counts"
import { type CountedCall, ownCounts } from "./own-counts"
import type { CaptureReport } from "./report"

const app = { organizationId: "o", appId: "a" }

function call(members: Partial<CountedCall> = {}): CountedCall {
  const at = new Date("2026-11-30T08:59:59.999Z")
  const usual = { at, endpoint: "/api/v1/key", method: "GET", status: 200, policyVersion: 3 }
  return { ...usual, bytesIn: 1, bytesOut: 10, ...members }
}

/** Counts whose receiver answers as long as it is told to. */
function counting() {
  const got: CaptureReport[] = []
  const receiver = { answers: true }
  const counts: CaptureCounts = {
    async count(_, report) {
      got.push(report)
      if (!receiver.answers) throw new Error("no answer")
      return { outcome: "counted", passedOver: 0 }
    },
  }
  return { got, receiver, own: ownCounts(counts, { version: "1.0.0" }) }
}

describe("the counts of the own API", () => {
  it("are reported once, summed by hour, endpoint, method and class", async () => {
    const { got, own } = counting()
    own.add(app, call())
    own.add(app, call({ bytesOut: 5 }))
    own.add(app, call({ status: 404 }))
    own.add(app, call({ status: null, method: "get it" }))
    await own.flush()
    await own.flush()
    expect(got).toHaveLength(1)
    expect(got[0]).toMatchObject({
      kind: "server",
      version: "1.0.0",
      sequence: 1,
      policyVersion: 3,
      dropped: 0,
    })
    expect(got[0]?.counts).toEqual([
      expect.objectContaining({
        class: "2xx",
        calls: 2,
        bytesIn: 2,
        bytesOut: 15,
        hour: new Date("2026-11-30T08:00:00Z"),
      }),
      expect.objectContaining({ class: "4xx", calls: 1 }),
      expect.objectContaining({ class: "none", method: "other", calls: 1 }),
    ])
  })

  it("are sent again as they were when there was no answer, and what came meanwhile follows", async () => {
    const { got, receiver, own } = counting()
    receiver.answers = false
    own.add(app, call())
    await own.flush()
    own.add(app, call({ endpoint: "/later" }))
    receiver.answers = true
    await own.flush()
    expect(got.map(({ sequence }) => sequence)).toEqual([1, 1, 2])
    expect(got[1]).toEqual(got[0])
    expect(got[2]?.counts.map(({ endpoint }) => endpoint)).toEqual(["/later"])
  })

  it("fit into reports, and losses are reported also where nothing else was counted", async () => {
    const { got, own } = counting()
    for (let n = 0; n < 2_500; n++) own.add(app, call({ endpoint: `/${n}` }))
    await own.flush()
    expect(got.map(({ counts }) => counts.length)).toEqual([2_000, 500])
    own.addDropped(app)
    await own.flush()
    expect(got.at(-1)).toMatchObject({ sequence: 3, dropped: 1, counts: [] })
  })
})
