import type { OAuthConfig } from "next-auth/providers/oauth"
import { z } from "zod"
import type { OpenIdConnectSettings } from "@/lib/env/env"
import { AppError } from "@/lib/errors"
import { log } from "@/lib/log"
import type { Claims } from "./claims"
import type { Purpose } from "./intent"

/** The provider's name in urls. */
export const providerId = "openid-connect"

const patienceMs = 10_000

/** The parts of the provider's configuration that are checked before anybody is sent there. */
export interface Discovered {
  readonly scopes: readonly string[]
}

const configuration = z.object({ issuer: z.string(), scopes_supported: z.array(z.string()).catch([]) })

/**
 * Returns the configuration of the provider. Throws AppError `unavailable` when it cannot be reached, or states another
 * issuer than the environment: then it is not the intended one.
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

/** Returns the provider for NextAuth: code flow with PKCE, state and nonce, and a verified id token. */
export function openIdProvider(
  { issuer, clientId, clientSecret, name, groupsClaim }: OpenIdConnectSettings,
  { purpose, baseUrl, scopes }: Asked,
): OAuthConfig<Claims> {
  const redirectUri = `${baseUrl}/api/auth/callback/${providerId}`
  const scope = ["openid", "email", "profile"]
  // Some providers return groups only for a scope with the same name; others refuse an unknown scope.
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
    // NextAuth would derive it from its own environment variable or the request; it comes from BASE_URL.
    client: { redirect_uris: [redirectUri] },
    httpOptions: { timeout: patienceMs },
    token: {
      request: async ({ client, params, checks }) => {
        // openid-client compares the token with the issuer in the configuration, which must be the intended one.
        if (client.issuer.metadata.issuer !== issuer) throw new Error("The provider calls itself otherwise.")
        const tokens = await client.callback(redirectUri, params, checks)
        claims = tokens.claims()
        const isWhole =
          "email" in claims && "email_verified" in claims && (groupsClaim === null || groupsClaim in claims)
        // Signed claims take precedence.
        if (!isWhole && client.issuer.metadata.userinfo_endpoint !== undefined)
          claims = { ...(await client.userinfo(tokens)), ...claims }
        return { tokens }
      },
    },
    userinfo: { request: async () => claims },
    profile: ({ sub }) => ({ id: String(sub) }),
  }
}

// Asks for credentials even when somebody is signed in there.
const proof = { prompt: "login", max_age: 0 } as const

function wellKnownOf(issuer: string): string {
  return `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`
}
