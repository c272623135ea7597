import { z } from "zod"
import { openInvitations } from "@/lib/access/invitations"
import { createIdentity, findIdentity, touchIdentity } from "@/lib/access/sign-in/identities"
import { voidLinks } from "@/lib/access/sign-in/links"
import { lockPerson } from "@/lib/access/sign-in/person-lock"
import { newId } from "@/lib/audit/ids"
import type { PrismaTransaction } from "@/lib/database/database"
import { AppError } from "@/lib/errors"
import { log } from "@/lib/log"
import { type Caller, operation, type Work } from "@/lib/operations/core/operation"
import { type Account, findCredentials, nameInput, personAbout } from "./credentials"
import { syncClaimedGroups } from "./identity-groups"
import { IdentityRefusal, type IdentityRefusalReason } from "./identity-refusals"
import { beginSession } from "./new-session"

/** The claims of an OpenID provider; the caller has verified its signature. */
export const identityInput = z.strictObject({
  issuer: z.string().min(1).max(500),
  subject: z.string().min(1).max(255),
  email: z.string().trim().toLowerCase().max(254).nullable(),
  emailVerified: z.boolean(),
  name: z.string().max(1_000).nullable(),
  /** The values of the groups claim; null when groups do not come from the provider. */
  groups: z.array(z.string().max(500)).max(1_000).nullable(),
})

/** Email domains that the provider may vouch for; empty = all. */
export const allowedDomainsInput = z.array(z.string())

/** When the person signed in at the provider, in seconds since 1970; null when it does not say. */
export const authTimeInput = z.number().nullable()

export type VouchedIdentity = z.infer<typeof identityInput>

interface Recognised {
  readonly account: Account
  readonly how: "known" | "connected" | "created"
  /** The organizations whose logs get the sign-in; for a new person those that have invited them. */
  readonly organizationIds: readonly string[]
}

/**
 * Signs in the person of these claims. Returns the id of a new session, for the cookie only. An email alone leads
 * only to a person who never had another way to sign in, and creates a person only where one was invited.
 */
export const createUserSessionByIdentity = operation({
  name: "identity.sign_in",
  eventName: "user_session.create",
  summary: "Signs in with what an OpenID provider vouches for.",
  permission: "public",
  effect: "write",
  input: z.strictObject({
    identity: identityInput,
    allowedDomains: allowedDomainsInput,
    authTime: authTimeInput,
    /** The previous session of this browser, which ends, so that no session outlives a sign-in. */
    previousSessionId: z.string().max(100).optional(),
  }),
  run: async (context, { identity, allowedDomains, authTime, previousSessionId }) => {
    const { at } = context.caller
    const recognised = await recognise(context, identity, allowedDomains)
    const { account } = recognised
    if (identity.groups !== null) await syncClaimedGroups(context, account, identity.groups)
    const provenAt = provenByProvider(authTime, at)
    const given = { account, method: "openid-connect", previousSessionId, provenAt } as const
    const { value, event } = await beginSession(context, given)
    return {
      value,
      event: {
        ...event,
        organizationIds: recognised.organizationIds,
        description: `${account.name} signed in with the identity provider${sentenceEnd[recognised.how]}.`,
        metadata: { ...event.metadata, issuer: identity.issuer },
      },
    }
  },
})

// A provider may admit a signed-in person without asking: only the time of sign-in that it states is a proof; without
// one the proof counts as too old. Its clock may be ahead of ours.
function provenByProvider(authTime: number | null, at: Date): Date {
  return new Date(Math.max(0, Math.min((authTime ?? 0) * 1000, at.getTime())))
}

const sentenceEnd = {
  known: "",
  connected: " for the first time; the two are connected from now on",
  created: " for the first time, because they were invited",
} as const

async function recognise(
  signing: Work<"public">,
  identity: VouchedIdentity,
  allowedDomains: readonly string[],
): Promise<Recognised> {
  const { prisma, caller } = signing
  const known = await findIdentity(prisma, identity)
  if (known) {
    await touchIdentity(prisma, known.id, caller.at)
    return asKnown(await accountOf(prisma, known.personId), "known")
  }
  const vouched = requireVouchedAddress(identity, allowedDomains)
  if ("refused" in vouched) throw await refusedAddress(prisma, vouched.refused, { identity, caller })
  const { email } = vouched
  const found = await prisma.person.findUnique({ where: { email }, select: { id: true } })
  if (!found) return createInvited(signing, identity, email)
  await connectFirst(signing, { identity, email, personId: found.id })
  return asKnown(await accountOf(prisma, found.id), "connected")
}

