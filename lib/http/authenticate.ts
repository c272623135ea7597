import { apiKeyOfRequest } from "@/lib/access/keys/api-keys"
import { principalOfApiKey } from "@/lib/access/keys/key-principal"
import { anonymous, type Principal, principalOfSession } from "@/lib/access/principal"
import { sessionIdOf } from "@/lib/auth"
import { platform } from "@/lib/platform"

/**
 * Promise: the person whose session cookie the headers carry, in the organization of that slug; anonymous without one.
 * Throws AppError `not-found` for an organization that is not theirs, as for one that does not exist.
 */
export async function authenticateSession(
  headers: Headers,
  organizationSlug: string | null,
  at: Date,
): Promise<Principal> {
  const { env, database } = platform()
  return principalOfSession(await sessionIdOf(headers, env), organizationSlug, { database, at })
}

/** A request that may carry an API key, its address taken apart, and where it comes from. */
interface KeyRequest {
  readonly headers: Headers
  readonly url: URL
  readonly ip: string | null
}

/** Promise: who the API key of the request stands for; anonymous without one. A wrong one is refused. */
export async function authenticateApiKey({ headers, url, ip }: KeyRequest, at: Date): Promise<Principal> {
  const key = apiKeyOfRequest(headers.get("authorization"), url)
  return key === null ? anonymous : principalOfApiKey(key, ip, { database: platform().database, at })
}
