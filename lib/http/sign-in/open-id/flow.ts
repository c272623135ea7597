import type { NextAuthOptions } from "next-auth"
import { principalOfSession } from "@/lib/access/principal"
import type { Env, OpenIdConnectSettings } from "@/lib/env/env"
import { AppError } from "@/lib/errors"
import { callerOf } from "@/lib/http/caller"
import { toAppError } from "@/lib/http/problem"
import { carryPath, isOwnPath } from "@/lib/http/return-path"
import { callNextAuth, readForm } from "@/lib/http/sign-in/next-auth"
import { log } from "@/lib/log"
import { createGate } from "@/lib/memory/gate"
import { onePerProcess } from "@/lib/memory/one-per-process"
import { execute } from "@/lib/operations/core/execute"
import type { Caller } from "@/lib/operations/core/operation"
import { createUserSessionByIdentity } from "@/lib/operations/sign-in/identity"
import { beginIdentity, connectIdentity, proveByIdentity } from "@/lib/operations/sign-in/identity-own"
import { IdentityRefusal, type IdentityRefusalReason } from "@/lib/operations/sign-in/identity-refusals"
import { platform } from "@/lib/platform"
import { type Claims, readClaims } from "./claims"
import { clearedFlowCookies, type Intent, intentCookie, type Purpose, purposes, readIntent } from "./intent"
import { discover, openIdProvider, providerId, wayToProvider } from "./provider"

/** What a flow through the provider depends on, and what it needs from the sign-in around it. */
export interface OpenIdContext {
  readonly env: Pick<Env, "baseUrl" | "secret">
  readonly settings: OpenIdConnectSettings
  /** NextAuth's options without this provider. */
  readonly options: NextAuthOptions
  /** The session of the request. */
  readonly sessionId: string | null
  /** The reason when the browser sent no cookie back. */
  readonly cookieWords: string
}

/** The outcome of the provider's response: a new session, an action in the current one, or a refusal. */
interface Outcome {
  sessionId: string | null
  done: boolean
  refused: IdentityRefusalReason | null
}

// Every start of a flow sends a request to the provider, so a flood of them must be limited.
const beginnings = onePerProcess("gate.open-id-beginnings", () => createGate({ running: 8, waiting: 64 }))

/** Returns a response with the url to send the browser to, as `{url}`, and the cookies that identify its return. */
export async function beginOpenId(request: Request, context: OpenIdContext): Promise<Response> {
  const { env, settings, options } = context
  const form = await readForm(request)
  const intent = await intentOf(request, form, context)
  return beginnings().run(async () => {
    const way = wayToProvider(settings, platform().env.outboundAllow)
    const { scopes } = await discover(settings, way)
    const provider = openIdProvider(settings, { way, purpose: intent.purpose, baseUrl: env.baseUrl, scopes })
    const given = { query: {}, form: { csrfToken: form.csrfToken ?? "", json: "true" } }
    const response = await callNextAuth(
      request,
      ["signin", providerId],
      { ...options, providers: [...options.providers, provider] },
      given,
    )
    const url = new URL(String(Object(await response.json()).url))
    const state = url.searchParams.get("state")
    if (url.searchParams.has("csrf")) throw new AppError("forbidden", context.cookieWords)
    if (state === null) {
      throw new AppError("unavailable", "The identity provider cannot be reached.", { retryAfterSeconds: 30 })
    }
    const headers = new Headers({ "cache-control": "no-store" })
    for (const cookie of response.headers.getSetCookie()) headers.append("set-cookie", cookie)
    headers.append("set-cookie", await intentCookie(intent, state, env))
    return Response.json({ url: url.href }, { headers })
  })
}

/**
 * Returns the redirect after the browser came back from the provider: to its original target, or to the page that shows the
 * refusal.
 */
export async function finishOpenId(request: Request, context: OpenIdContext): Promise<Response> {
  const { env } = context
  const query = new URL(request.url).searchParams
  const intent = await readIntent(request.headers, query.get("state"), env)
  if (intent === null) return leave(env, refusalPage(null, "expired"), [])
  // The person cancelled; every other error of the provider is a failure.
  if (query.get("error") === "access_denied") return leave(env, refusalPage(intent, "cancelled"), [])
  const outcome: Outcome = { sessionId: null, done: false, refused: null }
  const cookies = await answered(request, context, { intent, outcome })
  if (outcome.refused !== null) return leave(env, refusalPage(intent, outcome.refused), [])
  if (!outcome.done) return leave(env, refusalPage(intent, "failed"), [])
  return leave(env, intent.returnTo, outcome.sessionId === null ? [] : cookies)
}

interface Answer {
  readonly intent: Intent
  readonly outcome: Outcome
}

