import { randomUUID } from "node:crypto"
import { beforeAll, describe, expect, test } from "vitest"
import { eventLimits } from "@/lib/audit/event/limits"
import { createApiKey } from "@/lib/operations/api-keys/create"
import { createApp } from "@/lib/operations/apps/create"
import { execute } from "@/lib/operations/core/execute"
import type { Caller } from "@/lib/operations/core/operation"
import { callerFor, job, readLog } from "@/lib/operations/fixtures/access"
import { home, memberAs, setUpHome } from "@/lib/operations/fixtures/home"
import { prepareTestEvent } from "@/test/events"
import { db, platform } from "@/test/platform"
import { exportEvents } from "./export"

setUpHome(beforeAll)

let appId: string
/** Three batches, so that one is still unread whatever was read ahead. */
const count = 3_000

beforeAll(async () => {
  appId = (await execute(createApp, job(home), { slug: "billing", name: "Billing" })).id
  const log = { id: home.id, appId, builtInAppId: appId }
  for (let batch = 0; batch < count; batch += 1_000) {
    const events = Array.from({ length: 1_000 }, () => prepareTestEvent(log, { id: randomUUID() }))
    await platform.ledger.append(home.id, events)
  }
})

/** Starts an export of every event of the app, reads its first batch, and returns a function that reads the rest. */
async function begin(caller: Caller) {
  const query = { parameters: new URLSearchParams({ window: "all", app: "billing" }) }
  const file = await execute(exportEvents, caller, { format: "jsonl", query })
  const chunks = file.chunks(new AbortController().signal)[Symbol.asyncIterator]()
  const linesOf = (text: string) => text.trimEnd().split("\n").length
  const first = await chunks.next()
  let events = first.done ? 0 : linesOf(first.value)
  const readOn = async () => {
    for (let next = await chunks.next(); !next.done; next = await chunks.next()) events += linesOf(next.value)
  }
  return { readOn, handedOut: () => events }
}

async function lastEventOf({ requestId }: Caller) {
  return (await readLog(db, home)).filter(event => event.requestId === requestId).at(-1)
}

/** What can happen to a person while their export runs. */
const losses: readonly [string, string][] = [
  ["their role was taken away", "DELETE FROM membership_role WHERE person_id = $1"],
  ["their membership was suspended", "UPDATE membership SET status = 'suspended' WHERE person_id = $1"],
  ["their session was ended", "UPDATE session SET revoked_at = now() WHERE person_id = $1"],
]

describe("a running export", () => {
  test.each(losses)("breaks off when %s, and the log says how many events went out", async (_, change) => {
    const { personId, ...caller } = await memberAs(["Auditor"])
    const running = await begin(caller)
    await db.superuser.query(change, [personId])
    await expect(running.readOn()).rejects.toMatchObject({
      code: expect.stringMatching(/forbidden|not-found|unauthenticated/),
    })
    expect(running.handedOut()).toBe(1_000)
    expect(await lastEventOf(caller)).toMatchObject({
      operation: "event.export",
      status: "denied",
      actor: { id: personId },
      metadata: { phase: "ended", events: 1_000 },
    })
  })

  test("breaks off when what its reader may see became less", async () => {
    const { personId, ...caller } = await memberAs(["Auditor"])
    const other = await execute(createApp, job(home), { slug: "vision", name: "Vision" })
    const running = await begin(caller)
    const roleId = randomUUID()
    await db.superuser.query(
      `INSERT INTO role (organization_id, id, name, description, permissions, app_ids)
       VALUES ($1, $2, 'Vision only', '', '{LOG-MANAGEMENT}', ARRAY[$3::uuid])`,
      [home.id, roleId, other.id],
    )
    await db.superuser.query("UPDATE membership_role SET role_id = $1 WHERE person_id = $2", [
      roleId,
      personId,
    ])
    await expect(running.readOn()).rejects.toMatchObject({ code: "forbidden" })
    expect(await lastEventOf(caller)).toMatchObject({ status: "denied", metadata: { events: 1_000 } })
  })

  test.each([
    ["was revoked", "UPDATE api_key SET revoked_at = now() WHERE id = $1"],
    [
      "may be used from elsewhere only",
      "UPDATE api_key SET allowed_networks = '{192.0.2.0/24}' WHERE id = $1",
    ],
    ["has expired", "UPDATE api_key SET expires_at = now() WHERE id = $1"],
    ["lost the scope", "UPDATE api_key SET scopes = '{LOG-INGESTION}' WHERE id = $1"],
    [
      "belongs to an archived app",
      "UPDATE app SET archived_at = now() WHERE id = (SELECT app_id FROM api_key WHERE id = $1)",
    ],
  ])("of a key that %s breaks off", async (_, change) => {
    await execute(createApp, job(home), { slug: `app-${randomUUID().slice(0, 8)}`, name: "Of a key" }).then(
      async ({ slug }) => {
        const made = await execute(createApiKey, job(home), {
          app: slug,
          name: "reader",
          scopes: ["LOG-MANAGEMENT"],
          expiresAt: null,
        })
        const principal = await platform.keys.principalOf(made.key, null, new Date())
        const caller = callerFor(principal)
        const running = await begin(caller)
        await db.superuser.query(change, [principal.keyId])
        await expect(running.readOn()).rejects.toMatchObject({
          code: expect.stringMatching(/forbidden|unauthenticated/),
        })
        expect(await lastEventOf(caller)).toMatchObject({ status: "denied", metadata: { events: 1_000 } })
      },
    )
  })

  test("of somebody who keeps the permission ends whole, though they got another role meanwhile", async () => {
    const { personId, ...caller } = await memberAs(["Auditor"])
    const running = await begin(caller)
    await db.superuser.query(
      `INSERT INTO membership_role (organization_id, person_id, role_id)
       SELECT organization_id, $2, id FROM role WHERE organization_id = $1 AND name = 'Member'`,
      [home.id, personId],
    )
    await running.readOn()
    expect(running.handedOut()).toBe(count)
    expect(await lastEventOf(caller)).toMatchObject({ status: "success", metadata: { events: count } })
  })
})

test("an export of a query too long for one sentence is recorded with the whole of it", async () => {
  const caller = await memberAs(["Auditor"])
  const ids = Array.from({ length: 40 }, () => `👩${randomUUID()}${randomUUID()}`)
  const parameters = new URLSearchParams([["window", "all"], ...ids.map(id => ["target", id])])
  const { query } = await execute(exportEvents, caller, { format: "csv", query: { parameters } })
  const event = await lastEventOf(caller)
  expect(event?.details.every(({ length }) => length <= eventLimits.detailLength)).toBe(true)
  expect(event?.details).toContainEqual(expect.stringMatching(/^Target is .+…$/u))
  expect(event).toMatchObject({ status: "success", metadata: { query } })
  expect(new URLSearchParams(query).getAll("target").sort()).toEqual(ids.sort())
})
