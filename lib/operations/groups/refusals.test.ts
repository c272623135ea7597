import { randomUUID } from "node:crypto"
import { describe, expect, test } from "vitest"
import { administratorRole } from "@/lib/access/directory"
import { recentProofMs } from "@/lib/operations/core/authorise"
import { execute } from "@/lib/operations/core/execute"
import type { Caller } from "@/lib/operations/core/operation"
import { again, eventsOf, home, makeRole, memberAs, memberWith, roleId } from "@/lib/operations/fixtures/home"
import { refusalOf } from "@/lib/operations/fixtures/refusals"
import { db } from "@/test/platform"
import { addGroupApps, removeGroupApps } from "./apps"
import { createGroup } from "./change"
import { deleteGroup } from "./delete"
import { findGroup } from "./find"
import {
  administrator,
  edit,
  give,
  idsOf,
  join,
  make,
  makeApp,
  seen,
  setUpAdministrator,
} from "./fixtures/groups"
import { listGroupChoices } from "./group-choices"
import { addGroupMembers, removeGroupMembers } from "./members"
import { addGroupRoles, removeGroupRoles } from "./roles"

setUpAdministrator()

/** The same caller, with a proof too old for dangerous operations. */
const unproven = (caller: Caller): Caller => ({
  ...caller,
  at: new Date(caller.at.getTime() + recentProofMs + 60_000),
})

describe("nobody", () => {
  test("gives more through a group than they hold: by roles, members, a wider limit or a claim", async () => {
    const [id, app] = [await make(), await makeApp()]
    const role = await makeRole("Readers", ["LOG-MANAGEMENT"])
    const keeper = await memberWith(["ROLE-MANAGEMENT"])
    const other = await memberAs(["Member"])
    expect(await refusalOf(execute(addGroupRoles, keeper, { id, roleIds: [role] }))).toBe("forbidden")
    await give(id, role)
    const personIds = [other.personId]
    expect(await refusalOf(execute(addGroupMembers, keeper, { id, personIds }))).toBe("forbidden")
    const { name } = await seen(id)
    expect(await refusalOf(edit(id, { name }, { claimValue: "logs" }, keeper))).toBe("forbidden")
    await execute(addGroupApps, administrator, { id, appIds: [app] })
    expect(await refusalOf(execute(removeGroupApps, keeper, { id, appIds: [app] }))).toBe("forbidden")
    const wider = execute(addGroupApps, keeper, { id, appIds: [await makeApp()] })
    expect(await refusalOf(wider)).toBe("forbidden")
    expect(await eventsOf("organization_team_member.add")).toMatchObject([{ status: "denied" }])
    const { roleChoices } = await execute(findGroup, keeper, { id })
    expect(roleChoices.find(choice => choice.name === "Auditor")?.refusal).toMatch(/LOG-MANAGEMENT/)
  })

  test("takes anything away from members who hold more than they do", async () => {
    const [id, app] = [await make(), await makeApp()]
    const role = await makeRole("Own actions", ["LOG-OWN"])
    const keeper = await memberWith(["ROLE-MANAGEMENT", "LOG-OWN"])
    await join(id, administrator)
    await give(id, role)
    const personIds = [administrator.personId]
    expect(await refusalOf(execute(removeGroupMembers, keeper, { id, personIds }))).toBe("forbidden")
    expect(await refusalOf(execute(removeGroupRoles, keeper, { id, roleIds: [role] }))).toBe("forbidden")
    expect(await refusalOf(execute(addGroupApps, keeper, { id, appIds: [app] }))).toBe("forbidden")
    expect(await refusalOf(execute(deleteGroup, keeper, { id }))).toBe("forbidden")
  })

  test("hands out powerful roles, or takes them away, without having proven lately who they are", async () => {
    const [id, other] = [await make(), await memberAs(["Member"])]
    const role = await makeRole("Recruiters", ["MEMBER-MANAGEMENT"])
    const late = unproven(administrator)
    const personIds = [other.personId]
    expect(await refusalOf(execute(addGroupRoles, late, { id, roleIds: [role] }))).toBe("proof-required")
    await give(id, role)
    expect(await refusalOf(execute(addGroupMembers, late, { id, personIds }))).toBe("proof-required")
    await join(id, other)
    expect(await refusalOf(execute(removeGroupMembers, late, { id, personIds }))).toBe("proof-required")
    expect(await refusalOf(execute(deleteGroup, late, { id }))).toBe("proof-required")
  })

  test("is offered a group whose roles they do not hold", async () => {
    const id = await make("Auditors")
    await give(id, await roleId("Auditor"))
    const inviter = await memberWith(["MEMBER-MANAGEMENT"])
    const [choice] = await execute(listGroupChoices, inviter, {})
    expect(choice).toMatchObject({ id, roles: ["Auditor"], members: 0 })
    expect(choice?.refusal).toMatch(/LOG-MANAGEMENT/)
    const mine = await memberWith(["MEMBER-MANAGEMENT", "LOG-MANAGEMENT"])
    expect(await execute(listGroupChoices, mine, {})).toMatchObject([{ id, refusal: null }])
  })
})

