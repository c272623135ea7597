import { z } from "zod"
import { revokeSessionsOf } from "@/lib/access/sign-in/sessions"
import { operation } from "@/lib/operations/operation"
import { personIdInput } from "./input"
import { findMemberBelow, isSelf, memberTarget } from "./member"

/**
 * Signs a member out in every browser at once; they can sign in again. Whoever does it to themselves stays signed in where
 * they are.
 */
export const endMemberSessions = operation({
  name: "organization_member.end_sessions",
  summary: "Signs a member out in every browser.",
  permission: "MEMBER-MANAGEMENT",
  effect: "write",
  input: z.strictObject({ personId: personIdInput }),
  run: async ({ caller, organization, prisma, tx }, { personId }) => {
    const { principal, at } = caller
    const key = { organizationId: organization.id, personId }
    const member = await findMemberBelow({ caller, prisma, tx }, key)
    const exceptHash = principal.kind === "person" && isSelf(principal, member) ? principal.sessionHash : null
    return { member, endedSessions: await revokeSessionsOf(prisma, personId, { at, exceptHash }) }
  },
  about: (_, { member, endedSessions }) => ({
    targets: [memberTarget(member)],
    description: `The sessions of ${member.name} were ended.`,
    metadata: { endedSessions },
  }),
})
