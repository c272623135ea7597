import { hkdfSync } from "node:crypto"
import { setTimeout as sleep } from "node:timers/promises"
import type { NextAuthOptions } from "next-auth"
import { decode } from "next-auth/jwt"
import CredentialsProvider from "next-auth/providers/credentials"
import { anonymous, principalOfSession } from "@/lib/access/principal"
import { authCookies, readCookie } from "@/lib/access/sign-in/cookies"
import { hashesAtOnce } from "@/lib/access/sign-in/password"
import { sessionLimits } from "@/lib/access/sign-in/sessions"
import type { Env } from "@/lib/env/env"
import { AppError } from "@/lib/errors"
import { callerOf } from "@/lib/http/caller"
import { refuseForeignOrigin } from "@/lib/http/origin"
import { problemResponse, statusOf, toAppError } from "@/lib/http/problem"
import { beginOpenId, finishOpenId } from "@/lib/http/sign-in/open-id/flow"
import { providerId } from "@/lib/http/sign-in/open-id/provider"
import { log } from "@/lib/log"
import { createGate } from "@/lib/memory/gate"
import { onePerProcess } from "@/lib/memory/one-per-process"
import { execute } from "@/lib/operations/core/execute"
import { createUserSession } from "@/lib/operations/sign-in/sign-in"
import { deleteUserSession } from "@/lib/operations/sign-in/sign-out"
import { platform } from "@/lib/platform"
import { callNextAuth } from "./next-auth"

/** The part of the environment that sign-in depends on. */
type AuthEnv = Pick<Env, "baseUrl" | "secret"> & Partial<Pick<Env, "openIdConnect">>

/** Carries a refusal past NextAuth, which knows only "error" and would lose its code and its waiting time. */
interface Refusal {
  error: AppError | null
}

interface AuthRouteContext {
  readonly params: Promise<{ readonly nextauth: string[] }>
}

// The time of a refusal must not reveal whether the person exists: every refusal takes at least this long, which is more
// than a verified hash and a recorded event need.
const refusalMs = 400

// NextAuth refuses a form without the token that it set as a cookie before.
const cookieWords =
  "Your browser did not send our cookie back. Allow cookies for this site, reload the page, and try again."

// A sign-in holds a database connection while it hashes, so no more of them run than hashes can.
const signIns = onePerProcess("gate.sign-ins", () => createGate({ running: hashesAtOnce, waiting: 64 }))

/** The endpoints that a browser needs for signing in and out; other actions of NextAuth are not offered. */
const offered: Readonly<Record<string, readonly string[]>> = {
  GET: ["csrf", "providers", "session"],
  POST: ["callback/credentials", "callback/e-mail-link", "signout"],
}

/** Offered when the environment configures an OpenID provider. */
const offeredWithProvider: Readonly<Record<string, typeof beginOpenId>> = {
  [`POST signin/${providerId}`]: beginOpenId,
  [`GET callback/${providerId}`]: finishOpenId,
}

/**
 * Responds to /api/auth/*: sign-in with email and password, with a mailed link or with an OpenID provider, sign-out, and
 * the requests of NextAuth's browser code.
 */
export async function handleAuth(
  request: Request,
  context: AuthRouteContext,
  env: AuthEnv = platform().env,
): Promise<Response> {
  const { nextauth } = await context.params
  const asked = nextauth.join("/")
  const settings = env.openIdConnect ?? null
  const throughProvider = settings && offeredWithProvider[`${request.method} ${asked}`]
  if (!throughProvider && !offered[request.method]?.includes(asked))
    return new Response(null, { status: 404 })
  const { requestId } = callerOf(request.headers)
  const refusal: Refusal = { error: null }
  try {
    if (request.method === "POST") refuseForeignOrigin(request.headers, env.baseUrl)
    const options = optionsFor(request.headers, env, refusal)
    if (throughProvider) {
      const sessionId = await sessionIdOf(request.headers, env)
      return await throughProvider(request, { env, settings, options, sessionId, cookieWords })
    }
    const response = await callNextAuth(request, nextauth, options)
    if (nextauth[0] === "callback") return answerSignIn(response, refusal.error, env)
    if (refusal.error !== null) throw refusal.error
    return response
  } catch (error) {
    return problemResponse(toAppError(error), requestId)
  }
}

/** Returns the id of the session whose valid, unexpired cookie is in the headers, else null. Does not query the database. */
export async function sessionIdOf(headers: Headers, env: AuthEnv = platform().env): Promise<string | null> {
  const token = readCookie(headers.get("cookie"), authCookies(env.baseUrl).sessionToken.name)
  if (token === null) return null
  const content = await decode({ token, secret: tokenSecret(env) }).catch(() => null)
  return typeof content?.sid === "string" ? content.sid : null
}

/** Returns the cookie that deletes the session cookie. */
export function clearedSessionCookie(env: AuthEnv = platform().env) {
  const { name, options } = authCookies(env.baseUrl).sessionToken
  return { name, value: "", ...options, maxAge: 0 }
}

