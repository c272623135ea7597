import { jobPrincipal } from "@/lib/access/principal"
import type { PrismaTransaction } from "@/lib/database/database"
import type { Outcome, WriteContext } from "@/lib/operations/core/operation"
import type { Account } from "./credentials"

interface Group {
  readonly id: string
  readonly name: string
}

interface Difference {
  readonly added: readonly Group[]
  readonly ended: readonly Group[]
}

interface Member {
  readonly account: Account
  readonly organizationId: string
  readonly claimed: readonly string[]
}

/** The actor that changes groups because of a claim. */
const actorName = "Identity provider"
// An event has at most twenty targets, and the person is one.
const groupsPerEvent = 19

/**
 * In every organization of the person, adds them to the groups that match a value of the claim, and removes them from
 * those that an earlier claim added. Changes by hand stay. The last administrator is never removed.
 */
export async function syncClaimedGroups(
  signing: WriteContext<"public">,
  account: Account,
  claimed: readonly string[],
): Promise<void> {
  // In a fixed order, so that two concurrent sign-ins never deadlock.
  for (const organizationId of [...account.organizationIds].sort()) {
    await signing.enter(organizationId)
    await syncOrganization(signing, { account, organizationId, claimed })
  }
}

async function syncOrganization(signing: WriteContext<"public">, member: Member): Promise<void> {
  const { prisma, caller } = signing
  const { organizationId, account } = member
  const before = await differenceOf(prisma, member)
  if (before.added.length === 0 && before.ended.length === 0) return
  await signing.administration.lock(organizationId)
  // Includes what another sign-in of the person did while this one waited.
  const { added, ended } = await differenceOf(prisma, member)
  await prisma.groupMember.createMany({
    data: added.map(({ id }) => ({ ...keyOf(member, id), fromClaim: true, createdAt: caller.at })),
    skipDuplicates: true,
  })
  const removed: Group[] = []
  const kept: Group[] = []
  for (const group of ended) (await takeOut(signing, member, group)) ? removed.push(group) : kept.push(group)
  record(signing, member, {
    operation: "organization_team_member.add",
    groups: added,
    describe: groups => `${account.name} was put into ${listed(groups)}, as the identity provider says.`,
  })
  record(signing, member, {
    operation: "organization_team_member.remove",
    groups: removed,
    describe: groups => `${account.name} was taken out of ${listed(groups)}, as the identity provider says.`,
  })
  record(signing, member, {
    operation: "organization_team_member.remove",
    groups: kept,
    describe: groups =>
      `${account.name} stays in ${listed(groups)}, although the identity provider says otherwise.`,
    outcome: { status: "denied", statusMessage: "It would have removed the last administrator." },
  })
}

async function differenceOf(
  prisma: PrismaTransaction,
  { account, organizationId, claimed }: Member,
): Promise<Difference> {
  const groups = await prisma.group.findMany({
    where: {
      organizationId,
      OR: [
        { claimValue: { in: [...claimed] } },
        { members: { some: { personId: account.id, fromClaim: true } } },
      ],
    },
    orderBy: { name: "asc" },
    select: {
      id: true,
      name: true,
      claimValue: true,
      members: { where: { personId: account.id }, select: { fromClaim: true } },
    },
  })
  const isClaimed = (value: string | null) => value !== null && claimed.includes(value)
  const plain = ({ id, name }: Group): Group => ({ id, name })
  return {
    added: groups.filter(group => group.members.length === 0).map(plain),
    ended: groups
      .filter(group => group.members[0]?.fromClaim === true && !isClaimed(group.claimValue))
      .map(plain),
  }
}

/** Returns false when the person must stay in the group because they are the last administrator. */
async function takeOut(
  { prisma, administration, caller }: WriteContext<"public">,
  member: Member,
  group: Group,
): Promise<boolean> {
  const key = keyOf(member, group.id)
  await prisma.groupMember.deleteMany({ where: { ...key, fromClaim: true } })
  if (!(await administration.isLost(member.organizationId))) return true
  await prisma.groupMember.create({ data: { ...key, fromClaim: true, createdAt: caller.at } })
  return false
}

/** As many events as are needed to name every group. */
function record(
  { recordAlong }: WriteContext<"public">,
  { account, organizationId }: Member,
  done: {
    readonly operation: string
    readonly groups: readonly Group[]
    readonly describe: (groups: readonly Group[]) => string
    readonly outcome?: Outcome
  },
): void {
  const { operation, groups, describe, outcome = { status: "success" } } = done
  for (let first = 0; first < groups.length; first += groupsPerEvent) {
    const named = groups.slice(first, first + groupsPerEvent)
    recordAlong({
      operation,
      principal: jobPrincipal(actorName, null),
      about: {
        organizationIds: [organizationId],
        targets: [
          { type: "user", id: account.id, name: account.name },
          ...named.map(({ id, name }) => ({ type: "group", id, name })),
        ],
        description: describe(named),
        metadata: { groups: groups.length },
      },
      outcome,
    })
  }
}

function keyOf({ organizationId, account }: Member, groupId: string) {
  return { organizationId, groupId, personId: account.id }
}

function listed(groups: readonly Group[]): string {
  const names = groups.slice(0, 5).map(({ name }) => `"${name}"`)
  const more = groups.length - names.length
  const shown = names.join(", ")
  return `the group${groups.length === 1 ? "" : "s"} ${shown}${more > 0 ? ` and ${more} more` : ""}`
}