/** Returns the email that the provider vouches for, or the reason why it is not sufficient. */
export function requireVouchedAddress(
  { email, emailVerified }: VouchedIdentity,
  allowedDomains: readonly string[],
): { readonly email: string } | { readonly refused: IdentityRefusalReason } {
  if (!emailVerified || email === null || !z.email().safeParse(email).success)
    return { refused: "unverified" }
  const domain = email.slice(email.lastIndexOf("@") + 1)
  if (allowedDomains.length > 0 && !allowedDomains.includes(domain)) return { refused: "domain" }
  return { email }
}

interface Connecting {
  readonly identity: VouchedIdentity
  readonly email: string
  readonly personId: string
}

// Another person may have created the account in the owner's name. Only while nobody has proven anything yet does the
// owner of the email take it over; otherwise they must show that the account is theirs before the two are connected.
async function connectFirst(
  signing: Work<"public">,
  { identity, email, personId }: Connecting,
): Promise<void> {
  const { prisma, caller } = signing
  await lockPerson(prisma, personId)
  const credentials = await findCredentials(prisma, { id: personId })
  const identities = await prisma.identity.count({ where: { personId } })
  if (!credentials || credentials.passwordHash !== null || identities > 0) {
    throw new IdentityRefusal("connect-first", {
      ...(credentials ? personAbout(credentials.account) : { targets: [] }),
      description:
        "Signing in with the identity provider was refused: the account has another way to sign in, and was not connected.",
      metadata: { owasp: "authn_login_fail", issuer: identity.issuer },
    })
  }
  await connect(signing, { identity, email, personId })
  // The holder of an older link must not set a password for an account that now has an owner.
  await voidLinks(prisma, { personId, at: caller.at })
}

async function createInvited(
  signing: Work<"public">,
  identity: VouchedIdentity,
  email: string,
): Promise<Recognised> {
  const { prisma, caller } = signing
  const { at } = caller
  const invitations = await prisma.invitation.findMany({
    where: { email, ...openInvitations(at) },
    select: { organizationId: true },
  })
  if (invitations.length === 0) throw refusedUnseen("not-invited", identity, caller)
  const personId = newId(at.getTime())
  const name = nameInput.safeParse(identity.name ?? "").data ?? email.slice(0, 100)
  const { count } = await prisma.person.createMany({
    data: [{ id: personId, email, name, createdAt: at }],
    skipDuplicates: true,
  })
  if (count === 0) throw sameMoment()
  await connect(signing, { identity, email, personId })
  const organizationIds = [...new Set(invitations.map(({ organizationId }) => organizationId))]
  return { account: { id: personId, name, email, organizationIds: [] }, how: "created", organizationIds }
}

async function connect(
  { prisma, caller: { at } }: Work<"public">,
  { identity: { issuer, subject }, email, personId }: Connecting,
): Promise<void> {
  const id = newId(at.getTime())
  if (!(await createIdentity(prisma, { id, issuer, subject, personId, email, at }))) throw sameMoment()
  await touchIdentity(prisma, id, at)
}

async function accountOf(prisma: PrismaTransaction, id: string): Promise<Account> {
  const found = await findCredentials(prisma, { id })
  if (!found) throw new AppError("internal", "An identity belongs to nobody.")
  return found.account
}

function asKnown(account: Account, how: "known" | "connected"): Recognised {
  return { account, how, organizationIds: account.organizationIds }
}

function sameMoment(): AppError {
  return new AppError("conflict", "Somebody signed in as the same person in this moment. Try again.")
}

/** The refusal of an email; an event where somebody has it, if the provider has verified that it is theirs. */
async function refusedAddress(
  prisma: PrismaTransaction,
  reason: IdentityRefusalReason,
  { identity, caller }: { readonly identity: VouchedIdentity; readonly caller: Caller },
): Promise<IdentityRefusal> {
  const unseen = refusedUnseen(reason, identity, caller)
  const { email, emailVerified, issuer } = identity
  const found = email !== null && emailVerified ? await findCredentials(prisma, { email }) : null
  if (found === null) return unseen
  return new IdentityRefusal(reason, {
    ...personAbout(found.account),
    description:
      "Signing in with the identity provider was refused: the domain of its address is not allowed.",
    metadata: { owasp: "authn_login_fail", issuer },
  })
}

// No organization's log can hold it, so it goes to the server log: an email without verification may be anybody's.
function refusedUnseen(
  reason: IdentityRefusalReason,
  { issuer, subject }: VouchedIdentity,
  { source, requestId }: Caller,
): IdentityRefusal {
  log.info("authn_login_fail", {
    method: "openid-connect",
    reason,
    issuer,
    subject,
    ip: source?.ip,
    requestId,
  })
  return new IdentityRefusal(reason, { targets: [] })
}
