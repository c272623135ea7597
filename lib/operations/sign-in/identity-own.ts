import { z } from "zod"
import type { PersonPrincipal } from "@/lib/access/principal"
import {
  createIdentity,
  deleteIdentity,
  findIdentity,
  listIdentitiesOf,
} from "@/lib/access/sign-in/identities"
import { lockPerson } from "@/lib/access/sign-in/person-lock"
import { proveSession } from "@/lib/access/sign-in/sessions"
import { newId } from "@/lib/audit/ids"
import { AppError } from "@/lib/errors"
import { requireRecentProof } from "@/lib/operations/core/authorise"
import { type Caller, operation, type Work } from "@/lib/operations/core/operation"
import { type Account, type Credentials, findCredentials, personAbout } from "./credentials"
import { allowedDomainsInput, authTimeInput, identityInput, requireVouchedAddress } from "./identity"
import { IdentityRefusal, type IdentityRefusalReason } from "./identity-refusals"

/** Starts a flow through the provider for a signed-in person; connecting requires a recent proof first. */
export const beginIdentity = operation({
  name: "identity.begin",
  summary: "Begins connecting an identity, or proving who one is by it.",
  permission: "signed-in",
  effect: "read",
  input: z.strictObject({ purpose: z.enum(["connect", "prove"]) }),
  run: async ({ caller }, { purpose }) => {
    const { sessionHash } = personOf(caller)
    if (purpose === "connect") requireRecentProof(caller)
    return { sessionHash }
  },
})

/** Lists the identities of the caller, and tells whether they also have a password. */
export const listIdentities = operation({
  name: "identity.list",
  summary: "Lists the identities that are connected with the caller.",
  permission: "signed-in",
  effect: "read",
  input: z.strictObject({}),
  run: ({ read }) =>
    read(async work => {
      const { account, passwordHash } = await credentialsOf(work)
      const identities = await listIdentitiesOf(work.prisma, account.id)
      return { identities, hasPassword: passwordHash !== null }
    }),
})

/** Connects an identity with the caller, in the session that started the flow and while the proof is recent. */
export const connectIdentity = operation({
  name: "identity.connect",
  summary: "Connects an identity of an OpenID provider with the caller.",
  permission: "signed-in",
  recentProof: true,
  // The browser returns from the provider and cannot repeat the request with a new proof, so the flow ends here.
  staleProof: async ({ read }, { identity }) => {
    const { account } = await read(credentialsOf)
    return refusal("proof", account, identity.issuer).about
  },
  effect: "write",
  input: z.strictObject({
    identity: identityInput,
    allowedDomains: allowedDomainsInput,
    /** The hash of the session that started the flow. */
    begunIn: z.string(),
  }),
  run: async (context, { identity, allowedDomains, begunIn }) => {
    const { caller, prisma } = context
    const person = personOf(caller)
    await lockPerson(prisma, person.personId)
    const { account } = await credentialsOf(context)
    const refuse = (reason: IdentityRefusalReason) => refusal(reason, account, identity.issuer)
    if (person.sessionHash !== begunIn) throw refuse("session")
    const owner = await findIdentity(prisma, identity)
    if (owner !== null && owner.personId !== account.id) throw refuse("taken")
    const own = await listIdentitiesOf(prisma, account.id)
    if (owner === null && own.some(({ issuer }) => issuer === identity.issuer)) throw refuse("another")
    const vouched = requireVouchedAddress(identity, allowedDomains)
    if ("refused" in vouched) throw refuse(vouched.refused)
    const { issuer, subject } = identity
    const id = newId(caller.at.getTime())
    const data = { id, issuer, subject, personId: account.id, email: vouched.email, at: caller.at }
    // A concurrent request may have connected it after the lookup.
    if (owner === null && !(await createIdentity(prisma, data))) throw refuse("taken")
    return {
      value: { email: vouched.email },
      event: {
        ...personAbout(account),
        description: `${account.name} connected their account at the identity provider.`,
        metadata: { issuer, email: vouched.email },
      },
    }
  },
})

