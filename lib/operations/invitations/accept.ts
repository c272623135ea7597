import { z } from "zod"
import { missingForGranting } from "@/lib/access/granting"
import { grantsOf } from "@/lib/access/grants"
import { heldRolesOf } from "@/lib/access/held-roles"
import { endInvitation, type OpenInvitation } from "@/lib/access/invitations"
import { hashPassword, passwordFaults } from "@/lib/access/sign-in/password"
import { newId } from "@/lib/audit/ids"
import type { PrismaTransaction } from "@/lib/database/database"
import { AppError } from "@/lib/errors"
import { type Caller, OperationFailure, operation, type Work } from "@/lib/operations/core/operation"
import { nameInput } from "@/lib/operations/sign-in/credentials"
import { unfitPassword } from "@/lib/operations/sign-in/sign-in"
import { aboutInvitation, type Named, tokenInput } from "./answer"
import { findGiven } from "./chosen-access"
import { findInvited, type Given, givenBy, givenChanges, uselessInvitation } from "./invitation"

/**
 * Makes the person a member, with the roles and groups of the invitation, if its sender may still give them. Without
 * a session and an account, the link proves the email, and name and password create the account. Of several
 * acceptances at the same time one succeeds.
 */
export const acceptInvitation = operation({
  name: "organization_member_invitation.accept",
  summary: "Accepts an invitation by its link.",
  permission: "public",
  effect: "write",
  input: z.strictObject({
    token: tokenInput,
    /** For a recipient without an account. */
    account: z.strictObject({ name: nameInput, password: z.string().max(1_000) }).optional(),
  }),
  run: async (context, { token, account }) => {
    const { caller, prisma } = context
    const { at } = caller
    const invitation = await findInvited(prisma, context, token)
    const organizationId = invitation.organization.id
    await context.enter(organizationId)
    // Waits for changes of access in this organization: what was removed meanwhile is not given any more.
    await context.administration.lock(organizationId)
    const person = await personOf(prisma, caller, { email: invitation.email, account })
    const of = { id: invitation.id, organizationId, token, at }
    const isMine = await endInvitation(prisma, of, { acceptedAt: at, acceptedById: person.id })
    if (!isMine) throw uselessInvitation()
    const isNewMember = await makeMember(prisma, { invitation, person, at })
    await refuseBeyondInviter(context, invitation, person)
    const given = await giveAll(prisma, { invitation, person, at })
    return {
      value: { invitation, isNewMember },
      event: {
        ...aboutInvitation(invitation, person),
        targets: [
          { type: "invitation", id: invitation.id, name: invitation.email },
          { type: "user", id: person.id, name: person.name },
        ],
        description: `${person.name} accepted an invitation${isNewMember ? " and became a member" : ""}.`,
        changes: givenChanges(given),
      },
    }
  },
})

interface Newcomer {
  readonly email: string
  readonly account: { readonly name: string; readonly password: string } | undefined
}

async function personOf(
  prisma: PrismaTransaction,
  { principal, at }: Caller,
  { email, account }: Newcomer,
): Promise<Named> {
  if (principal.kind === "person") return { id: principal.personId, name: principal.name }
  const known = await prisma.person.findUnique({ where: { email }, select: { id: true } })
  if (known) throw signInFirst(email)
  const { name, password } = await fitAccount({ email, account })
  const id = newId(at.getTime())
  const { count } = await prisma.person.createMany({
    data: [{ id, email, name, passwordHash: await hashPassword(password), createdAt: at }],
    skipDuplicates: true,
  })
  // A concurrent request created the account: the same link clicked twice, or an invitation of another organization.
  if (count === 0) throw signInFirst(email)
  return { id, name }
}

async function fitAccount({
  email,
  account,
}: Newcomer): Promise<{ readonly name: string; readonly password: string }> {
  if (!account) {
    throw new AppError("invalid", "Give your name and a password.", {
      faults: [
        { pointer: "/account/name", message: "Give a name." },
        { pointer: "/account/password", message: "Give a password." },
      ],
    })
  }
  const faults = await passwordFaults(account.password, email)
  if (faults.length > 0) throw unfitPassword("/account/password", faults)
  return account
}

