import { randomUUID } from "node:crypto"
import { describe, expect, test } from "vitest"
import { administratorRole } from "@/lib/access/directory"
import type { OrganizationRef } from "@/lib/access/principal"
import { execute } from "@/lib/operations/core/execute"
import {
  callerOf,
  job,
  makeOrganization,
  newAddress,
  nobody,
  readLog,
} from "@/lib/operations/fixtures/access"
import { addMember } from "@/lib/operations/members/add"
import { db, platform, setUpPlatform } from "@/test/platform"
import { createUserSessionByIdentity } from "./identity"

setUpPlatform()

/** A member of one or more organizations, who signs in with these claim values. */
async function makeMember(organizations: readonly OrganizationRef[]) {
  const email = newAddress()
  let personId = ""
  for (const organization of organizations) {
    const { person } = await execute(addMember, job(organization), {
      email,
      name: "Grace",
      roles: ["Member"],
    })
    personId = person.id
  }
  const signIn = (groups: readonly string[] | null) => {
    const identity = {
      issuer: "https://id.example",
      subject: email,
      email,
      emailVerified: true,
      name: "Grace",
    }
    const input = {
      identity: { ...identity, groups: groups && [...groups] },
      allowedDomains: [],
      authTime: null,
    }
    return execute(createUserSessionByIdentity, nobody(), input)
  }
  return { personId, signIn }
}

async function makeGroup({ id }: OrganizationRef, claimValue: string | null, role?: string): Promise<string> {
  const groupId = randomUUID()
  await db.superuser.query(
    "INSERT INTO member_group (id, organization_id, name, claim_value) VALUES ($1, $2, $3, $4)",
    [groupId, id, `Group ${claimValue ?? groupId}`, claimValue],
  )
  if (role !== undefined) {
    await db.superuser.query(
      `INSERT INTO group_role (organization_id, group_id, role_id)
       SELECT $1, $2, id FROM role WHERE organization_id = $1 AND name = $3`,
      [id, groupId, role],
    )
  }
  return groupId
}

async function groupsOf(personId: string, { id }: OrganizationRef) {
  const { rows } = await db.superuser.query(
    "SELECT group_id, from_claim FROM group_member WHERE person_id = $1 AND organization_id = $2 ORDER BY group_id",
    [personId, id],
  )
  return rows.map(row => [row.group_id, row.from_claim])
}

async function teamEvents(organization: OrganizationRef) {
  return (await readLog(db, organization)).filter(event =>
    event.operation.startsWith("organization_team_member."),
  )
}

