import { apiKeyOfRequest } from "@/lib/access/keys/api-keys"
import { anonymous, type Principal, principalOfSession } from "@/lib/access/principal"
import { sessionIdOf } from "@/lib/auth"
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

/** A request that may carry an API key, with its parsed url and the ip of the client. */
interface KeyRequest {
  readonly headers: Headers
  readonly url: URL
  readonly ip: string | null
}

/**
 * Returns the principal of the API key of the request; anonymous without one. Throws AppError for an invalid key (see
 * `ApiKeys.principalOf`).
 */
export async function authenticateApiKey({ headers, url, ip }: KeyRequest, at: Date): Promise<Principal> {
  const key = apiKeyOfRequest(headers.get("authorization"), url)
  return key === null ? anonymous : platform().keys.principalOf(key, ip, at)
}
