import { randomUUID } from "node:crypto"
import { beforeAll, describe, expect, test } from "vitest"
import { createApp } from "@/lib/operations/apps/create"
import { recentProofMs } from "@/lib/operations/core/authorise"
import { execute } from "@/lib/operations/core/execute"
import type { Caller } from "@/lib/operations/core/operation"
import { job, makeOrganization } from "@/lib/operations/fixtures/access"
import { eventsOf, home, memberAs, memberWith, setUpHome } from "@/lib/operations/fixtures/home"
import { codeOf, refusalOf } from "@/lib/operations/fixtures/refusals"
import { db } from "@/test/platform"
import { createSink } from "./create"
import { deleteSink } from "./delete"
import { findSink } from "./find"
import { allowHere, makeWebhook, newSecret, webhookTo } from "./fixtures/sinks"
import { listSinkKinds } from "./kinds"
import { listSinks } from "./list"
import { pauseSink } from "./pause"
import { resumeSink } from "./resume"
import { updateSink } from "./update"

setUpHome(beforeAll, allowHere)

const here = "http://127.0.0.1:9"
const administrator = () => memberAs(["Organization Administrator"])
const cursorOf = async (sinkId: string) =>
  (await db.superuser.query("SELECT * FROM sink_cursor WHERE sink_id = $1 AND past IS NULL", [sinkId]))
    .rows[0]
const rowOf = async (sinkId: string) =>
  (await db.superuser.query("SELECT * FROM sink WHERE id = $1", [sinkId])).rows[0]

describe("a new sink", () => {
  test("begins with the next event, follows the log, and is listed with where it leads", async () => {
    const [ada, size] = [await administrator(), await logSize()]
    const made = await makeWebhook(ada, `${here}/hook?x=1`, {
      name: "Audit hook",
      query: "?operation=user_session.create",
    })
    expect(made).toMatchObject({
      ...{ name: "Audit hook", kind: "webhook", kindLabel: "Webhook", destination: "http://127.0.0.1:9" },
      ...{ query: "operation=user_session.create", format: "auditorium", redactIdentity: false, omit: [] },
      ...{
        version: 1,
        state: "delivering",
        pausedReason: null,
        isServer: false,
        deadLetters: 0,
        replays: [],
      },
      createdBy: "Ada Lovelace",
    })
    expect(made.progress).toMatchObject({ next: size, failures: 0, lastSuccessAt: null })
    expect(await cursorOf(made.id)).toMatchObject({ next_index: String(size), past: null })
    const { sinks } = await execute(listSinks, ada, {})
    expect(sinks.map(({ id }) => id)).toContain(made.id)
    expect(await execute(findSink, ada, { id: made.id })).toMatchObject({ id: made.id, name: "Audit hook" })
  })

  test("begins with the first event of the log, or with the first one of a time", async () => {
    const ada = await administrator()
    const all = await makeWebhook(ada, here, { begin: { at: "beginning" } })
    expect(all.progress.next).toBe(0)
    // The answer is given before its own event is written.
    expect(all.progress.behindEvents).toBe((await logSize()) - 1)
    const { rows } = await db.superuser.query(
      "SELECT index, received_at FROM ledger.entry WHERE organization_id = $1 ORDER BY index OFFSET 2 LIMIT 1",
      [home.id],
    )
    const time = rows[0].received_at.toISOString()
    const since = await makeWebhook(ada, here, { begin: { at: "time", time } })
    const first = await db.superuser.query(
      "SELECT min(index) AS index FROM ledger.entry WHERE organization_id = $1 AND received_at >= $2",
      [home.id, time],
    )
    expect(since.progress.next).toBe(Number(first.rows[0].index))
    const later = new Date(Date.now() + 3_600_000).toISOString()
    expect(await makeWebhook(ada, here, { begin: { at: "time", time: later } })).toMatchObject({
      state: "waiting",
    })
  })

  test("leaves an event with its settings and the names of its credentials, and nothing of what they are", async () => {
    const secret = newSecret()
    const { id } = await makeWebhook(await administrator(), here, { credentials: { secret } })
    const event = (await eventsOf("sink.create")).find(({ targets }) => targets[0]?.id === id)
    expect(event).toMatchObject({
      status: "success",
      family: "sink",
      changes: [
        {
          path: "",
          before: null,
          after: { kind: "webhook", settings: { url: here }, credentialsSet: ["secret"] },
        },
      ],
    })
    expect(JSON.stringify(event)).not.toContain(secret)
    expect(JSON.stringify(event)).not.toContain(secret.slice(6))
  })

  test("needs a recent proof of identity", async () => {
    const ada = await administrator()
    const late = { ...ada, at: new Date(ada.at.getTime() + recentProofMs + 1_000) }
    expect(await codeOf(execute(createSink, late, webhookTo(here)))).toBe("proof-required")
  })
})

