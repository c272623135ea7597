import { randomUUID } from "node:crypto"
import { beforeAll, beforeEach, describe, expect, test } from "vitest"
import { captureCounts } from "@/lib/capture/counts"
import { openContent } from "@/lib/mail/sealed-content"
import { createApp } from "@/lib/operations/apps/create"
import { execute } from "@/lib/operations/core/execute"
import { job, makeOrganization } from "@/lib/operations/fixtures/access"
import { eventsOf, home, memberAs, memberWith, setUpHome } from "@/lib/operations/fixtures/home"
import { db, platform } from "@/test/platform"
import { allowHere, makeWebhook } from "./fixtures/sinks"
import { listSinks } from "./list"
import { tellSinkNews } from "./tell"
import { tellLosses } from "./tell-losses"

setUpHome(beforeAll, allowHere)
beforeEach(() => db.superuser.query("DELETE FROM mail_message"))

const at = new Date("2026-11-30T12:00:00.000Z")
const later = (minutes: number) => new Date(at.getTime() + minutes * 60_000)
const here = "http://127.0.0.1:9"

async function set(sinkId: string, columns: string, values: readonly unknown[] = []): Promise<void> {
  await db.superuser.query(`UPDATE sink_cursor SET ${columns} WHERE sink_id = $1 AND past IS NULL`, [
    sinkId,
    ...values,
  ])
}
const fail = (sinkId: string, since: Date, kind = "later", words = "No answer.") =>
  set(
    sinkId,
    "failures = 4, first_failure_at = $2, last_error_kind = $3, last_error = $4, last_error_at = $2",
    [since, kind, words],
  )
const eventsAbout = async (operation: string, sinkId: string) =>
  (await eventsOf(operation)).filter(({ targets }) => targets.some(({ id }) => id === sinkId))

interface Mail {
  readonly recipient: string
  readonly subject: string
  readonly text: string
}

async function mails(): Promise<readonly Mail[]> {
  const { rows } = await db.superuser.query("SELECT * FROM mail_message ORDER BY recipient")
  return rows.map(row => ({
    recipient: row.recipient,
    subject: row.subject,
    text: openContent(platform.env.secret, row, row.sealed_content).text,
  }))
}

describe("a sink that does not deliver", () => {
  test("is told of once: an event, and a mail to each of those who may manage sinks and see the whole log", async () => {
    const ada = await memberAs(["Organization Administrator"])
    const both = await memberWith(["SINK-MANAGEMENT", "LOG-MANAGEMENT"])
    await memberWith(["SINK-MANAGEMENT"])
    await memberAs(["Auditor"])
    const { id: app } = await execute(createApp, job(home), { slug: "billing", name: "Billing" })
    await memberWith(["SINK-MANAGEMENT", "LOG-MANAGEMENT"], [app])
    const { id, name } = await makeWebhook(ada, here, { name: "Audit hook" })
    await fail(id, at, "later", "The receiver answered 503.")

    await tellSinkNews(platform, later(29))
    expect([await eventsAbout("sink.fail", id), await mails()]).toEqual([[], []])
    await tellSinkNews(platform, later(31))
    await tellSinkNews(platform, later(32))
    expect(await eventsAbout("sink.fail", id)).toMatchObject([
      {
        ...{
          status: "failure",
          statusMessage: "The receiver answered 503.",
          actor: { type: "system", id: "tell-sinks" },
        },
        targets: [{ type: "sink", id, name }],
        metadata: { failures: 4, since: at.toISOString(), kind: "later" },
      },
    ])
    const people = [ada, both]
      .map(({ principal }) => (principal.kind === "person" ? principal.email : ""))
      .sort()
    const sent = await mails()
    expect(sent.map(({ recipient }) => recipient).sort()).toEqual(people)
    expect(sent[0]?.subject).toContain("Audit hook")
    expect(sent[0]?.text).toContain(`/${home.slug}/admin/settings/sinks/${id}`)
    expect(sent[0]?.text).toContain("503")
    expect(sent[0]?.text).toContain("12:00 UTC")
  })

  test("is told of at once when somebody must change something", async () => {
    const { id } = await makeWebhook(job(home), here)
    await fail(id, at, "configuration", "The receiver answered 401.")
    await tellSinkNews(platform, later(0))
    expect(await eventsAbout("sink.fail", id)).toHaveLength(1)
    expect((await mails()).length).toBeGreaterThan(0)
  })

  test("is told of when delivery has paused it, and not when a person has", async () => {
    const [gone, person] = [await makeWebhook(job(home), here), await makeWebhook(job(home), here)]
    for (const [sink, reason] of [
      [gone, "gone"],
      [person, "person"],
    ] as const) {
      await fail(sink.id, at, "gone", "The receiver answered 410.")
      await set(sink.id, "due_at = NULL")
      await db.superuser.query("UPDATE sink SET paused_at = now(), paused_reason = $2 WHERE id = $1", [
        sink.id,
        reason,
      ])
    }
    await tellSinkNews(platform, later(90))
    expect(await eventsAbout("sink.fail", gone.id)).toMatchObject([{ metadata: { pausedReason: "gone" } }])
    expect(await eventsAbout("sink.fail", person.id)).toEqual([])
  })

  test("is told of as delivering again after something was taken, and may then fail anew", async () => {
    const { id } = await makeWebhook(job(home), here)
    await fail(id, at)
    await tellSinkNews(platform, later(31))
    await set(id, "failures = 0, first_failure_at = NULL")
    await tellSinkNews(platform, later(32))
    expect(await eventsAbout("sink.recover", id)).toEqual([])
    await set(id, "last_success_at = $2", [later(33)])
    await tellSinkNews(platform, later(34))
    await tellSinkNews(platform, later(35))
    expect(await eventsAbout("sink.recover", id)).toHaveLength(1)
    await fail(id, later(36))
    await tellSinkNews(platform, later(70))
    expect(await eventsAbout("sink.fail", id)).toHaveLength(2)
  })

  test("is told of in its own organization only", async () => {
    const other = await makeOrganization()
    const { id } = await makeWebhook(job(other), here)
    await fail(id, at, "configuration")
    await tellSinkNews(platform, later(0))
    expect(await eventsAbout("sink.fail", id)).toEqual([])
    const { rows } = await db.superuser.query(
      "SELECT count(*)::int AS count FROM ledger.event WHERE organization_id = $1 AND operation = 'sink.fail'",
      [other.id],
    )
    expect(rows).toEqual([{ count: 1 }])
    expect(await mails()).toEqual([])
  })

  test("is told of by one of two workers that look at the same time", async () => {
    const { id } = await makeWebhook(job(home), here)
    await fail(id, at)
    await Promise.all([tellSinkNews(platform, later(31)), tellSinkNews(platform, later(31))])
    expect(await eventsAbout("sink.fail", id)).toHaveLength(1)
  })
})

