import { z } from "zod"
import type { PersonPrincipal } from "@/lib/access/principal"
import { badSignIns, forgetAttempts } from "@/lib/access/sign-in/attempts"
import { voidLinks } from "@/lib/access/sign-in/links"
import { hashPassword, passwordFaults, verifyPassword } from "@/lib/access/sign-in/password"
import { lockPerson } from "@/lib/access/sign-in/person-lock"
import { revokeSession, revokeSessionsOf } from "@/lib/access/sign-in/sessions"
import { AppError } from "@/lib/errors"
import { OperationFailure, operation, type Work, type WriteContext } from "@/lib/operations/core/operation"
import { type Credentials, findCredentials, givenPasswordInput, personAbout } from "./credentials"
import { sendPasswordNotice } from "./password-notice"
import { countSignIn, tooManyWords, unfitPassword } from "./sign-in"

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

/** Changes the password of the caller; ends all their other sessions. */
export const updateUserPassword = operation({
  name: "user_password.update",
  summary: "Changes the password of the caller and ends their other sessions.",
  permission: "signed-in",
  effect: "write",
  input: z.strictObject({ currentPassword: givenPasswordInput, newPassword: z.string().max(1_000) }),
  run: async (context, { currentPassword, newPassword }) => {
    const { caller, prisma } = context
    const { at } = caller
    // Of two concurrent changes, the second must present the password that the first has set.
    if (caller.principal.kind === "person") await lockPerson(prisma, caller.principal.personId)
    const { person, account, passwordHash: present } = await credentialsOf(context)
    // First, so that an invalid new password does not count as an attempt to guess the current one.
    const faults = await passwordFaults(newPassword, account.email)
    if (faults.length > 0) throw unfitPassword("/newPassword", faults)
    if (newPassword === currentPassword) {
      throw unfitPassword("/newPassword", ["Use another password than the present one."])
    }
    await provePassword(context, { account, passwordHash: present }, currentPassword)
    const passwordHash = await hashPassword(newPassword)
    await prisma.person.update({ where: { id: account.id }, data: { passwordHash } })
    await voidLinks(prisma, { personId: account.id, at })
    await forgetAttempts(prisma, badSignIns.account, account.email)
    const endedSessions = await revokeSessionsOf(prisma, account.id, { at, exceptHash: person.sessionHash })
    await sendPasswordNotice(prisma, account, at)
    return {
      value: { endedSessions },
      event: {
        ...personAbout(account),
        description: `${account.name} changed their password.`,
        metadata: { owasp: "authn_password_change", endedSessions },
      },
    }
  },
})

// Guesses count here as at the sign-in page.
async function provePassword(
  context: WriteContext<"signed-in">,
  { account, passwordHash }: Credentials,
  password: string,
): Promise<void> {
  const attempts = await countSignIn(context, account.email)
  if (!attempts.allowed) {
    const { retryAfterSeconds } = attempts
    throw new OperationFailure("rate-limited", tooManyWords(retryAfterSeconds), {
      about: { ...personAbout(account), metadata: { owasp: "authn_password_change_fail" } },
      status: "denied",
      retryAfterSeconds,
    })
  }
  if (!(await verifyPassword(passwordHash, password))) {
    const message = "This is not your present password."
    throw new OperationFailure("invalid", message, {
      about: {
        ...personAbout(account),
        description: `${account.name} could not change their password: the present one was wrong.`,
        metadata: { owasp: "authn_password_change_fail" },
      },
      faults: [{ pointer: "/currentPassword", message }],
    })
  }
  await attempts.withdraw()
}

async function credentialsOf({
  caller: { principal },
  prisma,
}: Work<"signed-in">): Promise<Credentials & { readonly person: PersonPrincipal }> {
  if (principal.kind !== "person")
    throw new AppError("forbidden", "Only a person has sessions and a password.")
  const credentials = await findCredentials(prisma, { id: principal.personId })
  if (!credentials) throw new AppError("unauthenticated", "Sign in again.")
  return { ...credentials, person: principal }
}