describe("what cannot be a sink is refused with a pointer to each fault", () => {
  const wrong: readonly (readonly [string, string, Parameters<typeof webhookTo>[1]])[] = [
    ["an unknown kind", "invalid /kind", { kind: "pigeon" }],
    ["an unknown setting", "invalid /settings/methd", { settings: { url: here, methd: "PUT" } }],
    ["no url", "invalid /settings/url", { settings: {} }],
    ["a url of another private network", "invalid /settings/url", { settings: { url: "http://10.0.0.1/" } }],
    ["a user in the url", "invalid /settings/url", { settings: { url: "https://u:p@hooks.example.com/" } }],
    ["no secret", "invalid /credentials/secret", { credentials: {} }],
    ["a short secret", "invalid /credentials/secret", { credentials: { secret: "whsec_c2hvcnQ=" } }],
    ["an empty secret", "invalid /credentials/secret", { credentials: { secret: "" } }],
    [
      "an unknown credential",
      "invalid /credentials/tokn",
      { credentials: { secret: newSecret(), tokn: "x" } },
    ],
    ["an unknown format", "invalid /format", { format: "xml" }],
    ["an unknown part", "invalid /omit/1", { omit: ["changes", "everything"] }],
    ["an unknown field in the query", "invalid /query/operaton", { query: "operaton=x" }],
    ["an unknown app in the query", "invalid /query/app", { query: "app=nothing" }],
    ["a window that moves", "invalid /query/window", { query: "window=30d" }],
    ["a query with broken percent signs", "invalid /query/text", { query: "text=%ff" }],
    ["several at once", "invalid /query/window /format", { format: "xml", query: "window=7d" }],
    ["a name with a line break", "invalid /name", { name: "a\nb" }],
    ["a text that cannot be stored", "invalid /settings", { settings: { url: `${here}/\u0000` } }],
  ]
  test.each(wrong)("%s", async (_, expected, members) => {
    expect(await refusalOf(execute(createSink, job(home), webhookTo(here, members)))).toMatch(
      new RegExp(`^${expected.replaceAll("/", "\\/")}`),
    )
  })

  test("a private address: the refusal names the exact value of OUTBOUND_ALLOW", async () => {
    const refused = execute(createSink, job(home), webhookTo("http://10.1.2.3:8099/hook"))
    await expect(refused).rejects.toMatchObject({
      faults: [{ pointer: "/settings/url", message: expect.stringContaining("10.1.2.3:8099") }],
    })
    await expect(refused).rejects.toMatchObject({
      faults: [{ message: expect.stringContaining("OUTBOUND_ALLOW") }],
    })
  })

  test("a name that is taken, in whatever case", async () => {
    const name = `Taken ${randomUUID()}`
    await makeWebhook(job(home), here, { name })
    expect(await refusalOf(makeWebhook(job(home), here, { name: name.toUpperCase() }))).toBe("conflict /name")
  })
})

describe("a query", () => {
  test("is stored in its canonical form, without what says how a page is shown", async () => {
    await execute(createApp, job(home), { slug: "billing", name: "Billing" })
    const query = "?limit=100&order=oldest&text=a%20b&-status=success&app=billing&from=2026-01-01&cursor=abc"
    const made = await makeWebhook(job(home), here, { query })
    expect(Object.fromEntries(new URLSearchParams(made.query))).toEqual({
      ...{ text: "a b", "-status": "success", app: "billing", from: "2026-01-01" },
    })
    expect((await makeWebhook(job(home), here, { query: "?window=all" })).query).toBe("")
  })
})

describe("a change", () => {
  test("keeps what is absent, raises the version, and says what was changed", async () => {
    const ada = await administrator()
    const made = await makeWebhook(ada, here, { omit: ["metadata"] })
    const changed = await execute(updateSink, ada, {
      id: made.id,
      version: 1,
      name: "Renamed",
      redactIdentity: true,
    })
    expect(changed).toMatchObject({
      ...{ name: "Renamed", version: 2, redactIdentity: true, omit: ["metadata"], settings: made.settings },
      credentials: expect.arrayContaining([expect.objectContaining({ name: "secret", isSet: true })]),
    })
    const [event] = (await eventsOf("sink.update")).slice(-1)
    expect(event?.changes).toEqual([
      { path: "/name", before: made.name, after: "Renamed" },
      { path: "/redactIdentity", before: false, after: true },
    ])
  })

  test("of another version than was read is a conflict, so that nobody overwrites what they have not seen", async () => {
    const made = await makeWebhook(job(home), here)
    await execute(updateSink, job(home), { id: made.id, version: 1, name: `First ${made.id}` })
    expect(await codeOf(execute(updateSink, job(home), { id: made.id, version: 1, name: "Second" }))).toBe(
      "conflict",
    )
  })

  test("cannot make another kind of it", async () => {
    const made = await makeWebhook(job(home), here)
    expect(await refusalOf(execute(updateSink, job(home), { id: made.id, version: 1, kind: "syslog" }))).toBe(
      "invalid /kind",
    )
  })

  test("that changes nothing keeps the version", async () => {
    const made = await makeWebhook(job(home), here)
    const { settings, query, format, redactIdentity, omit, kind, name } = made
    const same = { settings, query, format, redactIdentity, omit: [...omit], kind, name }
    expect(await execute(updateSink, job(home), { id: made.id, version: 1, ...same })).toMatchObject({
      version: 1,
    })
  })
})

