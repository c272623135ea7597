import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { isObject } from "@/lib/audit/json/value"
import { batchOf } from "@/test/sinks/batch"
import type { TestCollector } from "@/test/sinks/splunk"
import { indexedDuring, openSplunk, startSplunk } from "@/test/sinks/splunk-sinks"

let collector: TestCollector
beforeAll(async () => {
  collector = await startSplunk()
})
afterAll(() => collector.close())
beforeEach(() => collector.reset())

describe("indexer acknowledgment", () => {
  const acknowledgment = true
  const asked = () => collector.requests.filter(({ url }) => url === "/services/collector/ack").length

  it("that comes late is waited for", async () => {
    collector.rules.confirmsAfter = 2
    const { write } = await openSplunk(collector, { acknowledgment }, { asks: 3 })
    const before = asked()
    expect(await write(batchOf([{}]))).toEqual({ all: "taken" })
    // Before the first batch, whether the token has it; then until it is confirmed.
    expect(asked() - before).toBe(1 + 3)
    expect(await write(batchOf([{}], { first: 1 }))).toEqual({ all: "taken" })
  })

  it("that never comes means that the batch is sent again", async () => {
    collector.rules.confirmsAfter = Number.POSITIVE_INFINITY
    const { failure } = await openSplunk(collector, { acknowledgment }, { asks: 3 })
    const before = asked()
    expect(await failure(batchOf([{}]))).toMatchObject({
      trouble: "later",
      message: expect.stringContaining("did not confirm"),
    })
    expect(asked() - before).toBe(1 + 3)
  })

  it("of another batch confirms nothing", async () => {
    const { failure } = await openSplunk(collector, { acknowledgment }, { asks: 2 })
    collector.rules.confirmsAfter = 0
    collector.rules.answerTo = () => ({
      status: 200,
      body: '{"text":"Success","code":0,"ackId":4,"acks":{"0":true,"5":true,"40":true}}',
    })
    expect(await failure(batchOf([{}]))).toMatchObject({ trouble: "later" })
  })

  it("that the token does not have is noticed before anything is sent", async () => {
    const { failure } = await openSplunk(collector, { acknowledgment })
    const indexed = await indexedDuring(collector, async () => {
      expect(await failure(batchOf([{}]))).toMatchObject({
        trouble: "configuration",
        message: expect.stringContaining("code 14"),
      })
    })
    expect(indexed).toEqual([])
  })

  it("without an id in the answer is a matter of configuration", async () => {
    collector.rules.answerTo = () => ({ status: 200, body: '{"text":"Success","code":0,"acks":{"0":false}}' })
    const { failure } = await openSplunk(collector, { acknowledgment })
    expect(await failure(batchOf([{}]))).toMatchObject({ trouble: "configuration" })
  })

  it("is asked for in a channel of the connection's own, so that two that run beside each other do not confirm for one another", async () => {
    collector.rules.confirmsAfter = 0
    const before = collector.requests.length
    for (const sink of [
      await openSplunk(collector, { acknowledgment }),
      await openSplunk(collector, { acknowledgment }),
    ])
      await sink.write(batchOf([{}]))
    const channels = collector.requests
      .slice(before)
      .map(({ headers }) => headers["x-splunk-request-channel"])
    expect(new Set(channels).size).toBe(2)
    expect(new Set(channels.slice(0, channels.length / 2)).size).toBe(1)
  })

  it("is no longer waited for when the attempt is stopped", async () => {
    collector.rules.confirmsAfter = Number.POSITIVE_INFINITY
    const stop = new AbortController()
    collector.rules.refuse = event => {
      if (isObject(event)) stop.abort()
      return null
    }
    const { failure } = await openSplunk(collector, { acknowledgment }, { asks: 1_000_000 })
    expect(await failure(batchOf([{}]), stop.signal)).toMatchObject({ trouble: "later" })
  })
})