/** Disconnects an identity of the caller, who must have a password to sign in with. */
export const disconnectIdentity = operation({
  name: "identity.disconnect",
  summary: "Disconnects an identity of the caller.",
  permission: "signed-in",
  recentProof: true,
  effect: "write",
  input: z.strictObject({ identityId: z.uuid() }),
  run: async (context, { identityId }) => {
    const { caller, prisma } = context
    await lockPerson(prisma, personOf(caller).personId)
    const { account, passwordHash } = await credentialsOf(context)
    if (passwordHash === null) {
      throw new AppError(
        "conflict",
        "Set a password first: without one you could not prove any more who you are.",
      )
    }
    const identity = (await listIdentitiesOf(prisma, account.id)).find(({ id }) => id === identityId)
    if (!identity || !(await deleteIdentity(prisma, { id: identityId, personId: account.id }))) {
      throw new AppError("not-found", "This is not connected any more.")
    }
    return {
      value: null,
      event: {
        ...personAbout(account),
        description: `${account.name} disconnected their account at the identity provider.`,
        metadata: { issuer: identity.issuer, email: identity.email },
      },
    }
  },
})

/**
 * How much older than the request, or than its token, a sign-in at the provider may be to count as an answer, in
 * milliseconds.
 */
const answerMs = 30_000
/** The provider counts in whole seconds. */
const roundingMs = 1_000

interface Sighting {
  /** Seconds since 1970, by the provider's clock. */
  readonly authTime: number | null
  readonly issuedAt: number | null
  /** Milliseconds since 1970, by ours. */
  readonly begunAt: number
  readonly now: number
}

/**
 * Returns whether somebody signed in at the provider because of this request. The clocks may differ by as much as a
 * sign-in tolerates (the lifetime of a token), so the provider's own clock decides too: the sign-in must not be older
 * at the time of the token than the time since the request.
 */
export function isFresh({ authTime, issuedAt, begunAt, now }: Sighting): boolean {
  if (authTime === null) return false
  if (authTime * 1000 + roundingMs >= begunAt - answerMs) return true
  if (issuedAt === null) return false
  return (issuedAt - authTime) * 1000 <= Math.min(now - begunAt, answerMs) + roundingMs
}

/**
 * Proves the caller's identity again, by their own connected identity and a sign-in at the provider for this purpose.
 */
export const proveByIdentity = operation({
  name: "identity.prove",
  eventName: "user_session.prove",
  summary: "Proves again, by the OpenID provider, that it is the person of the session.",
  permission: "signed-in",
  effect: "write",
  input: z.strictObject({
    identity: identityInput,
    authTime: authTimeInput,
    issuedAt: authTimeInput,
    begunAt: z.number(),
    begunIn: z.string(),
  }),
  run: async (context, { identity, begunIn, ...sighting }) => {
    const { caller, prisma } = context
    const person = personOf(caller)
    const { account } = await credentialsOf(context)
    const refuse = (reason: IdentityRefusalReason) => refusal(reason, account, identity.issuer)
    if (person.sessionHash !== begunIn) throw refuse("session")
    const owner = await findIdentity(prisma, identity)
    if (owner?.personId !== account.id) throw refuse("other-person")
    if (!isFresh({ ...sighting, now: caller.at.getTime() })) throw refuse("not-asked")
    if (!(await proveSession(prisma, person.sessionHash, caller.at))) throw refuse("session")
    return {
      value: null,
      event: {
        ...personAbout(account),
        description: `${account.name} proved again who they are.`,
        metadata: { owasp: "authn_login_success", method: "openid-connect", issuer: identity.issuer },
      },
    }
  },
})

function refusal(reason: IdentityRefusalReason, account: Account, issuer: string): IdentityRefusal {
  return new IdentityRefusal(reason, {
    ...personAbout(account),
    metadata: { owasp: "authn_login_fail", issuer },
  })
}

function personOf({ principal }: Caller): PersonPrincipal {
  if (principal.kind !== "person") throw new AppError("forbidden", "Only a person has identities.")
  return principal
}

async function credentialsOf({ caller, prisma }: Work<"signed-in">): Promise<Credentials> {
  const credentials = await findCredentials(prisma, { id: personOf(caller).personId })
  if (!credentials) throw new AppError("unauthenticated", "Sign in again.")
  return credentials
}