describe("credentials", () => {
  const elsewhere = "http://127.0.0.1:10"

  test("are in no answer, and in the database only sealed", async () => {
    const secret = newSecret()
    const made = await makeWebhook(job(home), here, { credentials: { secret } })
    const answers = [
      made,
      await execute(listSinks, job(home), {}),
      await execute(findSink, job(home), { id: made.id }),
    ]
    for (const answer of answers) expect(JSON.stringify(answer)).not.toContain(secret.slice(6, 30))
    const row = await rowOf(made.id)
    const { sealed_credentials: sealed, ...plain } = row
    expect(JSON.stringify(plain)).not.toContain(secret.slice(6, 30))
    expect(sealed.toString("latin1")).not.toContain(secret.slice(6, 30))
  })

  test("of another host must be entered again: they are never sent elsewhere", async () => {
    const made = await makeWebhook(job(home), here, {
      credentials: { secret: newSecret(), secondSecret: newSecret() },
    })
    const settings = { url: elsewhere }
    const update = (credentials: Record<string, string | null> = {}) =>
      execute(updateSink, job(home), { id: made.id, version: 1, settings, credentials })
    expect(await refusalOf(update())).toBe("invalid /credentials/secret /credentials/secondSecret")
    expect(await refusalOf(update({ secret: newSecret() }))).toBe("invalid /credentials/secondSecret")
    const before = (await rowOf(made.id)).sealed_credentials
    const after = await update({ secret: newSecret(), secondSecret: null })
    expect(after.credentials.filter(({ isSet }) => isSet).map(({ name }) => name)).toEqual(["secret"])
    expect((await rowOf(made.id)).sealed_credentials.equals(before)).toBe(false)
  })

  test("stay when only the path changes, and another host needs a recent proof", async () => {
    const ada = await administrator()
    const made = await makeWebhook(ada, here)
    const late = { ...ada, at: new Date(ada.at.getTime() + recentProofMs + 1_000) }
    const path = { id: made.id, version: 1, settings: { url: `${here}/other/path` } }
    expect(await execute(updateSink, late, path)).toMatchObject({ version: 2 })
    const host = {
      id: made.id,
      version: 2,
      settings: { url: elsewhere },
      credentials: { secret: newSecret() },
    }
    expect(await codeOf(execute(updateSink, late, host))).toBe("proof-required")
    expect(await execute(updateSink, ada, host)).toMatchObject({ version: 3 })
  })

  test("that are replaced are named in the event, and not shown", async () => {
    const made = await makeWebhook(job(home), here)
    const secret = newSecret()
    await execute(updateSink, job(home), { id: made.id, version: 1, credentials: { secret } })
    const [event] = (await eventsOf("sink.update")).slice(-1)
    expect(event?.details).toEqual(["The credential secret was replaced."])
    expect(JSON.stringify(event)).not.toContain(secret)
  })

  test("of a swapped row or of another SECRET reveal nothing, and are asked for again", async () => {
    const [one, other] = [await makeWebhook(job(home), here), await makeWebhook(job(home), here)]
    await db.superuser.query(
      "UPDATE sink SET sealed_credentials = (SELECT sealed_credentials FROM sink WHERE id = $2) WHERE id = $1",
      [one.id, other.id],
    )
    const found = await execute(findSink, job(home), { id: one.id })
    expect(found.credentials.some(({ isSet }) => isSet)).toBe(false)
    expect(
      await refusalOf(execute(updateSink, job(home), { id: one.id, version: 1, redactIdentity: true })),
    ).toContain("/credentials/secret")
  })

  test("entered again let a sink go on that was paused because they could not be read", async () => {
    const made = await makeWebhook(job(home), here)
    await db.superuser.query(
      "UPDATE sink SET paused_at = now(), paused_reason = 'credentials' WHERE id = $1",
      [made.id],
    )
    await db.superuser.query("UPDATE sink_cursor SET due_at = NULL WHERE sink_id = $1", [made.id])
    const changed = await execute(updateSink, job(home), {
      id: made.id,
      version: 1,
      credentials: { secret: newSecret() },
    })
    expect(changed).toMatchObject({ state: "delivering", pausedReason: null })
    expect((await cursorOf(made.id)).due_at).not.toBeNull()
  })
})

