import type { Scope } from "@/lib/audit/query/selection"
import type { Database, PrismaTransaction } from "@/lib/database/database"
import { databaseError } from "@/lib/database/errors"
import type { Tx } from "@/lib/database/tx"
import { AppError } from "@/lib/errors"
import { type Grants, grantsOf } from "./grants"
import { heldRolesOf } from "./held-roles"
import { type Permission, permissions } from "./permissions"
import { findLiveSession, findLiveSessionByHash } from "./sign-in/sessions"

export interface OrganizationRef {
  readonly id: string
  readonly slug: string
  readonly name: string
}

export interface AppRef {
  readonly id: string
  readonly slug: string
  readonly name: string
}

/** A signed-in person. Without an organization in the url, `organization` is null and there are no permissions. */
export interface PersonPrincipal {
  readonly kind: "person"
  readonly personId: string
  readonly name: string
  readonly email: string
  /** SHA-256 (hex) of the session id. */
  readonly sessionHash: string
  /** When the person last proved their identity; dangerous operations require a recent proof. */
  readonly provenAt: Date
  readonly organization: OrganizationRef | null
  readonly permissions: ReadonlySet<Permission>
  /** Null without an organization. */
  readonly scope: Scope | null
}

export interface ApiKeyPrincipal {
  readonly kind: "api-key"
  readonly keyId: string
  readonly name: string
  readonly organization: OrganizationRef
  readonly app: AppRef
  readonly permissions: ReadonlySet<Permission>
  readonly scope: Scope
}

/** A command or a background job, acting on one organization or (null) on none yet. */
export interface JobPrincipal {
  readonly kind: "job"
  readonly name: string
  readonly organization: OrganizationRef | null
  readonly permissions: ReadonlySet<Permission>
  readonly scope: Scope | null
}

export interface AnonymousPrincipal {
  readonly kind: "anonymous"
  readonly organization: null
  readonly permissions: ReadonlySet<Permission>
  readonly scope: null
}

/** The caller, with what they may do and see. (The actor is who an event is about.) */
export type Principal = PersonPrincipal | ApiKeyPrincipal | JobPrincipal | AnonymousPrincipal

/** What is needed to identify a caller: the database and the current time. */
export interface AccessContext {
  readonly database: Database
  readonly at: Date
}

/** A caller without a session or key. */
export const anonymous: AnonymousPrincipal = {
  kind: "anonymous",
  organization: null,
  permissions: new Set(),
  scope: null,
}

/**
 * Returns the owner of the session with what they may do and see now in the organization with that slug: roles are read at
 * every call. Without a valid session: anonymous. Throws AppError `not-found`, with the same words, for an unknown
 * organization and for one in which the person is not an active member.
 */
export async function principalOfSession(
  sessionId: string | null,
  organizationSlug: string | null,
  { database, at }: AccessContext,
): Promise<PersonPrincipal | AnonymousPrincipal> {
  if (sessionId === null) return anonymous
  try {
    const session = await findLiveSession(database.prisma, sessionId, at)
    if (!session) return anonymous
    const { sessionHash, person, provenAt } = session
    const signedIn = {
      kind: "person",
      personId: person.id,
      name: person.name,
      email: person.email,
      sessionHash,
      provenAt,
    } as const
    if (organizationSlug === null) {
      return { ...signedIn, organization: null, permissions: new Set(), scope: null }
    }
    const organization = await findOwnOrganization(database.prisma, {
      personId: person.id,
      slug: organizationSlug,
      at,
    })
    return { ...signedIn, organization, ...(await grantsOfMember(database, organization.id, person.id)) }
  } catch (error) {
    throw databaseError(error)
  }
}

/**
 * Returns the same principal as of now, for work that takes long: removed permissions are gone. Throws AppError
 * `unauthenticated` when the session has ended, `not-found` when the membership has.
 */
export async function principalAsOfNow(
  principal: PersonPrincipal,
  { database, at }: AccessContext,
): Promise<PersonPrincipal> {
  try {
    return await renewed(principal, database.prisma, {
      at,
      grants: organizationId => grantsOfMember(database, organizationId, principal.personId),
    })
  } catch (error) {
    throw databaseError(error)
  }
}

/** The same inside a transaction of the organization, on its connection. */
export function principalWithin(
  principal: PersonPrincipal,
  { prisma, tx, at }: { readonly prisma: PrismaTransaction; readonly tx: Tx; readonly at: Date },
): Promise<PersonPrincipal> {
  const { personId } = principal
  return renewed(principal, prisma, {
    at,
    grants: async organizationId =>
      grantsOf(await heldRolesOf(tx, { organizationId, personId }), { organizationId, actorId: personId }),
  })
}

