import { platform } from "@/lib/platform"

/** Returns the display name and the issuer of the OpenID provider; null when none is configured. */
export function identityProvider(): { readonly name: string; readonly issuer: string } | null {
  const { openIdConnect } = platform().env
  return openIdConnect && { name: openIdConnect.name, issuer: openIdConnect.issuer }
}
