import { randomBytes } from "node:crypto"
import { z } from "zod"
import { type AttemptLimit, addressSubject } from "@/lib/access/sign-in/attempts"
import { carryPath } from "@/lib/access/sign-in/carried-path"
import { createLink, type LinkKind } from "@/lib/access/sign-in/links"
import { isOwnPath } from "@/lib/access/sign-in/own-path"
import { newId } from "@/lib/audit/ids"
import { AppError } from "@/lib/errors"
import { log } from "@/lib/log"
import type { MailMessage, MailPurpose } from "@/lib/mail/message"
import { type LinkMail, passwordResetMail, signInLinkMail } from "@/lib/mail/messages/sign-in"
import { enqueueMail } from "@/lib/mail/queue"
import {
  type About,
  type Done,
  OperationFailure,
  operation,
  type WriteContext,
} from "@/lib/operations/core/operation"
import { type Account, emailInput, findCredentials, personAbout } from "./credentials"
import { tooManyWords } from "./sign-in"

/** Limits of mails with links that anybody can request: per account and, apart from that, per ip. */
const mailRequests = {
  account: { kind: "mail-request-account", most: 5, spanSeconds: 60 * 60 },
  address: { kind: "mail-request-address", most: 30, spanSeconds: 60 * 60 },
} satisfies Record<string, AttemptLimit>

/**
 * Mails a sign-in link to the owner of the email. The response is the same for an unknown one, and the mail is sent
 * after the response.
 */
export const requestSignInLink = operation({
  name: "sign_in_link.request",
  summary: "Mails a link that signs in, if somebody has the e-mail address.",
  permission: "public",
  effect: "write",
  input: z.strictObject({
    email: emailInput,
    /** The page to continue with after signing in. */
    returnTo: z.string().max(8_192).refine(isOwnPath, "Give a path on this site.").optional(),
  }),
  run: (context, { email, returnTo }) =>
    request(context, {
      email,
      kind: "sign-in-by-mail",
      purpose: "sign-in-link",
      path: "/sign-in/e-mail",
      more: returnTo === undefined || returnTo === "/" ? {} : { return: carryPath(returnTo) },
      write: signInLinkMail,
      words: "A sign-in link was mailed to",
    }),
})

/** Mails a link for a new password to the owner of the email, under the same rules. */
export const requestPasswordReset = operation({
  name: "user_password.request_reset",
  summary: "Mails a link that sets a new password, if somebody has the e-mail address.",
  permission: "public",
  effect: "write",
  input: z.strictObject({ email: emailInput }),
  run: (context, { email }) =>
    request(context, {
      email,
      kind: "password-by-mail",
      purpose: "password-reset",
      path: "/sign-in/link",
      more: { for: "reset" },
      write: passwordResetMail,
      words: "A link that sets a new password was mailed to",
    }),
})

interface MailedLink {
  readonly email: string
  readonly kind: LinkKind
  readonly purpose: MailPurpose
  readonly path: string
  /** The parameters of the url besides the token. */
  readonly more: Readonly<Record<string, string>>
  readonly write: (mail: LinkMail) => MailMessage
  /** The sentence of the event, up to the name. */
  readonly words: string
}

/** The answer is the same whether or not somebody has the email. */
async function request(context: WriteContext<"public">, asked: MailedLink): Promise<Done<null>> {
  const { prisma, caller, env } = context
  const { at } = caller
  const account = (await findCredentials(prisma, { email: asked.email }))?.account ?? null
  await countRequest(context, asked.email, account)
  if (!account || account.organizationIds.length === 0) {
    log.info("mail_link.unrecorded", {
      email: asked.email,
      purpose: asked.purpose,
      ip: caller.source?.ip,
      requestId: caller.requestId,
    })
  }
  const done = { value: null, event: requestAbout(account, asked.words) }
  if (!account) return done
  const link = { kind: asked.kind, id: newId(at.getTime()), personId: account.id, at, random: randomBytes }
  const { token, expiresAt } = await createLink(prisma, link)
  const url = new URL(asked.path, env.baseUrl)
  url.search = new URLSearchParams({ token, ...asked.more }).toString()
  const message = asked.write({ name: account.name, url: url.href, expiresAt })
  await enqueueMail(prisma, { purpose: asked.purpose, recipient: account.email, message, at })
  return done
}

// Counted outside the transaction, whether or not the email is known: the limit does not reveal that either.
async function countRequest(
  { caller: { at, source }, attempts }: WriteContext<"public">,
  email: string,
  account: Account | null,
): Promise<void> {
  const subjects: (readonly [AttemptLimit, string])[] = [[mailRequests.account, email]]
  if (source?.ip) subjects.push([mailRequests.address, addressSubject(source.ip)])
  const counted: (readonly [AttemptLimit, string])[] = []
  for (const [limit, subject] of subjects) {
    const answer = await attempts.count(limit, { subject, at })
    if (!answer.allowed) {
      for (const [before, whose] of counted) await attempts.withdraw(before, { subject: whose, at })
      throw tooManyRequests(account, answer.retryAfterSeconds)
    }
    counted.push([limit, subject])
  }
}

function tooManyRequests(account: Account | null, retryAfterSeconds: number): AppError {
  const words = tooManyWords(retryAfterSeconds)
  if (!account) return new AppError("rate-limited", words, { retryAfterSeconds })
  return new OperationFailure("rate-limited", words, {
    about: {
      ...requestAbout(account, "Too many mails were asked for in the name of"),
      metadata: { owasp: "excess_rate_limit_exceeded" },
    },
    status: "denied",
    retryAfterSeconds,
  })
}

// A request proves nothing, so the log does not name the caller.
function requestAbout(account: Account | null, words: string): About {
  if (!account) return { targets: [], organizationIds: [] }
  const { targets, organizationIds } = personAbout(account)
  return { targets, organizationIds, description: `${words} ${account.name}.` }
}
