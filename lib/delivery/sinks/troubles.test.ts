import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { SinkError } from "@/lib/sinks/sink"
import { createTestDatabase, type TestDatabase, type TestOrganization } from "@/test/database"
import { prepareTestEvents } from "@/test/events"
import type { SinkDelivery } from "./delivery"
import { drain, makeSink, progress, record, type TestClock, testDelivery } from "./fixtures/delivering"
import { isDown, type TestReceiver, testReceiver } from "./fixtures/receiver"
import { beginTest, pausedReason, receiptsOf, resumeSink } from "./fixtures/set-up"

const minute = 60_000
const hour = 60 * minute

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.close())

let organization: TestOrganization
let clock: TestClock
let receiver: TestReceiver
let delivery: SinkDelivery
beforeEach(async () => {
  ;({ organization, clock, receiver, delivery } = await beginTest(db))
})

describe("a receiver that is down", () => {
  test("gets everything after 72 hours, in order, nothing missing, the same batch again until then", async () => {
    receiver.batching = { ...receiver.batching, mostEvents: 7 }
    const sinkId = await makeSink(db, organization, { at: clock.now() })
    receiver.answer = isDown
    const ids: string[] = []
    const downUntil = clock.now().getTime() + 72 * hour
    while (clock.now().getTime() < downUntil) {
      if (ids.length < 60) ids.push(...(await record(db, organization, prepareTestEvents(organization, 3))))
      await drain(delivery, clock)
      clock.pass(3 * hour)
    }
    expect(receiver.taken).toEqual([])
    expect(new Set(receiver.arrived.map(({ id }) => id)).size).toBe(1)
    expect(new Set(receiver.arrived.map(({ past }) => past))).toEqual(new Set([3]))
    const behind = await progress(db, organization, sinkId, clock.now())
    expect(behind).toMatchObject({
      next: 0,
      behindEvents: 60,
      lastError: { kind: "later", message: "The receiver is down." },
    })
    expect(behind.failures).toBe(receiver.arrived.length)
    expect(behind.behindSeconds).toBeGreaterThan(71 * 3600)

    receiver.answer = () => undefined
    await drain(delivery, clock)
    expect(receiver.taken).toEqual(ids)
    expect(await progress(db, organization, sinkId, clock.now())).toMatchObject({
      ...{ next: 60, taken: 60, missed: 0, failures: 0, firstFailureAt: null },
    })
  })

  test("is asked after the pause that it asks for, and not before", async () => {
    await makeSink(db, organization, { at: clock.now() })
    await record(db, organization, prepareTestEvents(organization, 1))
    receiver.answer = () => {
      throw new SinkError("later", "429", { retryAfterMs: 10 * minute })
    }
    await drain(delivery, clock)
    clock.pass(9 * minute)
    await drain(delivery, clock)
    expect(receiver.arrived.length).toBe(1)
    clock.pass(minute)
    await drain(delivery, clock)
    expect(receiver.arrived.length).toBe(2)
  })

  test("shows nothing of a credential that it sends back, and no secret of another kind", async () => {
    const token = 'mV7!x/+ token "with" marks'
    const sinkId = await makeSink(db, organization, { credentials: { token }, at: clock.now() })
    await record(db, organization, prepareTestEvents(organization, 1))
    receiver.answer = () => {
      const seen = [
        token,
        JSON.stringify(token),
        encodeURIComponent(token),
        Buffer.from(token).toString("base64"),
      ]
      throw new SinkError("later", `500: ${seen.join(" ")} password=hunter22 \u0000 ${"é".repeat(5_000)}`)
    }
    await drain(delivery, clock)
    const { lastError } = await progress(db, organization, sinkId, clock.now())
    const [receipt] = await receiptsOf(db, organization, sinkId)
    for (const text of [lastError?.message, receipt?.answer]) {
      expect(text).toContain("500: [token]")
      expect(text).not.toMatch(/mV7|hunter22/)
      expect(text).not.toContain("\u0000")
      expect(text).not.toContain(Buffer.from(token).toString("base64"))
    }
  })
})

