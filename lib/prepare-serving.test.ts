import { expect, test } from "vitest"
import { db, platform, setUpPlatform } from "@/test/platform"
import { prepareServing } from "./prepare-serving"

setUpPlatform({ DATABASE_POOL_SIZE: "7" })

test("before a server listens, all of its connections are open, and nothing was written", async () => {
  const connections = async () => {
    const { rows } = await db.superuser.query<{ number: number }>(
      `SELECT count(*)::int AS number FROM pg_stat_activity
       WHERE datname = current_database() AND application_name = 'auditorium'`,
    )
    return rows[0]?.number
  }
  expect(await connections()).toBe(0)
  await prepareServing(platform)
  expect(await connections()).toBe(7)
  const { rows } = await db.superuser.query(
    "SELECT (SELECT count(*)::int FROM attempt) AS attempts, (SELECT count(*)::int FROM ledger.event) AS events",
  )
  expect(rows).toEqual([{ attempts: 0, events: 0 }])
})

// What cannot be read shows that it is asked for.
test.each(["public.api_key", "public.app", "ledger.visible_event"])(
  "before a server listens, it has read from %s, which the first request needs",
  async table => {
    const { rows } = await db.superuser.query<{ grantee: string }>(
      "SELECT DISTINCT acl.grantee::regrole::text AS grantee FROM pg_class, aclexplode(relacl) acl WHERE oid = $1::regclass AND acl.privilege_type = 'SELECT' AND acl.grantee <> relowner",
      [table],
    )
    const readers = rows.map(({ grantee }) => grantee).join(", ")
    expect(readers).not.toBe("")
    await db.superuser.query(`REVOKE SELECT ON ${table} FROM ${readers}`)
    await expect(prepareServing(platform)).rejects.toThrow(/permission denied|denied access/)
    await db.superuser.query(`GRANT SELECT ON ${table} TO ${readers}`)
    await prepareServing(platform)
  },
)