describe("the last administrator", () => {
  /** The only administrator of the organization, through the group alone. */
  async function onlyThroughGroup() {
    const [id, role] = [await make(), await roleId(administratorRole)]
    await give(id, role)
    await join(id, administrator)
    await db.superuser.query("DELETE FROM membership_role WHERE organization_id = $1 AND role_id = $2", [
      home.id,
      role,
    ])
    return { id, role }
  }

  test("is not lost by removing them, the role or the group, nor by a limit to an app", async () => {
    const { id, role } = await onlyThroughGroup()
    const [app, personIds] = [await makeApp(), [administrator.personId]]
    expect(await refusalOf(execute(removeGroupMembers, administrator, { id, personIds }))).toBe("conflict")
    expect(await refusalOf(execute(removeGroupRoles, administrator, { id, roleIds: [role] }))).toBe(
      "conflict",
    )
    expect(await refusalOf(execute(addGroupApps, administrator, { id, appIds: [app] }))).toBe("conflict")
    expect(await refusalOf(execute(deleteGroup, administrator, { id }))).toBe("conflict")
    expect((await again(administrator)).principal.permissions).toContain("ORGANIZATION-MANAGEMENT")
    expect(await eventsOf("organization_team.delete")).toMatchObject([{ status: "failure" }])
  })

  test("is one of two when both are taken out by two requests at once", async () => {
    const { id } = await onlyThroughGroup()
    const second = await memberAs(["Member"])
    await join(id, second)
    const ends = await Promise.all(
      [administrator, second].map(({ personId }) =>
        refusalOf(execute(removeGroupMembers, administrator, { id, personIds: [personId] })),
      ),
    )
    // After removing themselves, a caller may not remove the other one.
    expect([
      ["accepted", "conflict"],
      ["accepted", "forbidden"],
    ]).toContainEqual(ends.sort())
    expect((await seen(id)).members).toHaveLength(1)
  })
})

describe("whom the identity provider put in", () => {
  async function claimed() {
    const name = `Group ${randomUUID()}`
    const { id } = await execute(createGroup, administrator, { name, description: "", claimValue: "logs" })
    const member = await memberAs(["Member"])
    await db.superuser.query(
      "INSERT INTO group_member (organization_id, group_id, person_id, from_claim) VALUES ($1, $2, $3, true)",
      [home.id, id, member.personId],
    )
    return { id, name, member }
  }

  test("is marked, and stays by hand once somebody adds them", async () => {
    const { id, member } = await claimed()
    expect((await seen(id)).members).toMatchObject([{ fromClaim: true }])
    const personIds = [member.personId]
    const { changed } = await execute(addGroupMembers, administrator, { id, personIds })
    expect(changed).toHaveLength(1)
    expect((await seen(id)).members).toMatchObject([{ fromClaim: false }])
  })

  test("leaves when the value that put them in is changed or taken away; who was added by hand stays", async () => {
    const { id, name, member } = await claimed()
    await join(id, administrator)
    await edit(id, { name, claimValue: "logs" }, { claimValue: null })
    expect(idsOf((await seen(id)).members)).toEqual([administrator.personId])
    const [event] = await eventsOf("organization_team.update")
    expect(event?.changes).toContainEqual({
      path: `/members/${member.personId}`,
      before: "Ada Lovelace",
      after: null,
    })
    expect(event?.details).toEqual(["Left, because the earlier claim value had put them in: Ada Lovelace."])
  })
})
