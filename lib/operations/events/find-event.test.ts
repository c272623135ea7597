import { randomUUID } from "node:crypto"
import { beforeAll, describe, expect, test } from "vitest"
import type { AuditEvent } from "@/lib/audit/event/event"
import { AppError } from "@/lib/errors"
import { execute } from "@/lib/operations/core/execute"
import type { Caller } from "@/lib/operations/core/operation"
import { readLog } from "@/lib/operations/fixtures/access"
import { home, memberWith, setUpHome } from "@/lib/operations/fixtures/home"
import { db } from "@/test/platform"
import { findEvent } from "./find"

setUpHome(beforeAll)

/** What the caller is told about the id. */
async function told(caller: Caller, id: string): Promise<string> {
  try {
    const { event } = await execute(findEvent, caller, { id })
    return `found ${event.id}`
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return `${error.code}: ${error.message}`
  }
}

/** Removes the content of the event as its expiry will. Triggers refuse it to everybody but a superuser. */
async function expire({ id }: AuditEvent): Promise<void> {
  await db.superuser.query("SET session_replication_role = replica")
  await db.superuser.query("DELETE FROM ledger.event WHERE organization_id = $1 AND id = $2", [home.id, id])
  await db.superuser.query("SET session_replication_role = DEFAULT")
}

describe("an event that has expired", () => {
  test("is told to those who could see it, and is unknown to everybody else", async () => {
    const auditor = await memberWith(["LOG-MANAGEMENT"])
    // Creating the organization left an event; its app is the console itself.
    const [event] = await readLog(db, home)
    if (!event) throw new Error("The log has an event.")
    const ofTheApp = await memberWith(["LOG-MANAGEMENT"], [event.appId])
    const ofAnother = await memberWith(["LOG-MANAGEMENT"], [randomUUID()])
    const own = await memberWith(["LOG-OWN"])
    const ownOfTheApp = await memberWith(["LOG-OWN"], [event.appId])
    expect(await told(auditor, event.id)).toBe(`found ${event.id}`)
    await expire(event)
    for (const caller of [auditor, ofTheApp]) expect(await told(caller, event.id)).toMatch(/^expired: /)
    for (const caller of [ofAnother, own, ownOfTheApp]) {
      const unknown = await told(caller, randomUUID())
      expect(unknown).toMatch(/^not-found: /)
      expect(await told(caller, event.id)).toBe(unknown)
    }
  })
})