function optionsFor(headers: Headers, env: AuthEnv, refusal: Refusal): NextAuthOptions {
  return {
    secret: tokenSecret(env),
    session: { strategy: "jwt", maxAge: sessionLimits.absoluteMs / 1000 },
    cookies: authCookies(env.baseUrl),
    pages: { signIn: "/sign-in" },
    providers: [
      CredentialsProvider({
        credentials: { email: { type: "email" }, password: { type: "password" } },
        authorize: credentials =>
          authorize(headers, env, refusal, {
            email: credentials?.email ?? "",
            password: credentials?.password ?? "",
          }),
      }),
      CredentialsProvider({
        id: "e-mail-link",
        credentials: { token: { type: "text" } },
        authorize: credentials => authorize(headers, env, refusal, { token: credentials?.token ?? "" }),
      }),
    ],
    callbacks: {
      // NextAuth would add name, email and picture; the token carries only the session id.
      jwt: ({ token, user }) => ({ sid: user ? user.id : token.sid }),
      // Scripts in the browser learn that there is a session, not which one.
      session: ({ session }) => ({ expires: session.expires }),
      redirect: ({ url }) => ownAddress(url, env.baseUrl),
    },
    events: {
      signOut: async ({ token }) => {
        try {
          if (typeof token?.sid === "string") await signOut(headers, token.sid)
        } catch (error) {
          refusal.error = toAppError(error)
          log.error("sign_out.failed", { error })
        }
      },
    },
    logger: {
      error: (code, metadata) => log.error("next_auth", { code, metadata }),
      // One warns that NEXTAUTH_URL is not set: urls come from BASE_URL through the options above.
      warn: code => log.debug("next_auth", { code }),
      debug: () => {},
    },
  }
}

/** The credentials of a sign-in. */
type Proof = { readonly email: string; readonly password: string } | { readonly token: string }

/** Returns a user for NextAuth. Stores a refusal in `refusal`, because NextAuth keeps only its message. */
async function authorize(
  headers: Headers,
  env: AuthEnv,
  refusal: Refusal,
  proof: Proof,
): Promise<{ id: string }> {
  try {
    return await signIn(headers, env, proof)
  } catch (error) {
    refusal.error = toAppError(error)
    if (refusal.error.code === "internal") log.error("sign_in.failed", { error })
    throw new Error(refusal.error.message)
  }
}

/** Returns a user for NextAuth, reduced to the id of the new session. Throws AppError when refused. */
async function signIn(headers: Headers, env: AuthEnv, proof: Proof): Promise<{ id: string }> {
  const { requestId, source } = callerOf(headers)
  const previousSessionId = await sessionIdOf(headers, env)
  let startedAtMs = performance.now()
  try {
    return await signIns().run(async () => {
      startedAtMs = performance.now()
      const caller = { principal: anonymous, source, requestId, at: new Date() }
      const input = { ...proof, ...(previousSessionId !== null && { previousSessionId }) }
      return { id: (await execute(createUserSession, caller, input)).sessionId }
    })
  } catch (error) {
    await sleep(Math.max(0, startedAtMs + refusalMs - performance.now()))
    throw error
  }
}

async function signOut(headers: Headers, sessionId: string): Promise<void> {
  const { requestId, source } = callerOf(headers)
  const at = new Date()
  const principal = await principalOfSession(sessionId, null, { database: platform().database, at })
  if (principal.kind === "person") await execute(deleteUserSession, { principal, source, requestId, at }, {})
}

// NextAuth's browser code reads the message of a refusal from the `url` in the response; other clients read the status.
function answerSignIn(response: Response, refused: AppError | null, env: AuthEnv): Response {
  const { name } = authCookies(env.baseUrl).sessionToken
  const isSignedIn = response.headers.getSetCookie().some(cookie => cookie.startsWith(`${name}=`))
  if (isSignedIn && refused === null) return response
  const error = refused ?? new AppError("forbidden", cookieWords)
  const headers = new Headers({ "cache-control": "no-store" })
  for (const cookie of response.headers.getSetCookie()) headers.append("set-cookie", cookie)
  if (error.retryAfterSeconds !== undefined) headers.set("retry-after", String(error.retryAfterSeconds))
  const url = `${env.baseUrl}/sign-in?error=${encodeURIComponent(error.message)}`
  return Response.json({ url }, { status: statusOf(error.code), headers })
}

/** Returns the url if it is on this site, else the start page. */
function ownAddress(url: string, baseUrl: string): string {
  const address = URL.canParse(url, baseUrl) ? new URL(url, baseUrl) : null
  return address?.origin === baseUrl ? address.href : baseUrl
}

// A separate key for each purpose, so that a token of one kind is never accepted as another.
function tokenSecret({ secret }: AuthEnv): string {
  return Buffer.from(hkdfSync("sha256", secret, "", "auditorium session token v1", 32)).toString("base64")
}
