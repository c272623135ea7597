import { beforeEach, expect, test } from "vitest"
import { administratorRole, listAdministrators } from "@/lib/access/directory"
import { createApp } from "@/lib/operations/apps/create"
import { execute } from "@/lib/operations/core/execute"
import { job } from "@/lib/operations/fixtures/access"
import { home, makeGroup, member, roleId, setUpHome } from "@/lib/operations/fixtures/home"
import { addGroupApps } from "@/lib/operations/groups/apps"
import { deleteGroup } from "@/lib/operations/groups/delete"
import { removeGroupMembers } from "@/lib/operations/groups/members"
import { removeGroupRoles } from "@/lib/operations/groups/roles"
import { platform } from "@/test/platform"
import { changeMember } from "./change"
import { removeMember } from "./remove"
import { suspendMember } from "./status"

setUpHome(beforeEach)

interface World {
  /** An administrator by a role held directly. */
  readonly direct: string
  /** An administrator through the group. */
  readonly grouped: string
  readonly groupId: string
}

async function makeWorld(): Promise<World> {
  const [direct, grouped] = [await member(administratorRole), await member("Member")]
  const groupId = await makeGroup("Operations", [grouped.personId], [await roleId(administratorRole)])
  return { direct: direct.personId, grouped: grouped.personId, groupId }
}

type Ending = (world: World) => Promise<unknown>

const endingsOfDirect = {
  removed: ({ direct }: World) => execute(removeMember, job(home), { personId: direct }),
  suspended: ({ direct }: World) => execute(suspendMember, job(home), { personId: direct }),
  demoted: async ({ direct }: World) => {
    const expected = { roleIds: [await roleId(administratorRole)] }
    return execute(changeMember, job(home), { personId: direct, roleIds: [], expected })
  },
} satisfies Readonly<Record<string, Ending>>

const endingsOfGroup = {
  "its member is removed": ({ grouped }: World) => execute(removeMember, job(home), { personId: grouped }),
  "its member is suspended": ({ grouped }: World) => execute(suspendMember, job(home), { personId: grouped }),
  "its member is taken out": ({ groupId, grouped }: World) =>
    execute(removeGroupMembers, job(home), { id: groupId, personIds: [grouped] }),
  "it loses the role": async ({ groupId }: World) =>
    execute(removeGroupRoles, job(home), { id: groupId, roleIds: [await roleId(administratorRole)] }),
  "it is held to one app": async ({ groupId }: World) => {
    const app = await execute(createApp, job(home), { slug: "billing", name: "Billing" })
    return execute(addGroupApps, job(home), { id: groupId, appIds: [app.id] })
  },
  "it is deleted": ({ groupId }: World) => execute(deleteGroup, job(home), { id: groupId }),
} satisfies Readonly<Record<string, Ending>>

const pairs = Object.entries(endingsOfDirect).flatMap(([first, direct]) =>
  Object.entries(endingsOfGroup).map(([second, grouped]) => ({ first, direct, second, grouped })),
)

test.each(pairs)(
  "one administrator stays when one is $first while of the other's group at once: $second",
  async ({ direct, grouped }) => {
    const world = await makeWorld()
    const ends = await Promise.allSettled([direct(world), grouped(world)])
    expect(ends.filter(({ status }) => status === "rejected")).toMatchObject([
      { reason: { code: "conflict", message: expect.stringContaining("the last administrator") } },
    ])
    const known = [world.direct, world.grouped]
    const left = (await listAdministrators(platform.database)).filter(({ personId }) =>
      known.includes(personId),
    )
    expect(left).toHaveLength(1)
  },
)