async function renewed(
  principal: PersonPrincipal,
  prisma: PrismaTransaction,
  { at, grants }: { readonly at: Date; readonly grants: (organizationId: string) => Promise<Grants> },
): Promise<PersonPrincipal> {
  const session = await findLiveSessionByHash(prisma, principal.sessionHash, at)
  if (!session) throw new AppError("unauthenticated", "The session is over. Sign in again.")
  if (principal.organization === null) return principal
  const { slug } = principal.organization
  const organization = await findOwnOrganization(prisma, { personId: principal.personId, slug, at })
  return { ...principal, organization, ...(await grants(organization.id)) }
}

/** Returns a principal for a command or a job, which may do everything in its organization. */
export function jobPrincipal(name: string, organization: OrganizationRef | null): JobPrincipal {
  return {
    kind: "job",
    name,
    organization,
    permissions: new Set(permissions),
    scope: organization && { organizationId: organization.id, appIds: null, actorId: null },
  }
}

/** Returns the active members who hold the permission for every app, sorted by name; at most ten. */
export async function membersHolding(
  database: Database,
  organizationId: string,
  permission: Permission,
): Promise<readonly { readonly personId: string; readonly name: string; readonly email: string }[]> {
  return database.withOrganization(
    organizationId,
    tx =>
      tx.query(
        `SELECT DISTINCT person.id AS "personId", person.name, person.email
         FROM role
         JOIN held_role held ON held.organization_id = role.organization_id AND held.role_id = role.id
         JOIN membership ON membership.organization_id = held.organization_id AND membership.person_id = held.person_id
         JOIN person ON person.id = held.person_id
         WHERE role.organization_id = $1::uuid AND $2 = ANY (role.permissions) AND cardinality(role.app_ids) = 0
           AND cardinality(held.assignment_app_ids) = 0
           AND membership.status = 'active'
         ORDER BY person.name, person.email
         LIMIT 10`,
        [organizationId, permission],
      ),
    { readOnly: true },
  )
}

/**
 * Returns the active members who may manage the sinks of the transaction's organization: they hold the permission and see the whole log.
 * Sorted by name; at most 100.
 */
export async function membersManagingSinks(
  tx: Tx,
  organizationId: string,
): Promise<readonly { readonly personId: string; readonly name: string; readonly email: string }[]> {
  return tx.query(
    `SELECT person.id AS "personId", person.name, person.email
     FROM membership JOIN person ON person.id = membership.person_id
     WHERE membership.organization_id = $1::uuid AND membership.status = 'active'
       AND NOT EXISTS (
         SELECT 1 FROM unnest(ARRAY['SINK-MANAGEMENT', 'LOG-MANAGEMENT']) AS needed
         WHERE NOT EXISTS (
           SELECT 1 FROM role
           JOIN held_role held ON held.organization_id = role.organization_id AND held.role_id = role.id
           WHERE role.organization_id = membership.organization_id AND held.person_id = membership.person_id
             AND needed = ANY (role.permissions) AND cardinality(role.app_ids) = 0 AND cardinality(held.assignment_app_ids) = 0
         )
       )
     ORDER BY person.name, person.email LIMIT 100`,
    [organizationId],
  )
}

interface OwnOrganization extends OrganizationRef {
  readonly lastSeenAt: Date | null
}

const seenEveryMs = 5 * 60 * 1000

async function findOwnOrganization(
  prisma: PrismaTransaction,
  { personId, slug, at }: { readonly personId: string; readonly slug: string; readonly at: Date },
): Promise<OrganizationRef> {
  const [found] = await prisma.$queryRaw<OwnOrganization[]>`
    SELECT organization.id, organization.slug, organization.name, membership.last_seen_at AS "lastSeenAt"
    FROM organization JOIN membership ON membership.organization_id = organization.id
    WHERE organization.slug = ${slug} AND membership.person_id = ${personId}::uuid AND membership.status = 'active'`
  if (!found) {
    throw new AppError("not-found", "There is no such organization, or you are not a member of it.")
  }
  const { lastSeenAt, ...organization } = found
  const staleBefore = new Date(at.getTime() - seenEveryMs)
  if (lastSeenAt === null || lastSeenAt <= staleBefore) {
    // The condition is repeated so that only one of many concurrent requests writes.
    await prisma.membership.updateMany({
      where: {
        organizationId: organization.id,
        personId,
        OR: [{ lastSeenAt: null }, { lastSeenAt: { lte: staleBefore } }],
      },
      data: { lastSeenAt: at },
    })
  }
  return organization
}

async function grantsOfMember(database: Database, organizationId: string, personId: string): Promise<Grants> {
  const roles = await database.withOrganization(
    organizationId,
    tx => heldRolesOf(tx, { organizationId, personId }),
    { readOnly: true },
  )
  return grantsOf(roles, { organizationId, actorId: personId })
}