test("events that expired before they were sent, and the first refused one of an hour, are told of with their number", async () => {
  const { id } = await makeWebhook(job(home), here)
  await set(id, "missed = 12, refused = 1")
  await tellSinkNews(platform, later(0))
  await set(id, "missed = 15, refused = 4")
  await tellSinkNews(platform, later(10))
  await tellSinkNews(platform, later(61))
  expect(await eventsAbout("sink.miss", id)).toMatchObject([
    { metadata: { missed: 12, missedInAll: 12 } },
    { metadata: { missed: 3, missedInAll: 15 } },
  ])
  expect(await eventsAbout("sink.dead_letter", id)).toMatchObject([
    { metadata: { refused: 1 } },
    { metadata: { refused: 3, refusedInAll: 4 } },
  ])
})

test("what a receiver answered cannot make a link, a line or markup of a mail", async () => {
  await memberAs(["Organization Administrator"])
  const { id } = await makeWebhook(job(home), here)
  await fail(id, at, "configuration", "Sign in at https://evil.example/now\r\n\r\n<a href='x'>here</a>")
  await tellSinkNews(platform, later(0))
  const [mail] = await mails()
  expect(mail?.text).not.toContain("https://evil.example")
  expect(mail?.text).not.toContain("\n\n<a")
})

describe("calls that producers have lost", () => {
  const counts = () => captureCounts(platform.database)
  const report = {
    kind: "proxy",
    version: "0.1.0",
    profile: null,
    host: null,
    policyVersion: null,
    counts: [],
  }

  test("are told of once, with how many and of which apps, at most once an hour; a banner says so for a day", async () => {
    const ada = await memberAs(["Organization Administrator"])
    const { id: appId } = await execute(createApp, job(home), { slug: "docker", name: "Docker" })
    const app = { organizationId: home.id, appId }
    const instance = randomUUID()
    const lose = (sequence: number, dropped: number, when: Date) =>
      counts().count(app, { ...report, instance, sequence, dropped }, when)
    const told = async () => (await eventsOf("capture_producer.lose")).map(({ metadata }) => metadata.dropped)

    await lose(1, 0, later(0))
    await tellLosses(platform, later(0))
    expect([await told(), await mails()]).toEqual([[], []])
    await lose(2, 5, later(1))
    // The answer was lost, and the report comes again.
    await lose(2, 5, later(1))
    await tellLosses(platform, later(2))
    await tellLosses(platform, later(3))
    expect(await told()).toEqual([5])
    const sent = await mails()
    expect(sent.map(({ recipient }) => recipient)).toContain(
      ada.principal.kind === "person" && ada.principal.email,
    )
    expect(sent[0]?.text).toContain("5 calls")
    expect(sent[0]?.text).toContain("Docker")

    // Reported again and again, and nothing new is lost.
    await lose(3, 5, later(70))
    await tellLosses(platform, later(71))
    expect(await told()).toEqual([5])
    await lose(4, 8, later(72))
    await tellLosses(platform, later(73))
    await lose(5, 9, later(74))
    await tellLosses(platform, later(75))
    expect(await told()).toEqual([5, 3])
    await tellLosses(platform, later(140))
    expect(await told()).toEqual([5, 3, 1])
    const { losses } = await execute(listSinks, { ...job(home), at: later(140) }, {})
    expect(losses).toEqual({ instances: 1, dropped: 9 })
  })
})
