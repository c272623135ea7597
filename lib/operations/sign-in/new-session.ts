import { randomBytes } from "node:crypto"
import {
  hashSessionId,
  makeSessionId,
  openSession,
  revokeSession,
  type SessionMethod,
} from "@/lib/access/sign-in/sessions"
import { newId } from "@/lib/audit/ids"
import type { PrismaTransaction } from "@/lib/db"
import type { About, Caller } from "@/lib/operations/operation"
import { type Account, personAbout } from "./accounts"

/** A session that has just begun. */
export interface NewSession {
  readonly id: string
  /** For the cookie only. */
  readonly sessionId: string
  readonly account: Account
  readonly method: SessionMethod
}

/** Starts a session of an authenticated person, and ends the one that the browser had. */
export async function beginSession(
  prisma: PrismaTransaction,
  { at, source }: Caller,
  given: {
    readonly account: Account
    readonly method: SessionMethod
    readonly previousSessionId: string | undefined
  },
): Promise<NewSession> {
  const { account, method, previousSessionId } = given
  if (previousSessionId !== undefined) await revokeSession(prisma, hashSessionId(previousSessionId), at)
  const id = newId(at.getTime())
  const sessionId = makeSessionId(randomBytes)
  const from = { ip: source?.ip ?? null, userAgent: source?.userAgent ?? null }
  await openSession(prisma, { id, sessionId, personId: account.id, at, method, ...from })
  return { id, sessionId, account, method }
}

/** Returns the event of a sign-in, whatever its method. */
export function sessionAbout({ id, account, method }: NewSession): About {
  return {
    ...personAbout(account),
    targets: [{ type: "user_session", id }],
    description: `${account.name} signed in.`,
    metadata: { owasp: "authn_login_success", method },
  }
}