function signInFirst(email: string): AppError {
  return new AppError("unauthenticated", `There is an account for ${email}. Sign in, then accept.`)
}

/** An invitation depends on what its sender holds now: otherwise a demoted member could accept their own invitation. */
async function refuseBeyondInviter(
  { prisma, tx }: Work<"public">,
  invitation: OpenInvitation,
  person: Named,
): Promise<void> {
  if (invitation.inviter === null) return
  const key = { organizationId: invitation.organization.id, personId: invitation.inviter.id }
  const { roles, groups, apps } = await givenBy(prisma, invitation)
  const choice = { roleIds: idsOf(roles), groupIds: idsOf(groups), appIds: idsOf(apps) }
  const { granted } = await findGiven(prisma, key.organizationId, choice)
  const isActive = await prisma.membership.count({ where: { ...key, status: "active" } })
  const grants = grantsOf(await heldRolesOf(tx, key), { ...key, actorId: key.personId })
  const missing = missingForGranting(grants, granted)
  if (isActive > 0 && grants.permissions.has("MEMBER-MANAGEMENT") && missing.length === 0) return
  throw new OperationFailure("not-found", uselessInvitation().message, {
    about: {
      ...aboutInvitation(invitation, person),
      description: `An invitation could not be accepted: ${invitation.inviter.name}, who sent it, may no longer give what it gives.`,
    },
    status: "denied",
  })
}

function idsOf(parts: readonly { readonly id: string }[]): readonly string[] {
  return parts.map(({ id }) => id)
}

interface Joining {
  readonly invitation: OpenInvitation
  readonly person: Named
  readonly at: Date
}

/** True when the person was not a member before. */
async function makeMember(prisma: PrismaTransaction, { invitation, person, at }: Joining): Promise<boolean> {
  const key = { organizationId: invitation.organization.id, personId: person.id }
  const { count } = await prisma.membership.createMany({
    data: [{ ...key, createdAt: at }],
    skipDuplicates: true,
  })
  if (count === 1) return true
  const { status } = await prisma.membership.findUniqueOrThrow({
    where: { organizationId_personId: key },
    select: { status: true },
  })
  if (status === "suspended") throw suspended(invitation, person)
  return false
}

async function giveAll(prisma: PrismaTransaction, { invitation, person, at }: Joining): Promise<Given> {
  const given = await givenBy(prisma, invitation)
  const key = { organizationId: invitation.organization.id, personId: person.id }
  const roles = await giveRoles(prisma, key, { given, at })
  await prisma.groupMember.createMany({
    data: given.groups.map(group => ({ ...key, groupId: group.id, createdAt: at })),
    skipDuplicates: true,
  })
  return { ...given, ...roles }
}

/** Returns what was given, and in which apps: where the member holds a role in an app already, they keep that one. */
async function giveRoles(
  prisma: PrismaTransaction,
  key: { readonly organizationId: string; readonly personId: string },
  { given: { roles, apps }, at }: { readonly given: Given; readonly at: Date },
): Promise<Pick<Given, "roles" | "apps">> {
  const held = roles.map(role => ({ ...key, roleId: role.id }))
  if (apps.length === 0) {
    await prisma.membershipRole.createMany({ data: held, skipDuplicates: true })
    return { roles, apps }
  }
  const added = await prisma.collaborator.createManyAndReturn({
    data: apps.flatMap(app => held.map(role => ({ ...role, appId: app.id, createdAt: at }))),
    skipDuplicates: true,
    select: { appId: true },
  })
  const given = apps.filter(app => added.some(({ appId }) => appId === app.id))
  // When no app is left, the event must not say that the role was given: without apps that means every app.
  return { roles: given.length === 0 ? [] : roles, apps: given }
}

function suspended(invitation: OpenInvitation, person: Named): OperationFailure {
  const { name } = invitation.organization
  return new OperationFailure(
    "conflict",
    `You are suspended in ${name}. Ask one of its administrators to let you in again; the invitation stays open.`,
    {
      about: {
        ...aboutInvitation(invitation, person),
        description: `${person.name} is suspended and could not accept an invitation.`,
      },
      status: "denied",
    },
  )
}