describe("the groups claim", () => {
  test("puts a member into the groups that ask for its values and takes them out when it ends, by the name of the provider", async () => {
    const home = await makeOrganization()
    const { personId, signIn } = await makeMember([home])
    const engineers = await makeGroup(home, "engineering")
    await makeGroup(home, "sales")
    await signIn(["engineering", "unknown"])
    expect(await groupsOf(personId, home)).toEqual([[engineers, true]])
    await signIn(["engineering"])
    await signIn([])
    expect(await groupsOf(personId, home)).toEqual([])
    const target = { type: "group", id: engineers, name: "Group engineering" }
    expect(await teamEvents(home)).toMatchObject([
      {
        operation: "organization_team_member.add",
        operationCode: 110,
        status: "success",
        actor: { type: "system", name: "Identity provider" },
        targets: [{ type: "user", id: personId }, target],
      },
      {
        operation: "organization_team_member.remove",
        operationCode: 111,
        targets: [{ id: personId }, target],
      },
    ])
  })

  test("names every group, in as many events as that takes", async () => {
    const home = await makeOrganization()
    const { signIn } = await makeMember([home])
    const claimed = Array.from({ length: 20 }, (_, position) => `team-${position}`)
    const groups = []
    for (const value of claimed) groups.push(await makeGroup(home, value))
    await signIn(claimed)
    const events = await teamEvents(home)
    expect(events.map(({ targets }) => targets.length)).toEqual([20, 2])
    const named = events.flatMap(({ targets }) => targets.slice(1).map(({ id }) => id))
    expect(named.sort()).toEqual(groups.sort())
  })

  test("gives at once what the group's roles allow", async () => {
    const home = await makeOrganization()
    const { signIn } = await makeMember([home])
    await makeGroup(home, "auditors", "Auditor")
    const { sessionId } = await signIn(["auditors"])
    const { principal } = await callerOf(platform, sessionId, home.slug)
    expect(principal.permissions.has("LOG-MANAGEMENT")).toBe(true)
  })

  test("acts in the organizations of which the person is an active member, each apart", async () => {
    const [one, two, other] = [await makeOrganization(), await makeOrganization(), await makeOrganization()]
    const { personId, signIn } = await makeMember([one, two])
    for (const organization of [one, two, other]) await makeGroup(organization, "engineering")
    await db.superuser.query(
      "UPDATE membership SET status = 'suspended' WHERE organization_id = $1 AND person_id = $2",
      [two.id, personId],
    )
    await signIn(["engineering"])
    const counts = await Promise.all(
      [one, two, other].map(async each => (await groupsOf(personId, each)).length),
    )
    expect(counts).toEqual([1, 0, 0])
    expect(await teamEvents(two)).toEqual([])
  })

  test("leaves alone whom somebody put in by hand, and everything when the provider gives no groups", async () => {
    const home = await makeOrganization()
    const { personId, signIn } = await makeMember([home])
    const byHand = await makeGroup(home, "engineering")
    await db.superuser.query(
      "INSERT INTO group_member (organization_id, group_id, person_id) VALUES ($1, $2, $3)",
      [home.id, byHand, personId],
    )
    await signIn(["engineering"])
    await signIn([])
    expect(await groupsOf(personId, home)).toEqual([[byHand, false]])
    const claimed = await makeGroup(home, "sales")
    await signIn(["sales"])
    await signIn(null)
    expect(await groupsOf(personId, home)).toEqual(
      [
        [byHand, false],
        [claimed, true],
      ].sort(),
    )
  })

  test("never takes away the last administrator, and says so in the log", async () => {
    const home = await makeOrganization()
    const { personId, signIn } = await makeMember([home])
    const administrators = await makeGroup(home, "administrators", administratorRole)
    const engineers = await makeGroup(home, "engineering")
    await signIn(["administrators", "engineering"])
    await signIn([])
    expect(await groupsOf(personId, home)).toEqual([[administrators, true]])
    expect((await teamEvents(home)).slice(1)).toMatchObject([
      { status: "success", targets: [{ id: personId }, { id: engineers }] },
      {
        operation: "organization_team_member.remove",
        status: "denied",
        statusMessage: "It would have removed the last administrator.",
        targets: [{ id: personId }, { id: administrators }],
      },
    ])
    const second = await makeMember([home])
    await second.signIn(["administrators"])
    await signIn([])
    expect(await groupsOf(personId, home)).toEqual([])
  })

  test("two administrators by claim who lose it in the same moment leave one", async () => {
    const home = await makeOrganization()
    const group = await makeGroup(home, "administrators", administratorRole)
    const people = [await makeMember([home]), await makeMember([home])]
    for (const { signIn } of people) await signIn(["administrators"])
    await Promise.all(people.map(({ signIn }) => signIn([])))
    const left = await Promise.all(people.map(({ personId }) => groupsOf(personId, home)))
    expect(left.flat()).toEqual([[group, true]])
  })

  test("differs for two people in two organizations, and neither waits for the other", async () => {
    const both = [await makeOrganization(), await makeOrganization()]
    const people = [await makeMember(both), await makeMember(both)]
    for (const [position, organization] of both.entries()) await makeGroup(organization, `team-${position}`)
    for (const claimed of [true, false, true, false]) {
      const signIns = people.map(({ signIn }, position) => signIn(claimed ? [`team-${position}`] : []))
      expect((await Promise.allSettled(signIns)).map(({ status }) => status)).toEqual([
        "fulfilled",
        "fulfilled",
      ])
    }
    for (const organization of both) {
      expect((await teamEvents(organization)).map(({ status }) => status)).toEqual(Array(4).fill("success"))
    }
  })
})
