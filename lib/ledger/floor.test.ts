import { Buffer } from "node:buffer"
import { randomBytes, randomUUID } from "node:crypto"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { credentialsOf } from "@/lib/audit/capture/fixtures/credentials"
import { completeContent } from "@/lib/audit/event/complete"
import type { PreparedEvent } from "@/lib/audit/event/event"
import { hashRaw, readBody, sealEvent } from "@/lib/audit/seal"
import { createTestDatabase, type TestDatabase, type TestOrganization } from "@/test/database"
import { instant, prepareTestEvent } from "@/test/events"
import { append } from "./append"

const secret = credentialsOf(1)[5]?.text ?? ""
const original = (token: string) => Buffer.from(JSON.stringify({ who: "ada", access_token: token }))

describe("the floor of the ledger", () => {
  let test: TestDatabase
  let organization: TestOrganization
  beforeAll(async () => {
    test = await createTestDatabase()
    organization = await test.organization()
  })
  afterAll(() => test.close())

  const store = (events: readonly PreparedEvent[]) =>
    test.database.withOrganization(organization.id, tx => append(tx, organization.id, events))
  const storedAs = async (id: string) => {
    const { rows } = await test.superuser.query(
      `SELECT body, raw, search_text FROM ledger.event WHERE id = $1`,
      [id],
    )
    return rows[0]
  }
  const withSecret = (more: Partial<PreparedEvent["content"]> = {}, raw: Uint8Array | null = null) =>
    prepareTestEvent(
      organization,
      { metadata: { password: "hunter2", note: `see ${secret}` }, statusMessage: secret, ...more },
      raw,
    )

  /** Stores an event as it was stored before there was a floor. */
  const storeWithoutFloor = async ({ content, raw }: PreparedEvent) => {
    const receivedAt = instant(new Date().toISOString().replace("Z", "000Z"))
    const salt = randomBytes(16)
    const complete = completeContent(content, receivedAt)
    const { leafHash, body } = sealEvent(complete, hashRaw(raw), salt)
    const hex = (bytes: Uint8Array) => `\\x${Buffer.from(bytes).toString("hex")}`
    const row = {
      id: content.id,
      app_id: content.appId,
      occurred_at: complete.occurredAt,
      operation: content.operation,
      status: content.status,
      actor_id: content.actor.id,
      target_keys: [],
      search_text: "",
      leaf_hash: hex(leafHash),
      salt: hex(salt),
      body,
      raw: raw === null ? undefined : hex(raw),
    }
    await test.database.withOrganization(organization.id, tx =>
      tx.query(`SELECT * FROM ledger.append($1::uuid, $2::timestamptz, $3::json)`, [
        organization.id,
        receivedAt,
        JSON.stringify([row]),
      ]),
    )
    return Buffer.from(leafHash).toString("base64url")
  }

  it("stores no secret of any producer, in no column, and says what was hidden", async () => {
    const event = withSecret({}, original(secret))
    const [result] = await store([event])
    expect(result?.outcome).toBe("accepted")
    const stored = await storedAs(event.content.id)
    expect(JSON.stringify(stored)).not.toMatch(new RegExp(`hunter2|${secret}`, "i"))
    expect(stored.raw).toBeNull()
    expect(readBody(stored.body)).toMatchObject({
      metadata: { password: "[secret]", note: "see [secret:github]" },
      statusMessage: "[secret:github]",
      rawWithheld: "A secret was hidden (accesstoken, github, password, rules 1)",
    })
  })

  it("knows an event again that it hid something in, alone and in one call, imported or not", async () => {
    const events = [
      withSecret(),
      withSecret({ rawFormat: "okta" }, original(secret)),
      withSecret({ occurredAt: null, occurredAtAssumed: "received" }),
    ]
    const first = await store(events)
    const again = await store([...events, ...events])
    expect(first.map(({ outcome }) => outcome)).toEqual(["accepted", "accepted", "accepted"])
    expect(again).toEqual([...first, ...first].map(result => ({ ...result, outcome: "duplicate" })))
    const twice = withSecret()
    expect((await store([twice, twice])).map(({ outcome }) => outcome)).toEqual(["accepted", "duplicate"])
  })

  it("knows an event again that was stored before there was a floor, and keeps what was stored", async () => {
    for (const event of [
      withSecret(),
      withSecret({ rawFormat: "okta" }, original(secret)),
      prepareTestEvent(organization),
    ]) {
      const leafHash = await storeWithoutFloor(event)
      const before = await storedAs(event.content.id)
      expect(await store([event])).toEqual([
        { outcome: "duplicate", id: event.content.id, index: expect.any(Number), leafHash },
      ])
      // What the server derives may have changed since.
      const described = {
        ...event,
        content: { ...event.content, description: "In other words" },
        derived: ["description"] as const,
      }
      expect((await store([described]))[0]?.outcome).toBe("duplicate")
      expect(await storedAs(event.content.id)).toEqual(before)
    }
  })

  it("takes another event under a known id for a conflict, whatever was hidden", async () => {
    const id = randomUUID()
    await storeWithoutFloor(withSecret({ id }))
    const others = [
      withSecret({ id, metadata: { password: "hunter3", note: `see ${secret}` } }),
      withSecret({ id, description: "Something else" }),
      withSecret({ id }, original(secret)),
    ]
    for (const other of others) expect(await store([other])).toEqual([{ outcome: "conflict", id }])
    const hidden = withSecret()
    await store([hidden])
    expect(
      (await store([withSecret({ id: hidden.content.id, description: "Something else" })]))[0]?.outcome,
    ).toBe("conflict")
  })

  it("takes two that differ only in what is hidden for one: nothing is left by which to tell them apart", async () => {
    const event = withSecret()
    const [first] = await store([event])
    const [other] = await store([
      withSecret({ id: event.content.id, metadata: { password: "hunter3", note: `see ${secret}` } }),
    ])
    expect(other).toEqual({ ...first, outcome: "duplicate" })
  })
})
