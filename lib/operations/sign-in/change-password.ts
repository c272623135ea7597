import { z } from "zod"
import { badSignIns, forgetAttempts } from "@/lib/access/sign-in/attempts"
import { voidLinks } from "@/lib/access/sign-in/links"
import { hashPassword, passwordFaults, verifyPassword } from "@/lib/access/sign-in/password"
import { lockPerson } from "@/lib/access/sign-in/person-lock"
import { revokeSessionsOf } from "@/lib/access/sign-in/sessions"
import { OperationFailure, operation, type WriteContext } from "@/lib/operations/core/operation"
import { type Credentials, givenPasswordInput, personAbout } from "./credentials"
import { credentialsOf } from "./own-credentials"
import { sendPasswordNotice } from "./password-notice"
import { countSignIn, tooManyWords, unfitPassword } from "./sign-in"

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
