import { type AnonymousPrincipal, type ApiKeyPrincipal, anonymous } from "@/lib/access/principal"
import type { ApiKeys } from "./key-principal"
import { type KeyScheme, keyOfAuthorization } from "./key-scheme"

/** What a sender shows of itself, whatever the protocol. */
export interface Credentials {
  /** The text as it was sent, with its scheme; null when nothing was sent. */
  readonly authorization: string | null
  /** The scheme that is accepted. */
  readonly scheme: KeyScheme
  /** The client's, as the trusted proxies report it. */
  readonly ip: string | null
}

/**
 * Returns the principal of the API key in the authorisation; anonymous without one. Throws AppError `unauthenticated` for
 * another scheme, and for a key that is refused (see `ApiKeys`).
 */
export async function authenticateApiKey(
  { authorization, scheme, ip }: Credentials,
  keys: ApiKeys,
  at: Date,
): Promise<ApiKeyPrincipal | AnonymousPrincipal> {
  const key = keyOfAuthorization(authorization, scheme)
  return key === null ? anonymous : keys.principalOf(key, ip, at)
}
