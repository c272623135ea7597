import { randomUUID } from "node:crypto"
import { beforeAll, describe, expect, test } from "vitest"
import { execute } from "@/lib/operations/core/execute"
import { job, makeOrganization } from "@/lib/operations/fixtures/access"
import { eventsOf, home, memberAs, setUpHome } from "@/lib/operations/fixtures/home"
import { codeOf, refusalOf } from "@/lib/operations/fixtures/refusals"
import { db } from "@/test/platform"
import type { SinkAnswer } from "./answers"
import { cancelReplay } from "./cancel-replay"
import { countSinkRange } from "./count-range"
import { listDeadLetters } from "./dead-letters"
import { listDeliveries } from "./deliveries"
import { allowHere, makeWebhook } from "./fixtures/sinks"
import { replaySink } from "./replay"
import { retryDeadLetters } from "./retry"

setUpHome(beforeAll, allowHere)

let sink: SinkAnswer
beforeAll(async () => {
  sink = await makeWebhook(job(home), "http://127.0.0.1:9")
})

const ago = (ms: number) => new Date(Date.now() - ms).toISOString()
const minute = 60_000
const hour = 60 * minute

async function addDelivery(
  at: string,
  outcome: string,
  members: { readonly sinkId?: string; readonly organizationId?: string } = {},
) {
  const { sinkId = sink.id, organizationId = home.id } = members
  const id = randomUUID()
  await db.superuser.query(
    `INSERT INTO sink_delivery (id, sink_id, organization_id, cursor_id, first, past, batch_id, at, duration_ms, outcome, events, taken, refused, bytes, answer)
     VALUES ($1, $2, $3, $1, 3, 7, $1, $4, 12, $5, 4, $6, 0, 999, '204')`,
    [id, sinkId, organizationId, at, outcome, outcome === "taken" ? 4 : 0],
  )
  return id
}

async function addDeadLetter(index: number, organizationId = home.id, sinkId = sink.id) {
  await db.superuser.query(
    `INSERT INTO sink_dead_letter (id, sink_id, organization_id, index, event_id, tries, dead_at, first_refused_at, last_refused_at, reason)
     VALUES (gen_random_uuid(), $1, $2, $3, gen_random_uuid(), 3, now(), now(), now(), 'Refused: 400')`,
    [sinkId, organizationId, index],
  )
}

describe("receipts", () => {
  test("are listed in pages, the newest first, of a day unless more is asked for, with the sum of the day", async () => {
    const old = await addDelivery(ago(40 * hour), "taken")
    const ids: string[] = []
    // Two of them at the same time: neither may be left out between two pages.
    const same = ago(5 * minute)
    for (const at of [ago(9 * minute), same, same, ago(minute)]) ids.push(await addDelivery(at, "taken"))
    const failed = await addDelivery(ago(30 * minute), "later")
    const seen: string[] = []
    for (let before: string | undefined, pages = 0; pages < 9; pages++) {
      const page = await execute(listDeliveries, job(home), { id: sink.id, limit: 2, before })
      seen.push(...page.deliveries.map(({ id }) => id))
      expect(page.day).toEqual({ attempts: 5, failed: 1, taken: 16, refused: 0, bytes: 5 * 999 })
      if (page.next === null) break
      before = page.next
    }
    expect(seen).toHaveLength(5)
    expect(new Set(seen)).toEqual(new Set([...ids, failed]))
    expect([seen[0], seen.at(-1)]).toEqual([ids[3], failed])
    const all = await execute(listDeliveries, job(home), { id: sink.id, hours: 720 })
    expect(all.deliveries.map(({ id }) => id)).toContain(old)
    const troubled = await execute(listDeliveries, job(home), { id: sink.id, troubledOnly: true })
    expect(troubled.deliveries).toMatchObject([
      {
        id: failed,
        outcome: "later",
        first: 3,
        past: 7,
        events: 4,
        bytes: 999,
        answer: "204",
        isReplay: false,
      },
    ])
  })

  test("of another organization are never listed, not even those of a sink that both have", async () => {
    const other = await makeOrganization()
    await addDelivery(ago(minute), "gone", { organizationId: other.id })
    const { deliveries } = await execute(listDeliveries, job(home), { id: sink.id, hours: 720 })
    expect(deliveries.some(({ outcome }) => outcome === "gone")).toBe(false)
    expect(await codeOf(execute(listDeliveries, job(other), { id: sink.id }))).toBe("not-found")
  })
})

