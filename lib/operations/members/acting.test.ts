import { beforeEach, describe, expect, test } from "vitest"
import { administratorRole } from "@/lib/access/directory"
import { execute } from "@/lib/operations/core/execute"
import type { Caller } from "@/lib/operations/core/operation"
import { searchEvents } from "@/lib/operations/events/search"
import { callerOf, job, makeOrganization, readLog, signIn } from "@/lib/operations/fixtures/access"
import {
  as,
  home,
  makeGroup,
  makeRole,
  member,
  roleId,
  setUpHome,
  statusOf,
} from "@/lib/operations/fixtures/home"
import { codeOf } from "@/lib/operations/fixtures/refusals"
import { db, platform } from "@/test/platform"
import { changeMember } from "./change"
import { endMemberSessions } from "./end-sessions"
import { findMember } from "./find"
import { listMembers } from "./list"
import { removeMember } from "./remove"
import { reactivateMember, suspendMember } from "./status"

setUpHome(beforeEach)

interface RoleChange {
  readonly personId: string
  readonly roleIds: readonly string[]
  readonly self?: true
}

/** Sets the roles of a member as a form does that was opened just before. */
async function setRoles(caller: Caller, input: RoleChange) {
  const { roles } = await execute(findMember, job(home), { personId: input.personId })
  const roleIds = roles.filter(({ through }) => through.kind === "directly").map(({ id }) => id)
  return execute(changeMember, caller, { ...input, expected: { roleIds } })
}

describe("nobody acts on those above them", () => {
  const acts = [
    ["suspended", suspendMember, {}],
    ["removed", removeMember, {}],
    ["signed out", endMemberSessions, {}],
  ] as const

  test.each(acts)("an administrator is not %s by somebody who only manages members", async (_, act, more) => {
    const [administrator, recruiter] = [await member(administratorRole), await member()]
    await member(administratorRole)
    await makeGroup("Recruiters", [recruiter.personId], [await makeRole("Recruiter", ["MEMBER-MANAGEMENT"])])
    const input = { personId: administrator.personId, ...more }
    expect(await codeOf(execute<unknown>(act, await as(recruiter), input))).toBe("forbidden")
    const { refusal } = await execute(findMember, await as(recruiter), input)
    expect(refusal).toContain("ROLE-MANAGEMENT")
    expect(await codeOf(as(administrator))).toBe("accepted")
    expect((await readLog(db, home)).at(-1)).toMatchObject({ operation: act.name, status: "denied" })
    expect(
      await codeOf(execute<unknown>(act, await as(recruiter), { personId: (await member()).personId })),
    ).toBe("accepted")
  })

  test("a suspended administrator is not brought back by somebody who only manages members", async () => {
    const [administrator, recruiter] = [await member(administratorRole), await member()]
    await member(administratorRole)
    await makeGroup("Recruiters", [recruiter.personId], [await makeRole("Recruiter", ["MEMBER-MANAGEMENT"])])
    await execute(suspendMember, job(home), { personId: administrator.personId })
    const again = execute(reactivateMember, await as(recruiter), { personId: administrator.personId })
    expect(await codeOf(again)).toBe("forbidden")
    expect(await statusOf(administrator)).toBe("suspended")
  })

  test("nobody gives a role with more than they hold, nor takes one from somebody above", async () => {
    const [keeper, ada, auditor] = [await member(), await member(), await member("Auditor")]
    await makeGroup("Keepers", [keeper.personId], [await makeRole("Keeper", ["ROLE-MANAGEMENT"])])
    const set = async (personId: string, ...roleIds: readonly string[]) =>
      codeOf(setRoles(await as(keeper), { personId, roleIds }))
    expect(await set(ada.personId, await roleId("Auditor"))).toBe("forbidden")
    expect(await set(ada.personId, await roleId(administratorRole))).toBe("forbidden")
    expect(await set(auditor.personId)).toBe("forbidden")
    expect(await set(ada.personId, await roleId("Keeper"))).toBe("accepted")
  })
})

