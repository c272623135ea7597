import { createHash, randomUUID } from "node:crypto"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { completeContent } from "@/lib/audit/event/complete"
import type { PreparedEvent } from "@/lib/audit/event/event"
import { searchText, targetKeys } from "@/lib/audit/event/search-text"
import type { TimeSelection } from "@/lib/audit/query/selection"
import { hashRaw, sealEvent } from "@/lib/audit/seal"
import { addMicroseconds, instantFromDate } from "@/lib/audit/time/instant"
import { append } from "@/lib/ledger/append"
import { postgresStore } from "@/lib/stores/postgres/store"
import { createTestDatabase, type TestDatabase, type TestOrganization } from "@/test/database"
import { instant, prepareTestEvent } from "@/test/events"
import { valuesOf } from "@/test/query-values"
import { rebuildText } from "./rebuild"

const startsAt = instant("2026-11-01T00:00:00.000000Z")

describe("events that a process of the version before wrote, which knows no column of codes", () => {
  let test: TestDatabase
  let organization: TestOrganization
  let earlier: readonly PreparedEvent[]
  const codes = [400, undefined, 4_711, 0, 2_147_483_647, undefined, 403]
  /** More than a batch. */
  const count = 1_201

  beforeAll(async () => {
    test = await createTestDatabase()
    organization = await test.organization()
    earlier = Array.from({ length: count }, (_, at) =>
      prepareTestEvent(organization, {
        id: randomUUID(),
        occurredAt: addMicroseconds(startsAt, at),
        operationCode: codes[at % codes.length],
        // A producer's own member of that name, and a text that looks like it, are no code.
        metadata: at % 5 === 0 ? { own: { operationCode: 403 }, text: '"operationCode":403' } : {},
      }),
    )
    const receivedAt = instantFromDate(new Date())
    const rows = earlier.map(event => earlierRow(event, receivedAt))
    await test.database.withOrganization(organization.id, tx =>
      tx.query("SELECT * FROM ledger.append($1::uuid, $2::timestamptz, $3::json)", [
        organization.id,
        receivedAt,
        JSON.stringify(rows),
      ]),
    )
    const [now] = [
      prepareTestEvent(organization, { operationCode: 400, occurredAt: addMicroseconds(startsAt, count) }),
    ]
    await test.database.withOrganization(organization.id, tx => append(tx, organization.id, [now]))
  })
  afterAll(() => test.close())

  const scope = () => ({ organizationId: organization.id, appIds: null, actorId: null })
  const selection = (code: string): TimeSelection => ({
    ...{ window: { from: startsAt, before: addMicroseconds(startsAt, 10_000) }, text: null, asOf: null },
    ...{ include: valuesOf({ code: [code] }), exclude: {}, order: "oldest" },
  })
  const columns = async () =>
    (
      await test.superuser.query("SELECT operation_code AS code FROM ledger.event ORDER BY occurred_at")
    ).rows.map(({ code }) => code)
  const contents = async () => {
    const { rows } = await test.superuser.query(
      "SELECT md5(string_agg(md5(ROW(id, app_id, index, occurred_at, search_text, target_keys, leaf_hash, body)::text), '' ORDER BY index)) AS md5 FROM ledger.event",
    )
    return rows[0].md5
  }
  /** The numbers of the events that have this code, by their content. */
  const expected = (code: number) =>
    earlier.flatMap(({ content }, at) => ((content.operationCode ?? 0) === code ? [at] : []))
  const found = async (code: number) => {
    const page = await postgresStore(test.database).search(scope(), selection(String(code)), {
      limit: 2_000,
      after: null,
    })
    return page.events.map(({ index }) => index)
  }
  const complete = async () =>
    (await test.database.queryDirectly<{ is: boolean }>("SELECT ledger.codes_are_complete() AS is"))[0]?.is

  it("are found by their code at once, in pages and by position, before the column is filled", async () => {
    expect(new Set((await columns()).slice(0, count))).toEqual(new Set([null]))
    expect(await complete()).toBe(false)
    for (const code of [400, 403, 4_711, 2_147_483_647, 0, 9]) {
      const numbers = [...expected(code), ...(code === 400 ? [count] : [])]
      expect(await found(code), `${code}`).toEqual(numbers)
      const at = await postgresStore(test.database).positionAt(scope(), selection(String(code)), 3)
      if (numbers.length > 0) expect(at).toMatchObject({ kind: "found", position: { index: numbers[2] } })
    }
  })

  it("are filled from their content by the work on existing events, which changes nothing else and ends", async () => {
    const before = await contents()
    const first = await rebuildText({ ownerUrl: test.ownerUrl })
    // Those without a code and without a member of that name are not touched.
    const named = earlier.filter(({ content }, at) => content.operationCode !== undefined || at % 5 === 0)
    expect(first).toMatchObject({ outcome: "finished", events: named.length })
    expect(await rebuildText({ ownerUrl: test.ownerUrl })).toMatchObject({ outcome: "nothing" })
    expect(await contents()).toBe(before)
    expect((await columns()).slice(0, count).map(code => code ?? 0)).toEqual(
      earlier.map(({ content }) => content.operationCode ?? 0),
    )
    expect(await complete()).toBe(true)
    for (const code of [400, 403, 4_711, 2_147_483_647, 0, 9]) {
      expect(await found(code), `${code}`).toEqual([...expected(code), ...(code === 400 ? [count] : [])])
    }
  })

  it("keep a code that they have: the maintenance role can fill one in and change none", async () => {
    const change = (statement: string) =>
      test.superuser
        .query(`BEGIN; SET LOCAL ROLE auditorium_maintenance; ${statement}; COMMIT`)
        .finally(() => test.superuser.query("ROLLBACK"))
    await expect(
      change("UPDATE ledger.event SET operation_code = 1 WHERE operation_code = 400"),
    ).rejects.toThrow(/never changed/)
    await expect(change("UPDATE ledger.event SET body = '{}' WHERE operation_code = 400")).rejects.toThrow(
      /denied/,
    )
  })
})

/** An event as the version before hands it to the ledger: all columns but that of the code. */
function earlierRow(event: PreparedEvent, receivedAt: ReturnType<typeof instantFromDate>) {
  const salt = createHash("sha256").update(event.content.id).digest().subarray(0, 16)
  const content = completeContent(event.content, receivedAt)
  const { leafHash, body } = sealEvent(content, hashRaw(event.raw), salt)
  const hex = (bytes: Uint8Array) => `\\x${Buffer.from(bytes).toString("hex")}`
  return {
    id: content.id,
    app_id: content.appId,
    occurred_at: content.occurredAt,
    operation: content.operation,
    status: content.status,
    actor_id: content.actor.id,
    source_ip: content.source?.ip,
    target_keys: targetKeys(content.targets),
    request_id: content.requestId,
    search_text: searchText(content),
    leaf_hash: hex(leafHash),
    salt: hex(salt),
    body,
  }
}