describe("refused events", () => {
  test("are listed by their numbers with the reason, and tried again when somebody asks", async () => {
    for (const index of [7, 3, 5]) await addDeadLetter(index)
    const other = await makeOrganization()
    await addDeadLetter(4, other.id)
    const first = await execute(listDeadLetters, job(home), { id: sink.id, limit: 2 })
    expect(first).toMatchObject({
      total: 3,
      next: 5,
      deadLetters: [{ index: 3, reason: "Refused: 400", nextTryAt: null }, { index: 5 }],
    })
    const second = await execute(listDeadLetters, job(home), {
      id: sink.id,
      limit: 2,
      after: first.next ?? undefined,
    })
    expect(second).toMatchObject({ next: null, deadLetters: [{ index: 7 }] })

    expect(await execute(retryDeadLetters, job(home), { id: sink.id, indexes: [5, 99] })).toEqual({
      retried: 1,
    })
    const retried = (await execute(listDeadLetters, job(home), { id: sink.id })).deadLetters
    expect(retried.map(({ nextTryAt }) => nextTryAt !== null)).toEqual([false, true, false])
    expect(await execute(retryDeadLetters, job(home), { id: sink.id })).toEqual({ retried: 3 })
    expect(await codeOf(execute(retryDeadLetters, job(home), { id: sink.id, indexes: [4] }))).toBe(
      "not-found",
    )
    expect((await eventsOf("sink.retry_dead_letters")).map(({ status }) => status)).toEqual([
      "success",
      "success",
      "failure",
    ])
    const { rows } = await db.superuser.query(
      "SELECT next_try_at FROM sink_dead_letter WHERE organization_id = $1",
      [other.id],
    )
    expect(rows).toEqual([{ next_try_at: null }])
  })
})

describe("a replay", () => {
  const size = async () => {
    const { rows } = await db.superuser.query("SELECT size FROM ledger.head WHERE organization_id = $1", [
      home.id,
    ])
    return Number(rows[0].size)
  }

  test("is counted first, by numbers or by times of receipt, and is beside what is new", async () => {
    const ada = await memberAs(["Organization Administrator"])
    const past = await size()
    expect(await execute(countSinkRange, ada, { id: sink.id, range: { first: 1, past } })).toEqual({
      ...{ first: 1, past, events: past - 1, needsConfirmation: false },
    })
    const times = { from: ago(24 * hour), to: new Date(Date.now() + hour).toISOString() }
    expect(await execute(countSinkRange, ada, { id: sink.id, range: times })).toMatchObject({
      first: 0,
      past,
    })
    const replaying = await execute(replaySink, ada, { id: sink.id, range: { first: 1, past: 3 } })
    expect(replaying.replays).toMatchObject([
      { first: 1, next: 1, past: 3, behindEvents: 2, startedBy: "Ada Lovelace", endedAt: null },
    ])
    expect(replaying.progress.next).toBe(sink.progress.next)
    const [replay] = replaying.replays
    const ended = await execute(cancelReplay, ada, { id: sink.id, replayId: replay?.id ?? "" })
    expect(ended.replays).toMatchObject([{ id: replay?.id, endedAt: expect.any(String), behindEvents: 0 }])
    expect(await codeOf(execute(cancelReplay, ada, { id: sink.id, replayId: replay?.id ?? "" }))).toBe(
      "not-found",
    )
  })

  test("cannot be canceled by the id of the cursor that follows the log", async () => {
    const { rows } = await db.superuser.query(
      "SELECT id FROM sink_cursor WHERE sink_id = $1 AND past IS NULL",
      [sink.id],
    )
    expect(await codeOf(execute(cancelReplay, job(home), { id: sink.id, replayId: rows[0].id }))).toBe(
      "not-found",
    )
  })

  test("that is reversed, empty or beyond the end of the log is refused", async () => {
    const end = await size()
    const refused = (range: Parameters<typeof execute>[2]) =>
      refusalOf(execute(replaySink, job(home), { id: sink.id, range }))
    expect(await refused({ first: 5, past: 2 })).toBe("invalid /range/past")
    expect(await refused({ first: 2, past: 2 })).toBe("invalid /range/past")
    expect(await refused({ first: 0, past: end + 1_000 })).toBe("invalid /range/past")
    expect(await refused({ from: ago(hour), to: ago(2 * hour) })).toBe("invalid /range/to")
    expect(
      await refused({
        from: new Date(Date.now() + hour).toISOString(),
        to: new Date(Date.now() + 2 * hour).toISOString(),
      }),
    ).toBe("invalid /range/from")
    expect(await refused({ from: "2001-01-01T00:00:00Z", to: "2001-01-02T00:00:00Z" })).toBe("invalid /range")
    expect(await refused({ first: 0 })).toContain("invalid /range")
  })

  test("of more than ten million events must be confirmed, and the refusal says how many they are", async () => {
    await db.superuser.query("UPDATE ledger.head SET size = size + 20000000 WHERE organization_id = $1", [
      home.id,
    ])
    try {
      const range = { first: 0, past: 10_000_001 }
      expect(await execute(countSinkRange, job(home), { id: sink.id, range })).toMatchObject({
        needsConfirmation: true,
      })
      const unconfirmed = execute(replaySink, job(home), { id: sink.id, range })
      await expect(unconfirmed).rejects.toMatchObject({
        code: "invalid",
        faults: [{ pointer: "/confirmed", message: expect.stringContaining("10000001") }],
      })
    } finally {
      await db.superuser.query("UPDATE ledger.head SET size = size - 20000000 WHERE organization_id = $1", [
        home.id,
      ])
    }
  })
})