describe("a paused sink", () => {
  test("is not looked at until it is resumed, and goes on where it stopped", async () => {
    const made = await makeWebhook(job(home), here, { begin: { at: "beginning" } })
    expect(await execute(pauseSink, job(home), { id: made.id })).toMatchObject({
      state: "paused",
      pausedReason: "person",
    })
    expect((await cursorOf(made.id)).due_at).toBeNull()
    expect(await codeOf(execute(pauseSink, job(home), { id: made.id }))).toBe("conflict")
    const resumed = await execute(resumeSink, job(home), { id: made.id })
    expect(resumed).toMatchObject({ state: "delivering", pausedReason: null, progress: { next: 0 } })
    expect((await cursorOf(made.id)).due_at).not.toBeNull()
    expect(await codeOf(execute(resumeSink, job(home), { id: made.id }))).toBe("conflict")
  })
})

test("a deleted sink leaves no cursor, receipt or refused event", async () => {
  const made = await makeWebhook(job(home), here)
  const values = [made.id, home.id]
  const id = randomUUID()
  await db.superuser.query(
    `INSERT INTO sink_delivery (id, sink_id, organization_id, cursor_id, first, past, batch_id, at, duration_ms, outcome, events, taken, refused, bytes)
     VALUES ('${id}', $1, $2, '${id}', 0, 1, '${id}', now(), 1, 'taken', 1, 1, 0, 1)`,
    values,
  )
  await db.superuser.query(
    `INSERT INTO sink_dead_letter (id, sink_id, organization_id, index, event_id, tries, next_try_at, first_refused_at, last_refused_at, reason)
     VALUES ('${id}', $1, $2, 0, '${id}', 1, now(), now(), now(), 'no')`,
    values,
  )
  await execute(deleteSink, job(home), { id: made.id })
  for (const table of ["sink", "sink_cursor", "sink_delivery", "sink_dead_letter"]) {
    const column = table === "sink" ? "id" : "sink_id"
    const { rows } = await db.superuser.query(`SELECT 1 FROM ${table} WHERE ${column} = $1`, [made.id])
    expect([table, rows]).toEqual([table, []])
  }
  expect(await codeOf(execute(findSink, job(home), { id: made.id }))).toBe("not-found")
})

describe("a kind that writes to the server itself", () => {
  const onServer = { name: "Lines", kind: "stdout", settings: {}, credentials: {} }

  test("is offered while the installation has one organization, and refused once it has several", async () => {
    const kinds = async () => (await execute(listSinkKinds, job(home), {})).kinds.map(({ kind }) => kind)
    expect(await kinds()).toEqual(expect.arrayContaining(["stdout", "file", "webhook"]))
    const { id } = await execute(createSink, job(home), onServer)
    await execute(deleteSink, job(home), { id })
    await makeOrganization()
    expect(await kinds()).not.toContain("stdout")
    expect(await kinds()).not.toContain("file")
    expect(await kinds()).toContain("webhook")
    expect(await codeOf(execute(createSink, job(home), onServer))).toBe("forbidden")
  })
})

describe("who may manage sinks", () => {
  test("only those who see the whole log: a sink would show them the rest", async () => {
    const { id: app } = await execute(createApp, job(home), { slug: "vision", name: "Vision" })
    const list = (caller: Caller) => codeOf(execute(listSinks, caller, {}))
    expect(await list(await memberWith(["SINK-MANAGEMENT", "LOG-MANAGEMENT"]))).toBe("accepted")
    expect(await list(await memberWith(["SINK-MANAGEMENT"]))).toBe("forbidden")
    expect(await list(await memberWith(["SINK-MANAGEMENT", "LOG-OWN"]))).toBe("forbidden")
    expect(await list(await memberWith(["SINK-MANAGEMENT", "LOG-MANAGEMENT"], [app]))).toBe("forbidden")
    expect(await list(await memberAs(["Auditor"]))).toBe("forbidden")
  })

  test("nobody of another organization: its sinks are unknown there", async () => {
    const made = await makeWebhook(job(home), here)
    const stranger = job(await makeOrganization())
    expect((await execute(listSinks, stranger, {})).sinks).toEqual([])
    const input = { id: made.id }
    for (const each of [findSink, pauseSink, resumeSink, deleteSink]) {
      expect(await codeOf(execute(each, stranger, input))).toBe("not-found")
    }
    expect(await codeOf(execute(updateSink, stranger, { ...input, version: 1 }))).toBe("not-found")
    expect(await execute(findSink, job(home), input)).toMatchObject({ state: "delivering" })
  })
})

async function logSize(): Promise<number> {
  const { rows } = await db.superuser.query("SELECT size FROM ledger.head WHERE organization_id = $1", [
    home.id,
  ])
  return Number(rows[0].size)
}
