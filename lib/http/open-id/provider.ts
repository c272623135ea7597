import type { OAuthConfig } from "next-auth/providers/oauth"
import { z } from "zod"
import type { OpenIdConnectSettings } from "@/lib/env"
import { AppError } from "@/lib/errors"
import { log } from "@/lib/log"
import type { Claims } from "./claims"
import type { Purpose } from "./intent"

/** The provider's name in addresses. */
export const providerId = "openid-connect"

const patienceMs = 10_000

/** What the provider's own configuration says that we look at before anybody is sent there. */
export interface Discovered {
  readonly scopes: readonly string[]
}

const configuration = z.object({ issuer: z.string(), scopes_supported: z.array(z.string()).catch([]) })

/**
 * Promise: what the provider says of itself. Throws AppError `unavailable` when it cannot be reached, or calls itself
 * otherwise than the environment does: then it is not the one that was meant.
 */
export async function discover({ issuer }: OpenIdConnectSettings): Promise<Discovered> {
  try {
    const answer = await fetch(wellKnownOf(issuer), {
      signal: AbortSignal.timeout(patienceMs),
      redirect: "error",
      cache: "no-store",
    })
    const found = configuration.parse(await answer.json())
    if (found.issuer !== issuer)
      throw new Error(`It calls itself ${found.issuer}, and OIDC_ISSUER says ${issuer}.`)
    return { scopes: found.scopes_supported }
  } catch (error) {
    log.error("open_id.discovery_failed", { issuer, error })
    throw new AppError(
      "unavailable",
      "The identity provider cannot be reached. Try again in a few minutes.",
      {
        retryAfterSeconds: 30,
        cause: error,
      },
    )
  }
}

interface Asked {
  readonly purpose: Purpose
  readonly baseUrl: string
  readonly scopes: readonly string[]
}

/** Promise: the provider as NextAuth knows it: code flow with PKCE, state and nonce, and an id token that is checked. */
export function openIdProvider(
  { issuer, clientId, clientSecret, name, groupsClaim }: OpenIdConnectSettings,
  { purpose, baseUrl, scopes }: Asked,
): OAuthConfig<Claims> {
  const redirectUri = `${baseUrl}/api/auth/callback/${providerId}`
  const scope = ["openid", "email", "profile"]
  // Some providers give groups only to who asks for them by a scope of the same name; others refuse a scope they do not know.
  if (groupsClaim !== null && scopes.includes(groupsClaim)) scope.push(groupsClaim)
  let claims: Claims = {}
  return {
    id: providerId,
    name,
    type: "oauth",
    wellKnown: wellKnownOf(issuer),
    clientId,
    clientSecret,
    idToken: true,
    checks: ["pkce", "state", "nonce"],
    authorization: {
      params: { scope: scope.join(" "), ...(purpose === "prove" && proof) },
    },
    // NextAuth would make it of its own environment variable, or of the request; it comes from BASE_URL.
    client: { redirect_uris: [redirectUri] },
    httpOptions: { timeout: patienceMs },
    token: {
      request: async ({ client, params, checks }) => {
        // openid-client holds the token against what the provider calls itself, and that has to be the issuer that was meant.
        if (client.issuer.metadata.issuer !== issuer) throw new Error("The provider calls itself otherwise.")
        const tokens = await client.callback(redirectUri, params, checks)
        claims = tokens.claims()
        const isWhole =
          "email" in claims && "email_verified" in claims && (groupsClaim === null || groupsClaim in claims)
        // What was signed goes first.
        if (!isWhole && client.issuer.metadata.userinfo_endpoint !== undefined)
          claims = { ...(await client.userinfo(tokens)), ...claims }
        return { tokens }
      },
    },
    userinfo: { request: async () => claims },
    profile: ({ sub }) => ({ id: String(sub) }),
  }
}

// Asks who it is even of somebody who is signed in there.
const proof = { prompt: "login", max_age: 0 } as const

function wellKnownOf(issuer: string): string {
  return `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`
}
