import { randomBytes } from "node:crypto"
import { z } from "zod"
import { type AttemptLimit, addressSubject, badSignIns, forgetAttempts } from "@/lib/access/sign-in/attempts"
import { createLink, redeemLink, voidLinks } from "@/lib/access/sign-in/links"
import { hashPassword, passwordFaults, verifyPassword } from "@/lib/access/sign-in/password"
import { revokeSessionsOf } from "@/lib/access/sign-in/sessions"
import { newId } from "@/lib/audit/ids"
import { AppError } from "@/lib/errors"
import { log } from "@/lib/log"
import {
  type Caller,
  type Context,
  OperationFailure,
  operation,
  type Requirement,
  type Work,
  type WriteContext,
} from "@/lib/operations/core/operation"
import {
  type Account,
  emailInput,
  findCredentials,
  nameInput,
  passwordHashToKeep,
  personAbout,
} from "./credentials"
import { beginSession } from "./new-session"
import { sendPasswordNotice } from "./password-notice"

const wrongWords = "The e-mail address or the password is wrong."

/** The previous session of this browser, which ends, so that no session outlives a sign-in. */
const previousSessionId = z.string().max(100).optional()

/**
 * Signs a person in, with email and password or with the token of a mailed link. Returns the id of a new session, for
 * the cookie only. An unknown email, a person without a password and a wrong password give the same error after the
 * same work; so do all links that cannot be used.
 */
export const createUserSession = operation({
  name: "user_session.create",
  summary: "Signs in with e-mail address and password, or with a link that was mailed.",
  permission: "public",
  effect: "write",
  input: z.union([
    z.strictObject({ email: z.string().max(320), password: z.string().max(1_000), previousSessionId }),
    z.strictObject({ token: z.string().max(200), previousSessionId }),
  ]),
  run: async (context, input) => {
    const byLink = "token" in input
    const account = byLink
      ? await accountOfLink(context, input.token)
      : await accountOfPassword(context, input)
    const method = byLink ? "sign-in-link" : "password"
    return beginSession(context, { account, method, previousSessionId: input.previousSessionId })
  },
})

/** Creates a one-time link by which a person sets a password. Older links of the person stop working. For jobs only. */
export const createSignInLink = operation({
  name: "sign_in_link.create",
  summary: "Makes a one-time link by which a person sets a password.",
  permission: "MEMBER-MANAGEMENT",
  effect: "write",
  input: z.strictObject({ email: emailInput }),
  run: async ({ caller, prisma }, { email }) => {
    // The holder of the link can take over the account in every organization, so no member of one may create it.
    if (caller.principal.kind !== "job") {
      throw new AppError("forbidden", "One-time links are made with the admin command.")
    }
    const account = (await findCredentials(prisma, { email }))?.account
    if (!account) throw new AppError("not-found", `Nobody has the e-mail address ${email}.`)
    const id = newId(caller.at.getTime())
    const of = { id, personId: account.id, at: caller.at, random: randomBytes }
    const link = await createLink(prisma, { kind: "password-by-hand", ...of })
    return {
      value: link,
      event: {
        targets: personAbout(account).targets,
        organizationIds: account.organizationIds,
        description: `A one-time sign-in link was created for ${account.name}.`,
        metadata: { expiresAt: link.expiresAt.toISOString() },
      },
    }
  },
})

/** Sets a password by a one-time link, and ends every session of the person. The link works once. */
export const redeemSignInLink = operation({
  name: "sign_in_link.redeem",
  summary: "Sets a password by a one-time link.",
  permission: "public",
  effect: "write",
  input: z.strictObject({
    token: z.string().max(200),
    password: z.string().max(1_000),
    name: nameInput.optional(),
  }),
  run: async ({ caller, prisma }, { token, password, name }) => {
    const { at } = caller
    const personId = await redeemLink(prisma, { token, purpose: "password", at })
    const credentials = personId === null ? null : await findCredentials(prisma, { id: personId })
    if (!credentials) throw uselessLink(caller)
    const { account: found, passwordHash: present } = credentials
    const faults = await passwordFaults(password, found.email)
    if (faults.length > 0) throw unfitPassword("/password", faults)
    const account = { ...found, name: name ?? found.name }
    await prisma.person.update({
      where: { id: account.id },
      data: { passwordHash: await hashPassword(password), name: account.name },
    })
    await voidLinks(prisma, { personId: account.id, at })
    await forgetAttempts(prisma, badSignIns.account, account.email)
    const endedSessions = await revokeSessionsOf(prisma, account.id, { at })
    // A first password changes nothing that anybody could have relied on.
    if (present !== null) await sendPasswordNotice(prisma, account, at)
    return {
      value: { email: account.email, endedSessions },
      event: {
        ...personAbout(account),
        description: `${account.name} set a password by a one-time link.`,
        changes:
          account.name === found.name ? [] : [{ path: "/name", before: found.name, after: account.name }],
        metadata: { owasp: "authn_password_change", endedSessions },
      },
    }
  },
})

