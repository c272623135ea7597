import { z } from "zod"
import { operation } from "@/lib/operations/core/operation"
import { tokenInput } from "./answer"
import { findInvited, givenBy } from "./invitation"

/**
 * Describes an invitation to the holder of its link only. The answer tells them whether they have an account, which
 * is no secret from them.
 */
export const findInvitation = operation({
  name: "organization_member_invitation.find",
  summary: "Tells what an invitation is to the person who holds its link.",
  permission: "public",
  effect: "read",
  input: z.strictObject({ token: tokenInput }),
  run: (context, { token }) =>
    context.read(async ({ prisma, caller, enter }) => {
      const invitation = await findInvited(prisma, context, token)
      const person = await prisma.person.findUnique({
        where: { email: invitation.email },
        select: { id: true },
      })
      await enter(invitation.organization.id)
      const { roles, groups, apps } = await givenBy(prisma, invitation)
      return {
        organizationName: invitation.organization.name,
        inviterName: invitation.inviter?.name ?? null,
        email: invitation.email,
        expiresAt: invitation.expiresAt.toISOString(),
        roles: roles.map(({ name, description }) => ({ name, description })),
        groups: groups.map(({ name }) => ({ name })),
        apps: apps.map(({ name }) => ({ name })),
        isSignedIn: caller.principal.kind === "person",
        hasAccount: person !== null,
      }
    }),
})
