import type { Tx } from "@/lib/db"

/** A role that somebody holds, and through what. */
export interface HeldRole {
  readonly roleId: string
  readonly name: string
  /** Texts of the catalogue. */
  readonly permissions: readonly string[]
  /** The apps that the role is limited to; none = every app. */
  readonly appIds: readonly string[]
  /** The apps to which the way it is held limits it further (a group's apps, a collaborator's app); none = no further. */
  readonly assignmentAppIds: readonly string[]
  /** The group it comes from; null when it is held directly or in one app. */
  readonly group: { readonly id: string; readonly name: string } | null
  /** The app it is held in; null when it is not held as a collaborator. */
  readonly collaboratorApp: { readonly id: string; readonly slug: string; readonly name: string } | null
}

/** A way in which a member holds a role. */
export type HeldThrough =
  | { readonly kind: "directly" }
  | { readonly kind: "group"; readonly id: string; readonly name: string }
  | { readonly kind: "app"; readonly slug: string; readonly name: string }

/** The same with whose it is. */
export interface HeldRoleOfMember extends HeldRole {
  readonly personId: string
}

/** Promise: the way in which it is held. */
export function throughOf({
  group,
  collaboratorApp,
}: Pick<HeldRole, "group" | "collaboratorApp">): HeldThrough {
  if (group) return { kind: "group", id: group.id, name: group.name }
  if (collaboratorApp) return { kind: "app", slug: collaboratorApp.slug, name: collaboratorApp.name }
  return { kind: "directly" }
}

// Everywhere the same columns of the one view that knows who holds what (see the migrations).
const select = `
  SELECT held.person_id AS "personId", role.id AS "roleId", role.name, role.permissions, role.app_ids AS "appIds",
    held.assignment_app_ids AS "assignmentAppIds",
    CASE WHEN held.group_id IS NULL THEN NULL
      ELSE json_build_object('id', held.group_id, 'name', member_group.name) END AS "group",
    CASE WHEN held.collaborator_app_id IS NULL THEN NULL
      ELSE json_build_object('id', app.id, 'slug', app.slug, 'name', app.name) END AS "collaboratorApp"
  FROM held_role held
  JOIN role ON role.organization_id = held.organization_id AND role.id = held.role_id
  LEFT JOIN member_group ON member_group.organization_id = held.organization_id AND member_group.id = held.group_id
  LEFT JOIN app ON app.organization_id = held.organization_id AND app.id = held.collaborator_app_id`

const order = `ORDER BY role.name, role.id, member_group.name NULLS FIRST, app.name NULLS FIRST`

/** Promise: the roles that a member holds, directly, through groups and in single apps, by name. */
export async function heldRolesOf(
  tx: Tx,
  { organizationId, personId }: { readonly organizationId: string; readonly personId: string },
): Promise<readonly HeldRole[]> {
  return tx.query<HeldRoleOfMember>(
    `${select} WHERE held.organization_id = $1::uuid AND held.person_id = $2::uuid ${order}`,
    [organizationId, personId],
  )
}

/** Promise: the same for every member of the organization, or for those of a role: who holds what, and through what. */
export async function heldRolesOfAll(
  tx: Tx,
  organizationId: string,
  { roleId = null }: { readonly roleId?: string | null } = {},
): Promise<readonly HeldRoleOfMember[]> {
  return tx.query(
    `${select} WHERE held.organization_id = $1::uuid AND ($2::uuid IS NULL OR held.role_id = $2::uuid) ${order}`,
    [organizationId, roleId],
  )
}
