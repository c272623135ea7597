import { z } from "zod"
import { eventLimits } from "@/lib/audit/event/limits"
import { newId } from "@/lib/audit/ids"
import { AppError, type Fault } from "@/lib/errors"
import { changedMeanwhile } from "@/lib/operations/core/changed-meanwhile"
import { type About, operation, type Work } from "@/lib/operations/core/operation"
import {
  firstInWords,
  type Group,
  type GroupMember,
  grantsOfGroup,
  groupTarget,
  lockGroup,
  membersOfGroup,
  refuseBeyondCaller,
  refuseTakingFromAbove,
} from "./group"
import { groupId, groupInput } from "./input"

interface GroupText {
  readonly name: string
  readonly description: string
  readonly claimValue: string | null
}

const texts = ["name", "description", "claimValue"] as const

/** Creates a group without members and roles. */
export const createGroup = operation({
  name: "organization_team.create",
  summary: "Makes a group: members who hold the same roles.",
  permission: "ROLE-MANAGEMENT",
  effect: "write",
  input: z.strictObject({ ...groupInput, claimValue: groupInput.claimValue.default(null) }),
  run: async (context, text) => {
    const { caller, organization, prisma } = context
    await refuseTaken(context, { text, id: null })
    const id = newId(caller.at.getTime())
    await prisma.group.create({
      data: { id, organizationId: organization.id, ...text, createdAt: caller.at },
    })
    return {
      value: { id, ...text },
      event: {
        targets: [groupTarget({ id, name: text.name })],
        description: `The group ${text.name} was created.`,
        changes: [{ path: "", before: null, after: text }],
      },
    }
  },
})

/**
 * Changes the name, the description or the groups claim value of a group. Throws AppError `conflict` when the group
 * was changed after the form was opened. Members that the earlier claim value added are removed.
 */
export const updateGroup = operation({
  name: "organization_team.update",
  summary: "Changes what a group is called, and which value of the groups claim puts people into it.",
  permission: "ROLE-MANAGEMENT",
  effect: "write",
  input: z.strictObject({
    id: groupId,
    ...groupInput,
    /** The state of the group when the form was opened. */
    expected: z.strictObject(groupInput),
  }),
  run: async (context, { id, expected, ...after }) => {
    const group = await lockGroup(context, id)
    const before = textOf(group)
    if (texts.some(text => before[text] !== expected[text])) {
      throw changedMeanwhile(`the group ${group.name}`)
    }
    await refuseTaken(context, { text: after, id })
    const isOtherClaim = before.claimValue !== after.claimValue
    // Everybody whose claim has the value gets the roles at their next sign-in.
    if (isOtherClaim && after.claimValue !== null) refuseBeyondCaller(context.caller, grantsOfGroup(group))
    await context.prisma.group.update({ where: { id }, data: after })
    const left = isOtherClaim ? await takeOutClaimed(context, group) : []
    return { value: { id }, event: aboutChange({ id, before, after, left }) }
  },
})

interface Changed {
  readonly id: string
  readonly before: GroupText
  readonly after: GroupText
  readonly left: readonly GroupMember[]
}

function aboutChange({ id, before, after, left }: Changed): About {
  const changed = texts
    .filter(text => before[text] !== after[text])
    .map(text => ({ path: `/${text}`, before: before[text], after: after[text] }))
  const named = left.slice(0, eventLimits.changeCount - changed.length)
  return {
    targets: [groupTarget({ id, name: after.name })],
    description:
      before.name === after.name
        ? `The group ${after.name} was changed.`
        : `The group ${before.name} was changed, and is called ${after.name} now.`,
    changes: [
      ...changed,
      ...named.map(({ personId, name }) => ({ path: `/members/${personId}`, before: name, after: null })),
    ],
    details: leavingInWords(left, named.length),
  }
}

function leavingInWords(left: readonly GroupMember[], named: number): readonly string[] {
  if (left.length === 0) return []
  const who = `Left, because the earlier claim value had put them in: ${firstInWords(left)}.`
  const count = left.length.toLocaleString("en")
  return left.length === named
    ? [who]
    : [who, `Of the ${count} who left, the first ${named} by name are named in the changes.`]
}

function textOf({ name, description, claimValue }: GroupText): GroupText {
  return { name, description, claimValue }
}

async function takeOutClaimed(work: Work, group: Group) {
  const people = (await membersOfGroup(work, group.id)).filter(each => each.fromClaim)
  await refuseTakingFromAbove(work, { people, taken: grantsOfGroup(group) })
  await work.prisma.groupMember.deleteMany({
    where: { organizationId: work.organization.id, groupId: group.id, fromClaim: true },
  })
  return people
}

// Two concurrent changes cannot both pass: every writer of groups first takes the lock on the organization.
async function refuseTaken(
  { tx, organization }: Work,
  { text, id }: { readonly text: GroupText; readonly id: string | null },
): Promise<void> {
  const others = await tx.query<{ readonly name: string; readonly sameName: boolean }>(
    `SELECT name, lower(name) = lower($2) AS "sameName" FROM member_group
     WHERE organization_id = $1::uuid AND ($4::uuid IS NULL OR id <> $4::uuid)
       AND (lower(name) = lower($2) OR claim_value = $3)`,
    [organization.id, text.name, text.claimValue, id],
  )
  const faults: readonly Fault[] = others.map(({ name, sameName }) =>
    sameName
      ? { pointer: "/name", message: `There is a group called ${name} already.` }
      : { pointer: "/claimValue", message: `This value puts people into ${name} already.` },
  )
  if (faults.length > 0) throw new AppError("invalid", "The group cannot be like this.", { faults })
}
