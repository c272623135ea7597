import { randomUUID } from "node:crypto"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { PrismaTransaction } from "@/lib/database/database"
import type { Tx } from "@/lib/database/tx"
import { createTestDatabase, type TestDatabase, type TestOrganization } from "@/test/database"
import { administrationOf, refuseLosingLastAdministrator } from "./administrators"
import { administratorRole, listAdministrators } from "./directory"
import { permissions } from "./permissions"

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.close())

/**
 * An organization with one administrator by a direct role and one through a group, which has that role and no limit to
 * apps.
 */
interface World {
  readonly organization: TestOrganization
  readonly roleId: string
  readonly direct: string
  readonly grouped: string
  readonly groupId: string
}

async function makeWorld(): Promise<World> {
  const organization = await db.organization()
  const organizationId = organization.id
  const [roleId, direct, grouped, groupId] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()]
  await db.database.withOrganizationPrisma(organizationId, async ({ prisma }) => {
    const role = { id: roleId, organizationId, name: administratorRole, builtIn: true }
    await prisma.role.create({ data: { ...role, permissions: [...permissions] } })
    for (const personId of [direct, grouped]) {
      await prisma.person.create({ data: { id: personId, email: `${personId}@acme.example`, name: "Ada" } })
      await prisma.membership.create({ data: { organizationId, personId } })
    }
    await prisma.membershipRole.create({ data: { organizationId, personId: direct, roleId } })
    await prisma.group.create({ data: { id: groupId, organizationId, name: "Operations" } })
    await prisma.groupRole.create({ data: { organizationId, groupId, roleId } })
    await prisma.groupMember.create({ data: { organizationId, groupId, personId: grouped } })
  })
  return { organization, roleId, direct, grouped, groupId }
}

type Ending = (prisma: PrismaTransaction, world: World) => Promise<unknown>

function suspend(who: "direct" | "grouped"): Ending {
  return (prisma, world) =>
    prisma.membership.updateMany({
      where: { organizationId: world.organization.id, personId: world[who] },
      data: { status: "suspended" },
    })
}

const endingsOfDirect = {
  removal: async (prisma: PrismaTransaction, { organization, direct }: World) => {
    const where = { organizationId: organization.id, personId: direct }
    await prisma.membershipRole.deleteMany({ where })
    await prisma.membership.deleteMany({ where })
  },
  suspension: suspend("direct"),
  demotion: (prisma: PrismaTransaction, { organization, direct }: World) =>
    prisma.membershipRole.deleteMany({ where: { organizationId: organization.id, personId: direct } }),
} satisfies Readonly<Record<string, Ending>>

const endingsOfGrouped = {
  removal: async (prisma: PrismaTransaction, { organization, grouped }: World) => {
    const where = { organizationId: organization.id, personId: grouped }
    await prisma.groupMember.deleteMany({ where })
    await prisma.membership.deleteMany({ where })
  },
  suspension: suspend("grouped"),
  "leaving the group": (prisma: PrismaTransaction, { organization, groupId }: World) =>
    prisma.groupMember.deleteMany({ where: { organizationId: organization.id, groupId } }),
  "the group losing its role": (prisma: PrismaTransaction, { organization, groupId }: World) =>
    prisma.groupRole.deleteMany({ where: { organizationId: organization.id, groupId } }),
  "the group being held to one app": (prisma: PrismaTransaction, { organization, groupId }: World) =>
    prisma.groupApp.create({
      data: { organizationId: organization.id, groupId, appId: organization.appId },
    }),
} satisfies Readonly<Record<string, Ending>>

function attempt(world: World, ending: Ending): Promise<void> {
  return db.database.withOrganizationPrisma(world.organization.id, async ({ prisma, tx }) => {
    const administration = administrationOf(tx)
    await administration.lock(world.organization.id)
    await ending(prisma, world)
    await refuseLosingLastAdministrator(administration, world.organization.id)
  })
}

function administratorsOf({ organization }: World): Promise<number> {
  const count = async (tx: Tx) => {
    const rows = await tx.query(
      `SELECT DISTINCT person_id FROM held_role JOIN membership USING (organization_id, person_id)
       WHERE organization_id = $1::uuid AND status = 'active' AND cardinality(assignment_app_ids) = 0`,
      [organization.id],
    )
    return rows.length
  }
  return db.database.withOrganization(organization.id, count, { readOnly: true })
}

const pairs = Object.entries(endingsOfDirect).flatMap(([firstName, first]) =>
  Object.entries(endingsOfGrouped).map(([secondName, second]) => ({ firstName, first, secondName, second })),
)

describe("two administrators", () => {
  test.each(pairs)("$firstName of one and $secondName of the other, at once, leave one", async pair => {
    const world = await makeWorld()
    const ends = await Promise.allSettled([attempt(world, pair.first), attempt(world, pair.second)])
    const refused = ends.filter(end => end.status === "rejected")
    expect(refused).toMatchObject([{ reason: { code: "conflict" } }])
    expect(await administratorsOf(world)).toBe(1)
  })
})

describe("the last administrator", () => {
  test("is not lost when a change is made by one transaction alone", async () => {
    const world = await makeWorld()
    await attempt(world, endingsOfDirect.removal)
    await expect(attempt(world, endingsOfGrouped.suspension)).rejects.toThrow("the last administrator")
    expect(await administratorsOf(world)).toBe(1)
  })

  test("may be ended together with another one's beginning", async () => {
    const world = await makeWorld()
    await attempt(world, endingsOfDirect.demotion)
    const handOver: Ending = async (prisma, { organization, direct, roleId, groupId }) => {
      const organizationId = organization.id
      await prisma.membershipRole.create({ data: { organizationId, personId: direct, roleId } })
      await prisma.groupRole.deleteMany({ where: { organizationId, groupId } })
    }
    await attempt(world, handOver)
    expect(await administratorsOf(world)).toBe(1)
  })

  test("is nobody where there never was one, so nothing is refused there", async () => {
    const { id } = await db.organization()
    const nothing = db.database.withOrganization(id, async tx => {
      const administration = administrationOf(tx)
      await administration.lock(id)
      await refuseLosingLastAdministrator(administration, id)
      return "done"
    })
    expect(await nothing).toBe("done")
  })

  test("is not looked for without the lock", async () => {
    const { id } = await db.organization()
    const unlocked = db.database.withOrganization(id, tx =>
      refuseLosingLastAdministrator(administrationOf(tx), id),
    )
    await expect(unlocked).rejects.toMatchObject({ code: "internal" })
  })
})

test("whoever administers through a group is listed with the others, but not through a group held to an app", async () => {
  const world = await makeWorld()
  const listed = async () => {
    const people = (await listAdministrators(db.database)).map(({ personId }) => personId)
    return [world.direct, world.grouped].map(personId => people.includes(personId))
  }
  expect(await listed()).toEqual([true, true])
  await attempt(world, endingsOfGrouped["the group being held to one app"])
  expect(await listed()).toEqual([true, false])
})
