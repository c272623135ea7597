import { randomUUID } from "node:crypto"
import { setTimeout as sleep } from "node:timers/promises"
import type pg from "pg"
import { beforeAll, describe, expect, test } from "vitest"
import { z } from "zod"
import { administratorRole } from "@/lib/access/directory"
import { createApiKey } from "@/lib/operations/api-keys/create"
import { createApp } from "@/lib/operations/apps/create"
import { addCollaborator } from "@/lib/operations/collaborators/add"
import { updateCollaborator } from "@/lib/operations/collaborators/update"
import { createInvitations } from "@/lib/operations/invitations/create"
import { connect } from "@/test/database"
import { db } from "@/test/platform"
import { execute } from "./core/execute"
import { operation } from "./core/operation"
import { job, makeAccount, newAddress } from "./fixtures/access"
import { eventsOf, home, makeGroup, makeRole, memberAs, memberWith, roleId, setUpHome } from "./fixtures/home"
import { codeOf } from "./fixtures/refusals"
import { deleteGroup } from "./groups/delete"
import { changeMember } from "./members/change"
import { removeMember } from "./members/remove"
import { deleteRole } from "./roles/delete"

setUpHome(beforeAll)

const rounds = 6

type Act = () => Promise<unknown>

/** The results of two concurrent calls, the second one a little later in each round. */
async function together(
  prepare: () => Promise<readonly [Act, Act]>,
): Promise<readonly (readonly string[])[]> {
  const ends = []
  for (let round = 0; round < rounds; round += 1) {
    const [first, second] = await prepare()
    const later = new Promise(resolve => setTimeout(resolve, 3 * round)).then(second)
    ends.push(await Promise.all([codeOf(first()), codeOf(later)]))
  }
  return ends
}

const administrators = async () =>
  [await memberAs([administratorRole]), await memberAs([administratorRole])] as const

/** The operations of both in the log, by actor. */
async function orderOf(operation: string, first: string): Promise<readonly string[]> {
  const events = await eventsOf(operation)
  return events.slice(-2).map(event => (event.actor.id === first ? "first" : "second"))
}

describe("whoever loses a right while they are acting", () => {
  test("gives nothing any more after their demotion: either that came first, or they are refused", async () => {
    const [member, administrator] = [await roleId("Member"), await roleId(administratorRole)]
    for (let round = 0; round < rounds; round += 1) {
      const [boss, demoted] = await administrators()
      const friend = await memberAs(["Member"])
      const [, given] = await Promise.all([
        execute(changeMember, boss, {
          ...{ personId: demoted.personId, roleIds: [member] },
          expected: { roleIds: [administrator] },
        }),
        codeOf(
          execute(changeMember, demoted, {
            ...{ personId: friend.personId, roleIds: [administrator] },
            expected: { roleIds: [member] },
          }),
        ),
      ])
      if (given === "accepted") {
        expect(await orderOf("organization_member.change", boss.personId)).toEqual(["second", "first"])
      } else expect(given).toBe("forbidden")
    }
  })

  test("leaves no open invitation when they are removed", async () => {
    const roleIds = [await roleId(administratorRole)]
    const ends = await together(async () => {
      const [boss, leaving] = await administrators()
      const emails = Array.from({ length: 5 }, () => newAddress())
      return [
        () => execute(createInvitations, leaving, { emails, roleIds }),
        () => execute(removeMember, boss, { personId: leaving.personId }),
      ]
    })
    for (const [invited, removed] of ends) {
      expect(removed).toBe("accepted")
      expect(["accepted", "not-found", "unauthenticated"]).toContain(invited)
    }
    const { rows } = await db.superuser.query(
      `SELECT 1 FROM invitation LEFT JOIN membership
         ON membership.organization_id = invitation.organization_id AND membership.person_id = invitation.created_by_id
       WHERE created_by_id IS NOT NULL AND membership.person_id IS NULL AND revoked_at IS NULL`,
    )
    expect(rows).toEqual([])
  })

  test("leaves no API key that the event of their removal does not name", async () => {
    const app = `a${randomUUID().slice(0, 8)}`
    await execute(createApp, job(home), { slug: app, name: app })
    const name = () => `key-${randomUUID()}`
    for (let round = 0; round < rounds; round += 1) {
      const [boss, leaving] = await administrators()
      const key = { app, name: name(), scopes: ["LOG-MANAGEMENT"], expiresAt: null }
      const [made] = await Promise.all([
        codeOf(execute(createApiKey, leaving, key)),
        execute(removeMember, boss, { personId: leaving.personId }),
      ])
      const told = JSON.stringify((await eventsOf("organization_member.remove")).at(-1)?.details)
      expect(told.includes(key.name)).toBe(made === "accepted")
    }
  })
})

