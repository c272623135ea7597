import { z } from "zod"
import { missingForGranting } from "@/lib/access/granting"
import type { Principal } from "@/lib/access/principal"
import { operation, type Work } from "@/lib/operations/core/operation"
import { unanswered } from "@/lib/operations/roles/holders"
import { type GroupRole, groupParts, noSuchGroup } from "./group"
import { groupId } from "./input"

/** A member of a group, as its page shows them. */
export interface MemberOfGroup {
  readonly personId: string
  readonly name: string
  readonly email: string
  readonly status: string
  /** True for a member whom the identity provider added: each sign-in decides again whether they are in it. */
  readonly fromClaim: boolean
  readonly addedAt: string
}

/** A role of a group, as its page shows it. */
export interface RoleOfGroup extends GroupRole {
  readonly description: string
  readonly builtIn: boolean
  /** Names of the apps to which the role itself is limited; none = every app. */
  readonly apps: readonly string[]
}

/** An app to which a group's roles are or could be limited. */
export interface AppOfGroup {
  readonly id: string
  readonly slug: string
  readonly name: string
  readonly archived: boolean
}

/** A group with everything that belongs to it, and what could be added. */
export interface GroupDetail {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly claimValue: string | null
  readonly createdAt: string
  readonly members: readonly MemberOfGroup[]
  readonly roles: readonly RoleOfGroup[]
  readonly apps: readonly AppOfGroup[]
  /** Emails of open invitations that will add their recipient to the group. */
  readonly invited: readonly string[]
  /** Roles that are not in it yet; `refusal` says why the caller cannot add one. */
  readonly roleChoices: readonly (RoleOfGroup & { readonly refusal: string | null })[]
  /** Apps that are not in it yet. */
  readonly appChoices: readonly AppOfGroup[]
}

/** Finds one group with its members, roles and apps, and what could be added to it. */
export const findGroup = operation({
  name: "organization_team.find",
  summary: "Finds one group with its members, roles and apps, and the roles and apps that could be added.",
  permission: "ROLE-MANAGEMENT",
  effect: "read",
  input: z.strictObject({ id: groupId }),
  run: ({ caller, organization, read }, { id }): Promise<GroupDetail> =>
    read(async reading => {
      const organizationId = organization.id
      const group = await reading.prisma.group.findFirst({
        where: { id, organizationId },
        include: groupParts,
      })
      if (!group) throw noSuchGroup()
      const { name, description, claimValue, createdAt } = group
      const held = new Set(group.roles.map(({ role }) => role.id))
      const limit = group.apps.map(({ app }) => app.id)
      const { roles, apps } = await everythingThereIs(reading)
      return {
        ...{ id, name, description, claimValue, createdAt: createdAt.toISOString() },
        ...(await peopleOf(reading, id)),
        roles: roles.filter(role => held.has(role.id)),
        apps: apps.filter(app => limit.includes(app.id)),
        roleChoices: roles
          .filter(role => !held.has(role.id))
          .map(role => ({ ...role, refusal: refusalOf(caller.principal, role, limit) })),
        appChoices: apps.filter(app => !limit.includes(app.id)),
      }
    }),
})

async function peopleOf({ prisma, organization }: Work, groupId: string) {
  const organizationId = organization.id
  const members = await prisma.groupMember.findMany({
    where: { organizationId, groupId },
    select: {
      personId: true,
      fromClaim: true,
      createdAt: true,
      membership: { select: { status: true, person: { select: { name: true, email: true } } } },
    },
    orderBy: [{ membership: { person: { name: "asc" } } }, { personId: "asc" }],
  })
  const invitations = await prisma.invitationGroup.findMany({
    where: { organizationId, groupId, invitation: unanswered },
    select: { invitation: { select: { email: true } } },
    orderBy: { invitation: { email: "asc" } },
  })
  return {
    members: members.map(({ personId, fromClaim, createdAt, membership: { status, person } }) => ({
      ...{ personId, fromClaim, status, name: person.name, email: person.email },
      addedAt: createdAt.toISOString(),
    })),
    invited: [...new Set(invitations.map(({ invitation }) => invitation.email))],
  }
}

async function everythingThereIs({ prisma, organization }: Work) {
  const organizationId = organization.id
  const stored = await prisma.app.findMany({
    where: { organizationId },
    select: { id: true, slug: true, name: true, archivedAt: true },
    orderBy: [{ name: "asc" }, { slug: "asc" }],
  })
  const roles = await prisma.role.findMany({
    where: { organizationId },
    select: { id: true, name: true, description: true, builtIn: true, permissions: true, appIds: true },
    orderBy: [{ builtIn: "desc" }, { name: "asc" }, { id: "asc" }],
  })
  const nameOf = new Map(stored.map(({ id, name }) => [id, name]))
  return {
    apps: stored.map(({ archivedAt, ...app }) => ({ ...app, archived: archivedAt !== null })),
    roles: roles.map(role => ({ ...role, apps: role.appIds.map(id => nameOf.get(id) ?? id) })),
  }
}

function refusalOf(principal: Principal, role: GroupRole, assignmentAppIds: readonly string[]) {
  const missing = missingForGranting(principal, [{ ...role, assignmentAppIds }])
  return missing.length === 0 ? null : `You cannot give it: you do not hold ${missing.join(", ")} yourself.`
}