describe("the roles of a member", () => {
  test("act from the next request on, and the event says what they were and are", async () => {
    const ada = await member("Member")
    const auditor = await roleId("Auditor")
    await setRoles(job(home), { personId: ada.personId, roleIds: [auditor] })
    await execute(searchEvents, await as(ada), { parameters: {} })
    expect((await readLog(db, home)).at(-1)).toMatchObject({
      operation: "organization_member.change",
      operationCode: 101,
      targets: [
        { type: "user", id: ada.personId },
        { type: "role", id: auditor, name: "Auditor" },
        { type: "role", id: await roleId("Member"), name: "Member" },
      ],
      changes: [{ path: "/roles", before: ["Member"], after: ["Auditor"] }],
    })
    await setRoles(job(home), { personId: ada.personId, roleIds: [] })
    expect(await codeOf(execute(searchEvents, await as(ada), { parameters: {} }))).toBe("forbidden")
  })

  test("that come through a group stay as they are", async () => {
    const ada = await member("Member")
    await makeGroup("Finance", [ada.personId], [await roleId("Auditor")])
    await setRoles(job(home), { personId: ada.personId, roleIds: [] })
    const { roles } = await execute(findMember, job(home), { personId: ada.personId })
    expect(roles).toMatchObject([{ name: "Auditor", through: { kind: "group" } }])
  })

  test("cannot be those of another organization, nor exactly what they are", async () => {
    const ada = await member("Member")
    const other = await makeOrganization()
    const { rows } = await db.superuser.query("SELECT id FROM role WHERE organization_id = $1", [other.id])
    const set = (roleIds: readonly string[]) =>
      codeOf(setRoles(job(home), { personId: ada.personId, roleIds }))
    expect(await set([rows[0].id])).toBe("invalid")
    expect(await set([await roleId("Member")])).toBe("conflict")
  })

  test("that somebody else has changed since the form was opened are not set back; the other is told what to do", async () => {
    const ada = await member(administratorRole)
    await member(administratorRole)
    const [administrator, auditor] = [await roleId(administratorRole), await roleId("Auditor")]
    const opened = { personId: ada.personId, expected: { roleIds: [administrator] } }
    await execute(changeMember, job(home), { ...opened, roleIds: [] })
    const late = execute(changeMember, job(home), { ...opened, roleIds: [administrator, auditor] })
    await expect(late).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringMatching(/changed the roles of Ada Lovelace meanwhile\. Load the page again/),
    })
    const { roles } = await execute(findMember, job(home), { personId: ada.personId })
    expect(roles).toEqual([])
  })

  test("changed by two at once are changed by one; the other is told", async () => {
    const ada = await member("Member")
    const expected = { roleIds: [await roleId("Member")] }
    const chosen = [[], [await roleId("Member"), await roleId("Auditor")]]
    const change = (roleIds: readonly string[]) =>
      codeOf(execute(changeMember, job(home), { personId: ada.personId, roleIds, expected }))
    expect((await Promise.all(chosen.map(change))).sort()).toEqual(["accepted", "conflict"])
  })

  test("are not changed by a caller who does not say what they were", async () => {
    const ada = await member("Member")
    const silent = execute(changeMember, job(home), { personId: ada.personId, roleIds: [] })
    await expect(silent).rejects.toMatchObject({ code: "invalid", faults: [{ pointer: "/expected" }] })
  })

  test("that are powerful are given only right after a proof of who one is", async () => {
    const [ada, administrator] = [await member(), await member(administratorRole)]
    const later = new Date(Date.now() + 6 * 60_000)
    const give = async (name: string) =>
      codeOf(
        setRoles(await as(administrator, later), {
          personId: ada.personId,
          roleIds: [await roleId(name)],
        }),
      )
    expect(await give(administratorRole)).toBe("proof-required")
    expect(await give("Auditor")).toBe("accepted")
  })
})

describe("oneself", () => {
  test("nobody suspends themselves, or leaves or demotes themselves without saying so", async () => {
    const ada = await member(administratorRole)
    await member(administratorRole)
    const input = { personId: ada.personId }
    expect(await codeOf(execute(suspendMember, await as(ada), input))).toBe("conflict")
    expect(await codeOf(execute(removeMember, await as(ada), input))).toBe("conflict")
    expect(await codeOf(setRoles(await as(ada), { ...input, roleIds: [] }))).toBe("conflict")
    expect(await statusOf(ada)).toBe("active")
    await execute(removeMember, await as(ada), { ...input, self: true })
    expect(await statusOf(ada)).toBeUndefined()
    expect((await readLog(db, home)).at(-1)?.description).toBe("Ada Lovelace left.")
  })

  test("whoever ends their own sessions stays signed in where they are", async () => {
    const ada = await member(administratorRole)
    const elsewhere = await signIn(ada.email)
    await execute(endMemberSessions, await as(ada), { personId: ada.personId })
    expect((await callerOf(platform, elsewhere)).principal.kind).toBe("anonymous")
    expect((await as(ada)).principal.kind).toBe("person")
    expect((await readLog(db, home)).at(-1)).toMatchObject({
      operation: "organization_member.end_sessions",
      metadata: { endedSessions: 1 },
    })
  })
})

describe("the last administrator", () => {
  test("cannot leave, be removed, suspended or demoted, and is told why", async () => {
    const ada = await member(administratorRole)
    const input = { personId: ada.personId }
    const herself = await as(ada)
    const calls = [
      () => execute<unknown>(removeMember, herself, { ...input, self: true }),
      () => execute<unknown>(removeMember, job(home), input),
      () => execute<unknown>(suspendMember, job(home), input),
      () => setRoles(herself, { ...input, roleIds: [], self: true }),
    ]
    for (const call of calls) {
      await expect(call()).rejects.toMatchObject({
        code: "conflict",
        message: expect.stringContaining("the last administrator"),
      })
    }
    expect(await statusOf(ada)).toBe("active")
    expect((await readLog(db, home)).at(-1)).toMatchObject({ status: "failure" })
  })

  const endings = {
    removed: (caller: Caller, personId: string) => execute<unknown>(removeMember, caller, { personId }),
    suspended: (caller: Caller, personId: string) => execute<unknown>(suspendMember, caller, { personId }),
    demoted: async (caller: Caller, personId: string) => {
      const expected = { roleIds: [await roleId(administratorRole)] }
      return execute<unknown>(changeMember, caller, { personId, roleIds: [], expected })
    },
  }
  const pairs = Object.entries(endings).flatMap(([firstName, first]) =>
    Object.entries(endings).map(([secondName, second]) => ({ firstName, first, secondName, second })),
  )

  test.each(pairs)("of two, each $firstName and $secondName by the other at once, one stays", async pair => {
    const [ada, grace] = [await member(administratorRole), await member(administratorRole)]
    const [byAda, byGrace] = [await as(ada), await as(grace)]
    const ends = await Promise.allSettled([
      pair.first(byAda, grace.personId),
      pair.second(byGrace, ada.personId),
    ])
    expect(ends.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"])
    const { members } = await execute(listMembers, job(home), {})
    const administrators = members.filter(
      ({ status, roles }) => status === "active" && roles.some(({ name }) => name === administratorRole),
    )
    expect(administrators).toHaveLength(1)
  })
})
