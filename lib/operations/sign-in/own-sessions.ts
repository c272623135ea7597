import { z } from "zod"
import { listLiveSessions, revokeSessionById, revokeSessionsOf } from "@/lib/access/sign-in/sessions"
import { AppError } from "@/lib/errors"
import { operation } from "@/lib/operations/core/operation"
import { findCredentials, personAbout } from "./credentials"

/** Lists the valid sessions of the caller, the last used first. */
export const listUserSessions = operation({
  name: "user_session.list",
  summary: "Lists the browsers in which the caller is signed in.",
  permission: "signed-in",
  effect: "read",
  input: z.strictObject({}),
  run: async ({ caller: { principal, at }, read }) => {
    if (principal.kind !== "person") throw new AppError("forbidden", "Only a person has sessions.")
    const { personId, sessionHash } = principal
    const sessions = await read(({ prisma }) => listLiveSessions(prisma, { personId, sessionHash, at }))
    return { sessions }
  },
})

/** Ends one other session of the caller. A session that is not theirs, or has ended, is not found. */
export const deleteOtherUserSession = operation({
  name: "user_session.delete_other",
  summary: "Ends one other session of the caller.",
  permission: "signed-in",
  effect: "write",
  input: z.strictObject({ sessionId: z.uuid() }),
  run: async ({ caller: { principal, at }, prisma }, { sessionId }) => {
    if (principal.kind !== "person") throw new AppError("forbidden", "Only a person has sessions.")
    const { personId, sessionHash } = principal
    const account = (await findCredentials(prisma, { id: personId }))?.account
    if (!account) throw new AppError("unauthenticated", "Sign in again.")
    const isEnded = await revokeSessionById(prisma, { id: sessionId, personId, exceptHash: sessionHash, at })
    if (!isEnded) throw new AppError("not-found", "This session is over already.")
    return {
      value: null,
      event: {
        ...personAbout(account),
        targets: [{ type: "user_session", id: sessionId }],
        description: `${account.name} signed out in another browser.`,
      },
    }
  },
})

/** Ends every other session of the caller; this session stays valid. */
export const deleteOtherUserSessions = operation({
  name: "user_session.delete_others",
  summary: "Ends every session of the caller but this one.",
  permission: "signed-in",
  effect: "write",
  input: z.strictObject({}),
  run: async ({ caller: { principal, at }, prisma }) => {
    if (principal.kind !== "person") throw new AppError("forbidden", "Only a person has sessions.")
    const { personId, sessionHash } = principal
    const account = (await findCredentials(prisma, { id: personId }))?.account
    if (!account) throw new AppError("unauthenticated", "Sign in again.")
    const endedSessions = await revokeSessionsOf(prisma, personId, { at, exceptHash: sessionHash })
    return {
      value: { endedSessions },
      event: {
        ...personAbout(account),
        description: `${account.name} signed out everywhere else.`,
        metadata: { endedSessions },
      },
    }
  },
})
