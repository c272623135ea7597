import { randomUUID } from "node:crypto"
import { beforeAll, describe, expect, test } from "vitest"
import { execute } from "@/lib/operations/core/execute"
import { job, makeOrganization } from "@/lib/operations/fixtures/access"
import { eventsOf, home, memberAs, setUpHome } from "@/lib/operations/fixtures/home"
import { codeOf, refusalOf } from "@/lib/operations/fixtures/refusals"
import { serverSink } from "@/lib/sinks/server-sink"
import { db, platform } from "@/test/platform"
import { createSink } from "./create"
import { deleteSink } from "./delete"
import { findSink } from "./find"
import { listSinks } from "./list"
import { pauseSink } from "./pause"
import { replaySink } from "./replay"
import { resumeSink } from "./resume"
import { retryDeadLetters } from "./retry"
import { tellSinkNews } from "./tell"
import { testSink } from "./test"
import { updateSink } from "./update"

const environment = {
  CLEARML__APISERVER__log_calls: "true",
  CLEARML__apiserver__apilog__adapter: "logging",
  CLEARML__apiserver__apilog__adapters__logging__handler__kwargs__host: "127.0.0.1",
  CLEARML__apiserver__apilog__adapters__logging__handler__kwargs__port: "24224",
}
setUpHome(beforeAll, environment)

const serverId = () => serverSink(platform.env.capture.adapter)?.id ?? ""

async function giveCursor(organizationId: string, columns = "", values = ""): Promise<void> {
  await db.superuser.query(
    `INSERT INTO sink_cursor (id, sink_id, organization_id, first_index, next_index, due_at${columns})
     VALUES ($1, $2, $3, 0, 0, now()${values}) ON CONFLICT DO NOTHING`,
    [randomUUID(), serverId(), organizationId],
  )
}

describe("the sink of the environment", () => {
  test("is the first of every organization, read only, and names the variables that make it", async () => {
    const ada = await memberAs(["Organization Administrator"])
    await giveCursor(home.id)
    const [first] = (await execute(listSinks, ada, {})).sinks
    expect(first).toMatchObject({
      ...{
        id: serverId(),
        isServer: true,
        kind: "fluentd",
        format: "clearml",
        credentials: [],
        state: "delivering",
      },
      destination: expect.stringContaining("127.0.0.1"),
      setBy: expect.arrayContaining([expect.stringMatching(/adapter/i)]),
    })
    expect(await execute(findSink, ada, { id: serverId() })).toEqual(first)
    const other = job(await makeOrganization())
    expect((await execute(listSinks, other, {})).sinks).toMatchObject([{ id: serverId(), isServer: true }])
  })

  test("cannot be changed by anybody: the refusal names its variables", async () => {
    const id = serverId()
    const calls = [
      () => execute(updateSink, job(home), { id, version: 1, name: "Mine" }),
      () => execute(deleteSink, job(home), { id }),
      () => execute(pauseSink, job(home), { id }),
      () => execute(resumeSink, job(home), { id }),
      () => execute(replaySink, job(home), { id, range: { first: 0, past: 1 } }),
      () => execute(testSink, job(home), { id }),
    ]
    for (const call of calls) {
      await expect(call()).rejects.toMatchObject({
        code: "locked",
        faults: [{ pointer: "/id", message: expect.stringMatching(/CLEARML__apiserver__apilog__adapter/i) }],
      })
    }
  })

  test("lets an organization ask for another try of its own refused events", async () => {
    await db.superuser.query(
      `INSERT INTO sink_dead_letter (id, sink_id, organization_id, index, event_id, tries, dead_at, first_refused_at, last_refused_at, reason)
       VALUES (gen_random_uuid(), $1, $2, 0, gen_random_uuid(), 3, now(), now(), now(), 'no')`,
      [serverId(), home.id],
    )
    expect(await execute(retryDeadLetters, job(home), { id: serverId() })).toEqual({ retried: 1 })
  })

  test("has hosts of its own: a sink of an organization may not send there because of it", async () => {
    const same = { name: "Same", kind: "fluentd", settings: { host: "127.0.0.1", port: 24224, tls: false } }
    expect(await refusalOf(execute(createSink, job(home), same))).toMatch(/^invalid .*\/settings\/host/)
  })

  test("fails into the log of each organization; people get mail only where there is one organization", async () => {
    await memberAs(["Organization Administrator"])
    await db.superuser.query("DELETE FROM mail_message")
    await db.superuser.query(
      `UPDATE sink_cursor SET failures = 3, first_failure_at = now() - interval '31 minutes', last_error_kind = 'later',
         last_error = 'Connection refused.', last_error_at = now() WHERE sink_id = $1`,
      [serverId()],
    )
    await tellSinkNews(platform, new Date())
    expect((await eventsOf("sink.fail")).map(({ targets }) => targets[0]?.id)).toEqual([serverId()])
    const { rows } = await db.superuser.query("SELECT count(*)::int AS mails FROM mail_message")
    expect(rows).toEqual([{ mails: 0 }])
  })
})

test("without a sink of the environment its id is unknown", async () => {
  expect(await codeOf(execute(findSink, job(home), { id: randomUUID() }))).toBe("not-found")
})