/** Lets NextAuth verify the response and act on it. Returns the cookies that it sets. */
async function answered(
  request: Request,
  context: OpenIdContext,
  { intent, outcome }: Answer,
): Promise<readonly string[]> {
  const { env, settings, options } = context
  const way = wayToProvider(settings, platform().env.outboundAllow)
  const asked = { way, purpose: intent.purpose, baseUrl: env.baseUrl, scopes: [] }
  const provider = openIdProvider(settings, asked)
  const response = await callNextAuth(request, ["callback", providerId], {
    ...options,
    providers: [...options.providers, provider],
    callbacks: {
      ...options.callbacks,
      signIn: async ({ profile }) => {
        await act(request, context, { intent, outcome, claims: { ...profile } })
        // Only a sign-in creates a new session; otherwise NextAuth redirects without one.
        return outcome.sessionId === null ? "/" : true
      },
      jwt: () => ({ sid: outcome.sessionId }),
    },
  })
  return response.headers.getSetCookie()
}

async function act(
  request: Request,
  context: OpenIdContext,
  { intent, outcome, claims }: Answer & { readonly claims: Claims },
): Promise<void> {
  try {
    outcome.sessionId = await perform(request, context, { intent, claims })
    outcome.done = true
  } catch (error) {
    outcome.refused = reasonOf(error)
  }
}

/** Returns the id of the new session of a sign-in, null for an action in the current one. */
async function perform(
  { headers }: Request,
  { settings, sessionId }: OpenIdContext,
  { intent, claims }: { readonly intent: Intent; readonly claims: Claims },
): Promise<string | null> {
  const { identity, authTime, issuedAt } = readClaims(claims, settings)
  const allowedDomains = [...settings.allowedDomains]
  const caller = await callerFrom(headers, intent.purpose === "sign-in" ? null : sessionId)
  if (intent.purpose === "sign-in") {
    const previous = sessionId === null ? {} : { previousSessionId: sessionId }
    const input = { identity, allowedDomains, authTime, ...previous }
    return (await execute(createUserSessionByIdentity, caller, input)).sessionId
  }
  const begunIn = intent.begunIn ?? ""
  if (intent.purpose === "connect") {
    await execute(connectIdentity, caller, { identity, allowedDomains, begunIn })
  } else {
    const { begunAt } = intent
    await execute(proveByIdentity, caller, { identity, authTime, issuedAt, begunAt, begunIn })
  }
  return null
}

async function intentOf(
  { headers }: Request,
  form: Readonly<Record<string, string>>,
  { sessionId }: OpenIdContext,
): Promise<Intent> {
  const purpose: Purpose = purposes.find(known => known === form.purpose) ?? "sign-in"
  const returnTo = form.return !== undefined && isOwnPath(form.return) ? withinCookie(form.return) : "/"
  const begun = { purpose, returnTo, begunAt: Date.now() }
  if (purpose === "sign-in") return { ...begun, begunIn: null }
  const caller = await callerFrom(headers, sessionId)
  const { sessionHash } = await execute(beginIdentity, caller, { purpose })
  return { ...begun, begunIn: sessionHash }
}

// Browsers drop a cookie of more than 4 KiB, and with it the whole sign-in. Our own pages keep a long path in the browser.
function withinCookie(path: string): string {
  return path.length <= 2_000 ? path : (path.slice(0, 2_000).split("?", 1)[0] ?? "/")
}

async function callerFrom(headers: Headers, sessionId: string | null): Promise<Caller> {
  const { requestId, source } = callerOf(headers)
  const at = new Date()
  const principal = await principalOfSession(sessionId, null, { database: platform().database, at })
  return { principal, source, requestId, at }
}

function reasonOf(error: unknown): IdentityRefusalReason {
  if (error instanceof IdentityRefusal) return error.reason
  const { code } = toAppError(error)
  if (code === "proof-required") return "proof"
  if (code === "unauthenticated") return "session"
  log.error("open_id.failed", { error })
  return "failed"
}

function refusalPage(intent: Intent | null, reason: IdentityRefusalReason): string {
  if (intent !== null && intent.purpose !== "sign-in") return `/account?refused=${reason}`
  const back =
    intent === null || intent.returnTo === "/"
      ? ""
      : `&return=${encodeURIComponent(carryPath(intent.returnTo))}`
  return `/sign-in?refused=${reason}${back}`
}

function leave(env: OpenIdContext["env"], path: string, cookies: readonly string[]): Response {
  const headers = new Headers({
    location: `${env.baseUrl}${path}`,
    "cache-control": "no-store",
    // The url of the response contains a code.
    "referrer-policy": "no-referrer",
  })
  const cleared = clearedFlowCookies(env)
  const names = cleared.map(cookie => cookie.slice(0, cookie.indexOf("=") + 1))
  const kept = cookies.filter(cookie => !names.some(name => cookie.startsWith(name)))
  for (const cookie of [...kept, ...cleared]) headers.append("set-cookie", cookie)
  return new Response(null, { status: 302, headers })
}