describe("what needs somebody", () => {
  test("is a sink whose receiver wants nothing more: it pauses", async () => {
    const sinkId = await makeSink(db, organization, { at: clock.now() })
    const ids = await record(db, organization, prepareTestEvents(organization, 2))
    receiver.answer = () => {
      throw new SinkError("gone", "410 Gone")
    }
    await drain(delivery, clock)
    clock.pass(24 * hour)
    await drain(delivery, clock)
    expect(receiver.arrived.length).toBe(1)
    expect(await pausedReason(db, organization, sinkId)).toBe("gone")
    // Resumed, it goes on where it stopped.
    receiver.answer = () => undefined
    await resumeSink(db, organization, sinkId, clock.now())
    await drain(delivery, clock)
    expect(receiver.taken).toEqual(ids)
  })

  test("is a sink whose credentials cannot be opened, or are missing: it pauses, and nothing is sent", async () => {
    const sealed = await makeSink(db, organization, { credentials: "of another SECRET", at: clock.now() })
    const strict = testReceiver({
      name: "strict",
      credentials: [{ name: "token", label: "Token", required: true }],
    })
    delivery = testDelivery({ db, receivers: [receiver, strict], clock })
    const missing = await makeSink(db, organization, { kind: "strict", at: clock.now() })
    await record(db, organization, prepareTestEvents(organization, 1))
    await drain(delivery, clock)
    expect([...receiver.arrived, ...strict.arrived]).toEqual([])
    expect(await pausedReason(db, organization, sealed)).toBe("credentials")
    expect(await pausedReason(db, organization, missing)).toBe("credentials")
    expect((await progress(db, organization, missing, clock.now())).lastError?.message).toBe(
      "Enter the credentials: Token.",
    )
  })

  test.each([
    ["an unknown kind", { kind: "carrier-pigeon" }, /no sinks of the kind “carrier-pigeon”/],
    ["unknown settings", { settings: { speed: 9 } }, /settings do not fit/],
    ["an unreadable query", { query: "colour=red" }, /query of the sink cannot be read/],
    ["a query for an app that is not there", { query: "app=elsewhere" }, /"elsewhere" is no app here/],
  ])("is a sink with %s: it says so, sends nothing and is looked at again", async (_, given, message) => {
    const sinkId = await makeSink(db, organization, { ...given, at: clock.now() })
    await record(db, organization, prepareTestEvents(organization, 1))
    await drain(delivery, clock)
    const stands = await progress(db, organization, sinkId, clock.now())
    expect(stands).toMatchObject({ next: 0, failures: 1, lastError: { kind: "configuration" } })
    expect(stands.lastError?.message).toMatch(message)
    expect(receiver.arrived).toEqual([])
    clock.pass(15 * minute)
    await drain(delivery, clock)
    expect(await progress(db, organization, sinkId, clock.now())).toMatchObject({ failures: 2 })
  })

  test("is a sink with an unknown format, or whose events cannot be written: it shows so, and is looked at again", async () => {
    const sinkId = await makeSink(db, organization, { at: clock.now() })
    await record(db, organization, prepareTestEvents(organization, 1))
    await db.superuser.query("UPDATE sink SET format = 'telex' WHERE id = $1", [sinkId])
    await drain(delivery, clock)
    const stands = await progress(db, organization, sinkId, clock.now())
    expect(stands.lastError).toMatchObject({
      kind: "configuration",
      message: expect.stringContaining("telex"),
    })
    await db.superuser.query("UPDATE sink SET format = 'auditorium', omit = '{no-such-part}' WHERE id = $1", [
      sinkId,
    ])
    clock.pass(15 * minute)
    const lines: string[] = []
    await drain(testDelivery({ db, receivers: [receiver], clock, lines }), clock)
    expect(await progress(db, organization, sinkId, clock.now())).toMatchObject({
      ...{
        next: 0,
        failures: 2,
        lastError: { kind: "later", message: expect.stringMatching(/^Unexpected error/) },
      },
    })
    expect(lines.join("")).toContain("sink.not-settled")
    expect(receiver.arrived).toEqual([])
  })

  test("is a sink that writes to the server itself while there are several organizations", async () => {
    const local = testReceiver({ name: "local", reach: "server" })
    delivery = testDelivery({ db, receivers: [local], clock })
    await db.organization()
    const sinkId = await makeSink(db, organization, { kind: "local", at: clock.now() })
    await record(db, organization, prepareTestEvents(organization, 1))
    await drain(delivery, clock)
    expect(local.arrived).toEqual([])
    expect((await progress(db, organization, sinkId, clock.now())).lastError).toMatchObject({
      kind: "configuration",
    })
  })

  test("is not a kind that fails in its own way: that is tried again, and its message, which may quote events, is not shown", async () => {
    const lines: string[] = []
    delivery = testDelivery({ db, receivers: [receiver], clock, lines })
    const sinkId = await makeSink(db, organization, { at: clock.now() })
    const ids = await record(db, organization, prepareTestEvents(organization, 1))
    receiver.answer = () => {
      throw new TypeError(`cannot read ${ids[0]}`)
    }
    await drain(delivery, clock)
    const { lastError } = await progress(db, organization, sinkId, clock.now())
    expect(lastError).toMatchObject({ kind: "later", message: expect.stringMatching(/^Unexpected error/) })
    expect(lines.join("")).toContain("TypeError")
    expect(lines.join("")).not.toContain(ids[0])
    receiver.answer = () => undefined
    clock.pass(minute)
    await drain(delivery, clock)
    expect(receiver.taken).toEqual(ids)
  })
})
