import { hkdfSync } from "node:crypto"
import { decode, encode } from "next-auth/jwt"
import { z } from "zod"
import { authCookies, readCookie } from "@/lib/access/sign-in/cookies"
import { hashTokenText } from "@/lib/access/tokens"
import type { Env } from "@/lib/env/env"

/** Why a browser is sent to the provider. */
export const purposes = ["sign-in", "connect", "prove"] as const
export type Purpose = (typeof purposes)[number]

/** What a browser that was sent to the provider wanted, kept in a cookie that only we can write. */
export interface Intent {
  readonly purpose: Purpose
  /** A path of this site. */
  readonly returnTo: string
  /** The hash of the session that started the flow; null for a sign-in. */
  readonly begunIn: string | null
  readonly begunAt: number
}

type IntentEnv = Pick<Env, "baseUrl" | "secret">

const lifetimeSeconds = 10 * 60

const content = z.object({
  purpose: z.enum(purposes),
  returnTo: z.string(),
  begunIn: z.string().nullable(),
  begunAt: z.number(),
  stateHash: z.string(),
})

/** Returns the cookie that keeps an intent, bound to the one response with this state. */
export async function intentCookie(intent: Intent, state: string, env: IntentEnv): Promise<string> {
  const token = { ...intent, stateHash: hashTokenText(state, "base64url") }
  const value = await encode({ token, secret: keyOf(env), maxAge: lifetimeSeconds })
  return cookieOf(value, lifetimeSeconds, env)
}

/** Returns the intent in the headers for a response with this state; null when it is missing, foreign or expired. */
export async function readIntent(
  headers: Headers,
  state: string | null,
  env: IntentEnv,
): Promise<Intent | null> {
  const token = readCookie(headers.get("cookie"), authCookies(env.baseUrl).intent.name)
  if (token === null || state === null) return null
  const read = content.safeParse(await decode({ token, secret: keyOf(env) }).catch(() => null))
  if (!read.success || read.data.stateHash !== hashTokenText(state, "base64url")) return null
  const { stateHash: _, ...intent } = read.data
  return intent
}

/** Returns cookies that delete everything by which a response of the provider could be used again. */
export function clearedFlowCookies(env: IntentEnv): readonly string[] {
  const { intent, state, nonce, pkceCodeVerifier } = authCookies(env.baseUrl)
  return [intent, state, nonce, pkceCodeVerifier].map(({ name }) => serialised(name, "", 0, env))
}

function cookieOf(value: string, maxAge: number, env: IntentEnv): string {
  return serialised(authCookies(env.baseUrl).intent.name, value, maxAge, env)
}

function serialised(name: string, value: string, maxAge: number, env: IntentEnv): string {
  const { path, secure } = authCookies(env.baseUrl).intent.options
  return `${name}=${value}; Path=${path}; Max-Age=${maxAge}; HttpOnly; SameSite=Lax${secure ? "; Secure" : ""}`
}

// A separate key: a session token is never accepted as an intent.
function keyOf({ secret }: IntentEnv): string {
  return Buffer.from(hkdfSync("sha256", secret, "", "auditorium sign-in intent v1", 32)).toString("base64")
}