async function accountOfPassword(
  context: WriteContext<"public">,
  { email, password }: { readonly email: string; readonly password: string },
): Promise<Account> {
  const { prisma, caller } = context
  const found = await findCredentials(prisma, { email })
  const account = found?.account ?? null
  const attempts = await countSignIn(context, email)
  if (!attempts.allowed) throw tooMany(caller, account, attempts.retryAfterSeconds)
  if (!(await verifyPassword(found?.passwordHash ?? null, password)) || !account) {
    throw refused(caller, account, email)
  }
  // An earlier change of the password counts; a concurrent one waits, and ends the session that begins here.
  if ((await passwordHashToKeep(prisma, account.id)) !== found?.passwordHash) {
    throw refused(caller, account, email)
  }
  await attempts.withdraw()
  return account
}

// Other links that were requested meanwhile stop working: one sign-in, one link.
async function accountOfLink({ prisma, caller }: Work<"public">, token: string): Promise<Account> {
  const { at } = caller
  const personId = await redeemLink(prisma, { token, purpose: "sign-in", at })
  const found = personId === null ? null : await findCredentials(prisma, { id: personId })
  if (!found) throw uselessLink(caller)
  await voidLinks(prisma, { personId: found.account.id, at, purpose: "sign-in" })
  return found.account
}

/** Returns the AppError `invalid` for a new password that breaks the rules, with the faults at its field. */
export function unfitPassword(pointer: string, faults: readonly string[]): AppError {
  return new AppError("invalid", "Choose another password.", {
    faults: faults.map(message => ({ pointer, message })),
  })
}

/**
 * Counts an attempt to authenticate, per account and per ip. Counted outside the operation's transaction, because a
 * failure rolls that back.
 */
export async function countSignIn(
  { caller: { at, source }, attempts }: Pick<Context<Requirement>, "caller" | "attempts">,
  email: string,
) {
  const counted: (readonly [AttemptLimit, string])[] = []
  const withdraw = async () => {
    for (const [limit, subject] of counted) await attempts.withdraw(limit, { subject, at })
  }
  const subjects: (readonly [AttemptLimit, string])[] = [[badSignIns.account, normalised(email)]]
  if (source?.ip) subjects.push([badSignIns.address, addressSubject(source.ip)])
  for (const [limit, subject] of subjects) {
    const answer = await attempts.count(limit, { subject, at })
    if (!answer.allowed) {
      await withdraw()
      return { allowed: false as const, retryAfterSeconds: answer.retryAfterSeconds }
    }
    counted.push([limit, subject])
  }
  return { allowed: true as const, withdraw }
}

/** Returns the message for a caller who tried too often. */
export function tooManyWords(retryAfterSeconds: number): string {
  const minutes = Math.ceil(retryAfterSeconds / 60)
  const time =
    retryAfterSeconds < 60
      ? `${retryAfterSeconds} seconds`
      : `${minutes} ${minutes === 1 ? "minute" : "minutes"}`
  return `Too many attempts. Try again in ${time}.`
}

function refused(caller: Caller, account: Account | null, email: string): AppError {
  logUnseen("authn_login_fail", caller, { account, email })
  if (!account) return new AppError("unauthenticated", wrongWords)
  return new OperationFailure("unauthenticated", wrongWords, {
    about: {
      ...personAbout(account),
      description: `Signing in as ${account.name} failed: the password was wrong.`,
      metadata: { owasp: "authn_login_fail" },
    },
  })
}

function tooMany(caller: Caller, account: Account | null, retryAfterSeconds: number): AppError {
  const words = tooManyWords(retryAfterSeconds)
  logUnseen("authn_login_fail_max", caller, { account })
  if (!account) return new AppError("rate-limited", words, { retryAfterSeconds })
  return new OperationFailure("rate-limited", words, {
    about: {
      ...personAbout(account),
      description: `Signing in as ${account.name} was refused: too many attempts.`,
      metadata: { owasp: "authn_login_fail_max" },
    },
    status: "denied",
    retryAfterSeconds,
  })
}

function uselessLink(caller: Caller): AppError {
  log.info("sign_in_link.redeem_failed", { ip: caller.source?.ip, requestId: caller.requestId })
  return new AppError(
    "invalid",
    "This link cannot be used: it is wrong, too old, used already, or replaced by a newer one. Ask for a new one.",
    { faults: [{ pointer: "/token", message: "Ask for a new link." }] },
  )
}

// What no organization's log can hold goes to the server log. People type passwords into the wrong field, so only
// text that looks like an email is repeated.
function logUnseen(
  name: string,
  { source, requestId }: Caller,
  { account, email }: { readonly account: Account | null; readonly email?: string },
): void {
  if (account && account.organizationIds.length > 0) return
  const shown = email !== undefined && /^\S+@\S+$/.test(email) ? email : undefined
  log.info(name, { email: shown, ip: source?.ip, requestId })
}

function normalised(email: string): string {
  return email.trim().toLowerCase()
}
