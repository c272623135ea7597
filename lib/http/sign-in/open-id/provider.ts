import type { OAuthConfig } from "next-auth/providers/oauth"
import { z } from "zod"
import type { OpenIdConnectSettings } from "@/lib/env/env"
import { AppError } from "@/lib/errors"
import { log } from "@/lib/log"
import { guardedAgent } from "@/lib/outbound/agent"
import type { OutboundAllow } from "@/lib/outbound/allow"
import { outbound } from "@/lib/outbound/guard"
import type { Outbound } from "@/lib/outbound/outbound"
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
 * Returns the way out to the provider. The host of the issuer is allowed, as the operator has configured it; other hosts that the
 * provider names are held to OUTBOUND_ALLOW.
 */
export function wayToProvider({ issuer }: OpenIdConnectSettings, allow: OutboundAllow): Outbound {
  return outbound({ allow, operatorHosts: [{ host: new URL(issuer).hostname, port: portOf(issuer) }] })
}

/**
 * Returns the configuration of the provider. Throws AppError `unavailable` when it cannot be reached, or states another
 * issuer than the environment: then it is not the intended one.
 */
export async function discover({ issuer }: OpenIdConnectSettings, way: Outbound): Promise<Discovered> {
  try {
    const answer = await way.request({ url: wellKnownOf(issuer), method: "GET", timeoutMs: patienceMs })
    const found = configuration.parse(JSON.parse(new TextDecoder().decode(answer.body)))
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
  readonly way: Outbound
  readonly purpose: Purpose
  readonly baseUrl: string
  readonly scopes: readonly string[]
}

/** Returns the provider for NextAuth: code flow with PKCE, state and nonce, and a verified id token. */
export function openIdProvider(
  { issuer, clientId, clientSecret, name, groupsClaim }: OpenIdConnectSettings,
  { way, purpose, baseUrl, scopes }: Asked,
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
    httpOptions: {
      timeout: patienceMs,
      agent: guardedAgent(way, { defaultPort: standardPort(issuer), timeoutMs: patienceMs }),
    },
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

function portOf(issuer: string): number {
  const { port } = new URL(issuer)
  return port === "" ? standardPort(issuer) : Number(port)
}

function standardPort(issuer: string): number {
  return issuer.startsWith("https:") ? 443 : 80
}

function wellKnownOf(issuer: string): string {
  return `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`
}