describe("a write that waited for its turn", () => {
  /**
   * Starts the work while another write of the organization is running, changes the caller's role there, and lets
   * both end.
   */
  async function meanwhile<T>(work: () => Promise<T>, sql: string, values: readonly unknown[]): Promise<T> {
    const other = await connect(db.superuserUrl)
    try {
      await other.query("BEGIN")
      await other.query("SELECT id FROM organization WHERE id = $1 FOR NO KEY UPDATE", [home.id])
      const pending = work()
      pending.catch(() => {})
      await untilSomebodyWaits(other)
      await other.query(sql, [...values])
      await other.query("COMMIT")
      return await pending
    } finally {
      await other.end()
    }
  }

  async function untilSomebodyWaits(other: pg.Client): Promise<void> {
    for (;;) {
      const { rowCount } = await other.query(
        "SELECT FROM pg_stat_activity WHERE datname = current_database() AND pg_backend_pid() = ANY (pg_blocking_pids(pid))",
      )
      if (rowCount) return
      await sleep(5)
    }
  }

  test("is refused to who was demoted meanwhile, also where nothing is granted to anybody", async () => {
    const { personId, ...caller } = await memberWith(["APP-MANAGEMENT"])
    const slug = `a${randomUUID().slice(0, 8)}`
    const demote = "DELETE FROM membership_role WHERE person_id = $1"
    const made = await meanwhile(() => codeOf(execute(createApp, caller, { slug, name: slug })), demote, [
      personId,
    ])
    expect(made).toBe("forbidden")
    expect((await db.superuser.query("SELECT FROM app WHERE slug = $1", [slug])).rowCount).toBe(0)
    const [refused] = (await eventsOf("application.create")).slice(-1)
    expect(refused).toMatchObject({ status: "denied", actor: { id: personId } })
  })

  test("is done with what its caller holds by then, not with what they held before", async () => {
    const { personId, ...caller } = await memberWith(["APP-MANAGEMENT", "LOG-MANAGEMENT"])
    const telling = operation({
      name: "application.create",
      summary: "Tells what its caller holds.",
      permission: "APP-MANAGEMENT",
      effect: "write",
      input: z.strictObject({}),
      run: async ({ caller, scope }) => ({
        value: { held: [...caller.principal.permissions].toSorted(), scope },
        event: { targets: [] },
      }),
    })
    const narrow = `UPDATE role SET permissions = '{APP-MANAGEMENT,LOG-OWN}'
      WHERE id IN (SELECT role_id FROM membership_role WHERE person_id = $1)`
    const { held, scope } = await meanwhile(() => execute(telling, caller, {}), narrow, [personId])
    expect(held).not.toContain("LOG-MANAGEMENT")
    expect(held).toContain("LOG-OWN")
    expect(scope.actorId).toBe(personId)
  })
})

describe("two writes to one organization at once are both done, or one is refused in words", () => {
  const understood = ["accepted", "invalid", "conflict", "not-found"]

  const inApp = async () => {
    const app = `a${randomUUID().slice(0, 8)}`
    await execute(createApp, job(home), { slug: app, name: app })
    return app
  }

  test.each<readonly [string, () => Promise<readonly [Act, Act]>]>([
    [
      "a collaborator gets the role that replaces theirs",
      async () => {
        const app = await inApp()
        const from = await makeRole(`From ${randomUUID()}`, ["LOG-MANAGEMENT"])
        const to = await makeRole(`To ${randomUUID()}`, ["LOG-OWN"])
        const { personId } = await makeAccount(home)
        await execute(addCollaborator, job(home), { app, personId, roleId: from })
        return [
          () => execute(deleteRole, job(home), { id: from, replacementId: to }),
          () => execute(updateCollaborator, job(home), { app, personId, roleId: to }),
        ]
      },
    ],
    [
      "people are invited with a role that is deleted",
      async () => {
        const id = await makeRole(`Role ${randomUUID()}`, ["LOG-OWN"])
        return [
          () => execute(createInvitations, job(home), { emails: [newAddress()], roleIds: [id] }),
          () => execute(deleteRole, job(home), { id }),
        ]
      },
    ],
    [
      "people are invited into a group that is deleted",
      async () => {
        const id = await makeGroup(`Group ${randomUUID()}`, [], [])
        return [
          () =>
            execute(createInvitations, job(home), { emails: [newAddress()], roleIds: [], groupIds: [id] }),
          () => execute(deleteGroup, job(home), { id }),
        ]
      },
    ],
    [
      "a member who is removed becomes a collaborator",
      async () => {
        const app = await inApp()
        const { personId } = await makeAccount(home)
        const role = await roleId("Auditor")
        return [
          () => execute(addCollaborator, job(home), { app, personId, roleId: role }),
          () => execute(removeMember, job(home), { personId }),
        ]
      },
    ],
  ])("%s", async (_, prepare) => {
    for (const codes of await together(prepare)) {
      expect(codes).toContain("accepted")
      for (const code of codes) expect(understood).toContain(code)
    }
  })
})
