import { z } from "zod"
import { revokeSessionsOf } from "@/lib/access/sign-in/sessions"
import { AppError } from "@/lib/errors"
import { operation } from "@/lib/operations/core/operation"
import { activeElsewhere, sessionsRefusal } from "./end-access"
import { personIdInput } from "./input"
import { findMemberBelow, isSelf, memberTarget } from "./member"

/**
 * Ends all sessions of a member; they can sign in again. Refused for a member of another organization, except for a
 * command: then each of the logs gets the event. Callers who end their own stay signed in where they are.
 */
export const endMemberSessions = operation({
  name: "organization_member.end_sessions",
  summary: "Signs a member out in every browser.",
  permission: "MEMBER-MANAGEMENT",
  effect: "write",
  input: z.strictObject({ personId: personIdInput }),
  run: async (context, { personId }) => {
    const { principal, at } = context.caller
    const member = await findMemberBelow(context, personId)
    const elsewhere = await activeElsewhere(context, personId)
    const refusal = sessionsRefusal(principal, member, elsewhere)
    if (refusal !== null) throw new AppError("forbidden", refusal)
    const exceptHash = principal.kind === "person" && isSelf(principal, member) ? principal.sessionHash : null
    const endedSessions = await revokeSessionsOf(context.prisma, personId, { at, exceptHash })
    return {
      value: { endedSessions },
      event: {
        organizationIds: [context.organization.id, ...elsewhere],
        targets: [memberTarget(member)],
        description: `The sessions of ${member.name} were ended.`,
        metadata: { endedSessions },
      },
    }
  },
})
