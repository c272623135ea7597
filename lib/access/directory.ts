import type { Database, PrismaTransaction } from "@/lib/database/database"
import { databaseError } from "@/lib/database/errors"
import type { OrganizationRef } from "./principal"

/** A member of an organization as lists show them. */
export interface MemberSummary {
  readonly personId: string
  readonly name: string
  readonly email: string
  readonly status: string
  readonly hasPassword: boolean
  readonly roles: readonly string[]
}

/** The name of the built-in role that holds every permission. */
export const administratorRole = "Organization Administrator"

/** Returns all organizations, the oldest first. For commands and jobs: no signed-in person may see all of them. */
export async function listOrganizations(database: Database): Promise<readonly OrganizationRef[]> {
  return database.prisma.organization
    .findMany({
      select: { id: true, slug: true, name: true },
      orderBy: [{ createdAt: "asc" }, { id: "asc" }],
    })
    .catch(error => Promise.reject(databaseError(error)))
}

/** An organization of a person, and when they last used it, with a resolution of five minutes. */
export interface OwnOrganization extends OrganizationRef {
  readonly lastSeenAt: string | null
}

/** Returns the organizations in which the person is an active member, sorted by name. */
export async function organizationsOfPerson(
  database: { readonly prisma: PrismaTransaction },
  personId: string,
): Promise<readonly OwnOrganization[]> {
  const memberships = await database.prisma.membership
    .findMany({
      where: { personId, status: "active" },
      select: { lastSeenAt: true, organization: { select: { id: true, slug: true, name: true } } },
      orderBy: { organization: { name: "asc" } },
    })
    .catch(error => Promise.reject(databaseError(error)))
  return memberships.map(({ organization, lastSeenAt }) => ({
    ...organization,
    lastSeenAt: lastSeenAt?.toISOString() ?? null,
  }))
}

/** Returns the members of an organization with the names of all roles they hold; the oldest member first. */
export async function listMembers(
  database: Database,
  organizationId: string,
): Promise<readonly MemberSummary[]> {
  return findMembers(database, organizationId, "TRUE")
}

/** Returns the administrators of all organizations, those of the oldest organization first. */
export async function listAdministrators(database: Database): Promise<readonly MemberSummary[]> {
  const administrators: MemberSummary[] = []
  for (const { id } of await listOrganizations(database)) {
    administrators.push(...(await findMembers(database, id, isAdministrator)))
  }
  return administrators
}

/**
 * The condition under which a row of `membership` belongs to an administrator: the role is held directly or through a
 * group, without a limit to apps.
 */
export const isAdministrator = `membership.status = 'active' AND EXISTS (
  SELECT 1 FROM held_role administering
  JOIN role ON role.organization_id = administering.organization_id AND role.id = administering.role_id
  WHERE administering.organization_id = membership.organization_id
    AND administering.person_id = membership.person_id AND role.built_in AND role.name = '${administratorRole}'
    AND cardinality(role.app_ids) = 0 AND cardinality(administering.assignment_app_ids) = 0)`

async function findMembers(
  database: Database,
  organizationId: string,
  condition: string,
): Promise<readonly MemberSummary[]> {
  return database.withOrganization(
    organizationId,
    tx =>
      tx.query(
        `SELECT person.id AS "personId", person.name, person.email, membership.status,
           person.password_hash IS NOT NULL AS "hasPassword",
           array_remove(array_agg(DISTINCT role.name ORDER BY role.name), NULL) AS roles
         FROM membership
         JOIN person ON person.id = membership.person_id
         LEFT JOIN held_role held
           ON held.organization_id = membership.organization_id AND held.person_id = membership.person_id
         LEFT JOIN role ON role.organization_id = held.organization_id AND role.id = held.role_id
         WHERE membership.organization_id = $1::uuid AND ${condition}
         GROUP BY person.id, membership.status, membership.created_at
         ORDER BY membership.created_at, person.email`,
        [organizationId],
      ),
    { readOnly: true },
  )
}
