import { type Principal, principalOfSession } from "@/lib/access/principal"
import { sessionIdOf } from "@/lib/http/sign-in/auth"
import { platform } from "@/lib/platform"

/**
 * Returns the person whose session cookie is in the headers, in the organization with that slug; anonymous without one.
 * Throws AppError `not-found` for an organization that is unknown or not theirs.
 */
export async function authenticateSession(
  headers: Headers,
  organizationSlug: string | null,
  at: Date,
): Promise<Principal> {
  const { env, database } = platform()
  return principalOfSession(await sessionIdOf(headers, env), organizationSlug, { database, at })
}
