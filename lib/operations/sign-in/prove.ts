import { z } from "zod"
import { verifyPassword } from "@/lib/access/sign-in/password"
import { proveSession } from "@/lib/access/sign-in/sessions"
import { AppError } from "@/lib/errors"
import { OperationFailure, operation } from "@/lib/operations/core/operation"
import { findCredentials, givenPasswordInput, personAbout } from "./credentials"
import { countSignIn, tooManyWords } from "./sign-in"

/**
 * Proves the caller's identity by their password, which permits dangerous operations for the next minutes. A wrong
 * password counts as a failed sign-in.
 */
export const proveUserSession = operation({
  name: "user_session.prove",
  summary: "Proves again, by the password, that it is the person of the session.",
  permission: "signed-in",
  effect: "write",
  input: z.strictObject({ password: givenPasswordInput }),
  run: async (context, { password }) => {
    const { prisma } = context
    const { principal, at } = context.caller
    if (principal.kind !== "person") throw new AppError("forbidden", "Only a person can prove who they are.")
    const found = await findCredentials(prisma, { id: principal.personId })
    if (!found) throw new AppError("unauthenticated", "Sign in again.")
    const { account, passwordHash } = found
    const attempts = await countSignIn(context, account.email)
    if (!attempts.allowed) {
      const { retryAfterSeconds } = attempts
      throw new OperationFailure("rate-limited", tooManyWords(retryAfterSeconds), {
        about: { ...personAbout(account), metadata: { owasp: "authn_login_fail_max" } },
        status: "denied",
        retryAfterSeconds,
      })
    }
    if (!(await verifyPassword(passwordHash, password))) {
      const message = "This is not your password."
      throw new OperationFailure("invalid", message, {
        about: {
          ...personAbout(account),
          description: `${account.name} could not prove who they are: the password was wrong.`,
          metadata: { owasp: "authn_login_fail" },
        },
        faults: [{ pointer: "/password", message }],
      })
    }
    await attempts.withdraw()
    const isLive = await proveSession(prisma, principal.sessionHash, at)
    if (!isLive) throw new AppError("unauthenticated", "The session is over. Sign in again.")
    return {
      value: null,
      event: {
        ...personAbout(account),
        description: `${account.name} proved again who they are.`,
        metadata: { owasp: "authn_login_success", method: "password" },
      },
    }
  },
})
