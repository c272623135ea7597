import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { afterAll, beforeEach, describe, expect, test } from "vitest"
import type { Database } from "@/lib/database/database"
import { type SinkDelivery, sinkDelivery } from "@/lib/delivery/sinks/delivery"
import {
  drain,
  makeSink,
  progress,
  record,
  type TestClock,
  testClock,
} from "@/lib/delivery/sinks/fixtures/delivering"
import { ensureServerCursors } from "@/lib/delivery/sinks/server-cursors"
import { readEnv } from "@/lib/env/env"
import { createLog } from "@/lib/log"
import { createPlatform } from "@/lib/platform"
import { sealCredentials } from "@/lib/sinks/credentials"
import { serverSinkId } from "@/lib/sinks/server-sink"
import type { TestOrganization } from "@/test/database"
import { prepareTestEvents } from "@/test/events"
import { db, platform, setUpPlatform } from "@/test/platform"
import { sinkParts } from "./sink-parts"

/** A receiver of webhooks with its own record. */
const got: { readonly path: string; readonly id: unknown; readonly body: string }[] = []
const receiver = createServer(async (request, response) => {
  const chunks: Uint8Array[] = []
  for await (const chunk of request) chunks.push(chunk)
  got.push({
    path: request.url ?? "",
    id: request.headers["webhook-id"],
    body: Buffer.concat(chunks).toString(),
  })
  response.writeHead(204).end()
})
await new Promise<void>(resolve => receiver.listen(0, "127.0.0.1", resolve))
const { port } = receiver.address() as AddressInfo
afterAll(() => receiver.close().closeAllConnections())

setUpPlatform({ OUTBOUND_ALLOW: `127.0.0.1:${port}` })

const secret = `whsec_${Buffer.alloc(32, 7).toString("base64")}`
const settings = { url: `http://127.0.0.1:${port}/hook` }

let organization: TestOrganization
let clock: TestClock
let delivery: SinkDelivery
beforeEach(async () => {
  await db.superuser.query("UPDATE sink_cursor SET due_at = NULL")
  got.length = 0
  organization = await db.organization()
  clock = testClock()
  delivery = deliveryOf(platform)
})

function deliveryOf(of: Parameters<typeof sinkParts>[0], database: Database = db.database): SinkDelivery {
  const log = createLog({ level: () => "silent", now: clock.now, write: () => {} })
  return sinkDelivery({ database, parts: sinkParts(of), now: clock.now, random: () => 0, log })
}

/** Makes a webhook whose credentials are sealed for these settings, and stored with others. */
async function webhook(of: TestOrganization, stored: { readonly url: string } = settings): Promise<string> {
  const sinkId = await makeSink(db, of, {
    kind: "webhook",
    settings: stored,
    credentials: "{}",
    at: clock.now(),
  })
  const kind = platform.sinkKinds.find(({ name }) => name === "webhook")
  const host = kind?.boundTo(kind.settings.parse(settings)) ?? null
  const bound = { sinkId, organizationId: of.id, kind: "webhook", host }
  const sealed = sealCredentials(platform.env.secret, bound, { secret })
  await db.superuser.query("UPDATE sink SET sealed_credentials = $2 WHERE id = $1", [
    sinkId,
    Buffer.from(sealed),
  ])
  return sinkId
}

async function pausedReason(sinkId: string): Promise<unknown> {
  const { rows } = await db.superuser.query("SELECT paused_reason FROM sink WHERE id = $1", [sinkId])
  return rows[0]?.paused_reason
}

describe("a webhook of an organization", () => {
  test("gets the events, signed with the credentials of its sink, under the id of its receipt", async () => {
    const sinkId = await webhook(organization)
    await record(db, organization, prepareTestEvents(organization, 3))
    await drain(delivery, clock)
    expect(await progress(db, organization, sinkId, clock.now())).toMatchObject({ taken: 3, lastError: null })
    expect(got.length).toBe(1)
    const { rows } = await db.superuser.query("SELECT batch_id FROM sink_delivery WHERE sink_id = $1", [
      sinkId,
    ])
    expect(String(got[0]?.id)).toContain(rows[0]?.batch_id)
    await delivery.close()
  })

  test("whose host was changed in the database gets nothing, and reveals nothing", async () => {
    const sinkId = await webhook(organization, { url: `http://localhost:${port}/hook` })
    await record(db, organization, prepareTestEvents(organization, 1))
    await drain(delivery, clock)
    expect(got).toEqual([])
    expect(await pausedReason(sinkId)).toBe("credentials")
  })

  test("whose credentials were copied from another row, or sealed with another SECRET, gets nothing", async () => {
    const sinkId = await webhook(organization)
    const other = await db.organization()
    const copy = await webhook(other)
    await db.superuser.query(
      "UPDATE sink SET sealed_credentials = (SELECT sealed_credentials FROM sink WHERE id = $1) WHERE id = $2",
      [sinkId, copy],
    )
    await record(db, other, prepareTestEvents(other, 1))
    await drain(delivery, clock)
    expect(await pausedReason(copy)).toBe("credentials")

    await record(db, organization, prepareTestEvents(organization, 1))
    await db.superuser.query("UPDATE sink_cursor SET due_at = NULL WHERE sink_id <> $1", [sinkId])
    await db.superuser.query("UPDATE sink_cursor SET next_index = 0 WHERE sink_id = $1", [sinkId])
    const env = { ...platform.env, secret: "another secret that is as long as it has to be" }
    const stranger = deliveryOf({ ...platform, env })
    got.length = 0
    await record(db, organization, prepareTestEvents(organization, 1))
    await drain(stranger, clock)
    expect(got).toEqual([])
    expect(await pausedReason(sinkId)).toBe("credentials")
    const { lastError } = await progress(db, organization, sinkId, clock.now())
    expect(lastError?.message).toMatch(/again/)
  })
})

test("a host of the environment's sink is open to that sink alone", async () => {
  const env = readEnv({
    DATABASE_URL: db.applicationUrl,
    SECRET: platform.env.secret,
    CLEARML__apiserver__apilog__adapter: "elastic",
    CLEARML__hosts__elastic__apilog__hosts: `[{host: "127.0.0.1", port: ${port}}]`,
  })
  const installation = createPlatform(env)
  try {
    const stranger = await webhook(organization)
    delivery = deliveryOf(installation)
    await ensureServerCursors(db.database, serverSinkId, clock.now())
    clock.pass(3_600_000)
    const call = { metadata: { call: { endpoint: "users.get_all" } } }
    await record(
      db,
      organization,
      prepareTestEvents(organization, 1, () => call),
    )
    await drain(delivery, clock)
    expect(got.map(({ path }) => path.split("?")[0])).toContain("/_bulk")
    expect(got.map(({ path }) => path)).not.toContain("/hook")
    const { lastError } = await progress(db, organization, stranger, clock.now())
    expect(lastError).toMatchObject({
      kind: "configuration",
      message: expect.stringContaining("OUTBOUND_ALLOW"),
    })
  } finally {
    await delivery.close()
    await installation.database.close()
  }
})
