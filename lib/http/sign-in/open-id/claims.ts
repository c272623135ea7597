import { z } from "zod"
import type { OpenIdConnectSettings } from "@/lib/env/env"
import type { VouchedIdentity } from "@/lib/operations/sign-in/identity"

/** What a provider states about a person: the claims of a verified id token, with those of the userinfo endpoint. */
export type Claims = Readonly<Record<string, unknown>>

const text = z.string().nullable().catch(null)
const mostGroups = 1_000

const claimed = z.object({
  sub: z.string().min(1).max(255),
  email: text,
  email_verified: z.unknown(),
  name: text,
  auth_time: z.number().nullable().catch(null),
  iat: z.number().nullable().catch(null),
})

interface ReadClaims {
  readonly identity: VouchedIdentity
  /**
   * When the person signed in at the provider, and when the token was issued: seconds since 1970, by the provider's clock.
   */
  readonly authTime: number | null
  readonly issuedAt: number | null
}

/** Returns the claims in the form that sign-in uses. Throws for a token without a subject. */
export function readClaims(
  claims: Claims,
  { issuer, groupsClaim }: Pick<OpenIdConnectSettings, "issuer" | "groupsClaim">,
): ReadClaims {
  const { sub, email, email_verified, name, auth_time, iat } = claimed.parse(claims)
  const identity = {
    issuer,
    subject: sub,
    email,
    // Some providers send the boolean as a string.
    emailVerified: email_verified === true || email_verified === "true",
    name,
    groups: groupsClaim === null ? null : groupsOf(claims, groupsClaim),
  }
  return { identity, authTime: auth_time, issuedAt: iat }
}

// Providers leave out an empty list, so an absent claim is one. A claim that is stated to be elsewhere, because it is too
// long for a token, means nothing: groups stay as they are.
function groupsOf(claims: Claims, name: string): string[] | null {
  const elsewhere = claims._claim_names
  if (typeof elsewhere === "object" && elsewhere !== null && name in elsewhere) return null
  const value = claims[name]
  const values: readonly unknown[] = Array.isArray(value) ? value : [value]
  const groups = values.filter(one => typeof one === "string").filter(one => one !== "" && one.length <= 500)
  return groups.length > mostGroups ? null : groups
}
