import { randomBytes } from "node:crypto"
import {
  hashSessionId,
  makeSessionId,
  openSession,
  revokeSession,
  type SessionMethod,
} from "@/lib/access/sign-in/sessions"
import { newId } from "@/lib/audit/ids"
import type { Done, Work } from "@/lib/operations/core/operation"
import { type Account, personAbout } from "./credentials"

/** A session that has just begun. */
export interface NewSession {
  /** For the cookie only. */
  readonly sessionId: string
}

/** Starts a session of an authenticated person, and ends the one that the browser had; the event is the sign-in. */
export async function beginSession(
  { prisma, caller: { at, source } }: Work<"public">,
  given: {
    readonly account: Account
    readonly method: SessionMethod
    readonly previousSessionId: string | undefined
    /** When the person proved who they are, if not now. */
    readonly provenAt?: Date
  },
): Promise<Done<NewSession>> {
  const { account, method, previousSessionId, provenAt } = given
  if (previousSessionId !== undefined) await revokeSession(prisma, hashSessionId(previousSessionId), at)
  const id = newId(at.getTime())
  const sessionId = makeSessionId(randomBytes)
  const from = { ip: source?.ip ?? null, userAgent: source?.userAgent ?? null }
  await openSession(prisma, { id, sessionId, personId: account.id, at, provenAt, method, ...from })
  return {
    value: { sessionId },
    event: {
      ...personAbout(account),
      targets: [{ type: "user_session", id }],
      description: `${account.name} signed in.`,
      metadata: { owasp: "authn_login_success", method },
    },
  }
}
