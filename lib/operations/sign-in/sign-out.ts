import { z } from "zod"
import { revokeSession, revokeSessionsOf } from "@/lib/access/sign-in/sessions"
import { operation } from "@/lib/operations/core/operation"
import { personAbout } from "./credentials"
import { credentialsOf } from "./own-credentials"

/** Signs out here: ends the session of the caller. */
export const deleteUserSession = operation({
  name: "user_session.delete",
  summary: "Signs out: ends the session of the caller.",
  permission: "signed-in",
  effect: "write",
  input: z.strictObject({}),
  run: async context => {
    const { person, account } = await credentialsOf(context)
    const ended = await revokeSession(context.prisma, person.sessionHash, context.caller.at)
    return {
      value: null,
      event: {
        ...personAbout(account),
        ...(ended && { targets: [{ type: "user_session", id: ended.id }] }),
        description: `${account.name} signed out.`,
      },
    }
  },
})

/** Signs out everywhere: ends every session of the caller, including this one. */
export const deleteAllUserSessions = operation({
  name: "user_session.delete_all",
  summary: "Signs out everywhere: ends every session of the caller.",
  permission: "signed-in",
  effect: "write",
  input: z.strictObject({}),
  run: async context => {
    const { account } = await credentialsOf(context)
    const { at } = context.caller
    const endedSessions = await revokeSessionsOf(context.prisma, account.id, { at })
    return {
      value: { endedSessions },
      event: {
        ...personAbout(account),
        description: `${account.name} signed out everywhere.`,
        metadata: { endedSessions },
      },
    }
  },
})
