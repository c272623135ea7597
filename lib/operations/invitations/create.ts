import { z } from "zod"
import { invitationDays } from "@/lib/access/invitations"
import { newId } from "@/lib/audit/ids"
import { operation, type WriteContext } from "@/lib/operations/core/operation"
import { type Chosen, chooseGiven } from "./chosen-access"
import { givenChanges } from "./invitation"
import { type InviteResult, judgeAddresses, nobodyInvited } from "./judge-emails"
import { writeLetter } from "./letter"
import { endOf } from "./lifetime"
import { daysInput, senderOf } from "./send"

/** Invites several people at once. Each email gets its own result; the call fails only when nobody can be invited. */
export const createInvitations = operation({
  name: "organization_member_invitation.create",
  summary: "Invites people by e-mail, with roles and groups; answers for each address apart.",
  permission: "MEMBER-MANAGEMENT",
  effect: "write",
  input: z.strictObject({
    /** Length is checked for each email apart, so that a long one does not stop the others. */
    emails: z.array(z.string()).min(1, "Give at least one address.").max(20, "Give at most 20."),
    roleIds: z.array(z.uuid()).max(20),
    groupIds: z.array(z.uuid()).max(20).default([]),
    /** The apps in which the role is given; none = every app. */
    appIds: z.array(z.uuid()).max(100, "Choose at most 100 apps.").default([]),
    expiresInDays: daysInput.default(invitationDays.standard),
  }),
  run: async (context, { emails, expiresInDays, ...choice }) => {
    const given = await chooseGiven(context, choice)
    const judged = await judgeAddresses(context, emails)
    if (!judged.some(({ outcome }) => outcome === "invited")) throw nobodyInvited(emails, judged)
    const results: InviteResult[] = []
    for (const each of judged) {
      const { email, outcome } = each
      const invitationId =
        outcome === "invited"
          ? await makeInvitation(context, { email, given, expiresInDays })
          : each.invitationId
      results.push({ ...each, invitationId })
    }
    const invited = results.filter(({ outcome }) => outcome === "invited")
    return {
      value: { results },
      event: {
        targets: invited.map(({ email, invitationId }) => ({
          ...{ type: "invitation", id: invitationId ?? email, name: email },
        })),
        description:
          invited.length === 1
            ? `${invited[0]?.email} was invited.`
            : `${invited.length} people were invited.`,
        changes: givenChanges(given),
        metadata: { expiresInDays },
      },
    }
  },
})

interface NewInvitation {
  readonly email: string
  readonly given: Chosen
  readonly expiresInDays: number
}

/** Returns the id of the new invitation. */
async function makeInvitation(
  context: WriteContext,
  { email, given, expiresInDays }: NewInvitation,
): Promise<string> {
  const { prisma, caller, organization } = context
  const { at } = caller
  const organizationId = organization.id
  const id = newId(at.getTime())
  const expiresAt = endOf(at, expiresInDays)
  const written = await writeLetter(context, { email, expiresAt, given })
  await prisma.invitation.create({
    data: { id, organizationId, email, createdById: senderOf(caller), createdAt: at, ...written },
  })
  const of = { organizationId, invitationId: id }
  await prisma.invitationRole.createMany({ data: given.roles.map(role => ({ ...of, roleId: role.id })) })
  await prisma.invitationGroup.createMany({
    data: given.groups.map(group => ({ ...of, groupId: group.id })),
  })
  await prisma.invitationApp.createMany({ data: given.apps.map(app => ({ ...of, appId: app.id })) })
  return id
}
