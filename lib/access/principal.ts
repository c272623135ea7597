import type { Scope } from "@/lib/audit/query/query"
import type { Database } from "@/lib/db"
import { databaseError } from "@/lib/db-errors"
import { AppError } from "@/lib/errors"
import { type Grants, grantsOf, type HeldRole } from "./grants"
import { type Permission, permissions } from "./permissions"
import { findLiveSession } from "./sign-in/sessions"

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

/** Somebody signed in. Without an organization in the address, `organization` is null and there are no permissions. */
export interface PersonPrincipal {
  readonly kind: "person"
  readonly personId: string
  readonly name: string
  readonly email: string
  /** SHA-256 (hex) of the session id. */
  readonly sessionHash: string
  readonly organization: OrganizationRef | null
  readonly permissions: ReadonlySet<Permission>
  /** Null when there is no organization. */
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

/** A command or a background job of ours, acting on one organization or (null) on none yet. */
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

/** Who is calling us now, with what they may do and see. (Actor is who an event is about.) */
export type Principal = PersonPrincipal | ApiKeyPrincipal | JobPrincipal | AnonymousPrincipal

/** What it takes to find out who is calling: the database, and the time it is. */
export interface AccessContext {
  readonly database: Database
  readonly at: Date
}

/** Nobody we know. */
export const anonymous: AnonymousPrincipal = {
  kind: "anonymous",
  organization: null,
  permissions: new Set(),
  scope: null,
}

/**
 * Promise: who the session belongs to and, in the organization of that slug, what they may do and see as of now: roles are
 * read at every call. Without a valid session: anonymous. Throws AppError `not-found` for an organization that does not
 * exist and, in the same words, for one in which the person is no active member.
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
    const { sessionHash, person } = session
    const signedIn = {
      kind: "person",
      personId: person.id,
      name: person.name,
      email: person.email,
      sessionHash,
    } as const
    if (organizationSlug === null) {
      return { ...signedIn, organization: null, permissions: new Set(), scope: null }
    }
    const organization = await findOwnOrganization(database, person.id, organizationSlug)
    return { ...signedIn, organization, ...(await grantsOfMember(database, organization.id, person.id)) }
  } catch (error) {
    throw databaseError(error)
  }
}

/** Promise: a principal for a command or a job of ours, which may do everything in the organization it acts on. */
export function jobPrincipal(name: string, organization: OrganizationRef | null): JobPrincipal {
  return {
    kind: "job",
    name,
    organization,
    permissions: new Set(permissions),
    scope: organization && { organizationId: organization.id, appIds: null, actorId: null },
  }
}

/** Promise: the active members who hold the permission for every app, by name; at most ten. */
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
         JOIN membership_role held ON held.organization_id = role.organization_id AND held.role_id = role.id
         JOIN membership ON membership.organization_id = held.organization_id AND membership.person_id = held.person_id
         JOIN person ON person.id = held.person_id
         WHERE role.organization_id = $1::uuid AND $2 = ANY (role.permissions) AND COALESCE(cardinality(role.app_ids), 0) = 0
           AND membership.status = 'active'
         ORDER BY person.name, person.email
         LIMIT 10`,
        [organizationId, permission],
      ),
    { readOnly: true },
  )
}

async function findOwnOrganization(
  database: Database,
  personId: string,
  slug: string,
): Promise<OrganizationRef> {
  const [organization] = await database.prisma.$queryRaw<OrganizationRef[]>`
    SELECT organization.id, organization.slug, organization.name
    FROM organization JOIN membership ON membership.organization_id = organization.id
    WHERE organization.slug = ${slug} AND membership.person_id = ${personId}::uuid AND membership.status = 'active'`
  if (!organization) {
    throw new AppError("not-found", "There is no such organization, or you are not a member of it.")
  }
  return organization
}

async function grantsOfMember(database: Database, organizationId: string, personId: string): Promise<Grants> {
  const roles = await database.withOrganization(
    organizationId,
    tx =>
      tx.query<HeldRole>(
        `SELECT COALESCE(role.permissions, '{}') AS permissions, COALESCE(role.app_ids, '{}') AS "appIds"
         FROM membership_role held JOIN role ON role.id = held.role_id
         WHERE held.organization_id = $1::uuid AND held.person_id = $2::uuid`,
        [organizationId, personId],
      ),
    { readOnly: true },
  )
  return grantsOf(roles, { organizationId, actorId: personId })
}
