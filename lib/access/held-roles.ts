import type { Tx } from "@/lib/database/tx"

/** A role that somebody holds, and how. */
export interface HeldRole {
  readonly roleId: string
  readonly name: string
  /** Descriptions of permissions from the catalogue. */
  readonly permissions: readonly string[]
  /** The apps to which the role is limited; none = every app. */
  readonly appIds: readonly string[]
  /**
   * The apps to which the way it is held limits it further (a group's apps, a collaborator's app); none = no further limit.
   */
  readonly assignmentAppIds: readonly string[]
  /** The group it comes from; null when it is held directly or in one app. */
  readonly group: { readonly id: string; readonly name: string } | null
  /** The app in which it is held; null when it is not held as a collaborator. */
  readonly collaboratorApp: { readonly id: string; readonly slug: string; readonly name: string } | null
}

/** A way in which a member holds a role. */
export type HeldThrough =
  | { readonly kind: "directly" }
  | { readonly kind: "group"; readonly id: string; readonly name: string }
  | { readonly kind: "app"; readonly slug: string; readonly name: string }

/** The same with the person. */
export interface HeldRoleOfMember extends HeldRole {
  readonly personId: string
}

/** Returns the way in which the role is held. */
export function throughOf({
  group,
  collaboratorApp,
}: Pick<HeldRole, "group" | "collaboratorApp">): HeldThrough {
  if (group) return { kind: "group", id: group.id, name: group.name }
  if (collaboratorApp) return { kind: "app", slug: collaboratorApp.slug, name: collaboratorApp.name }
  return { kind: "directly" }
}

// All callers read the same columns of the one view that knows who holds what (see the migrations).
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

/** Returns the roles that a member holds directly, through groups and in single apps, sorted by name. */
export async function heldRolesOf(
  tx: Tx,
  { organizationId, personId }: { readonly organizationId: string; readonly personId: string },
): Promise<readonly HeldRole[]> {
  return tx.query<HeldRoleOfMember>(
    `${select} WHERE held.organization_id = $1::uuid AND held.person_id = $2::uuid ${order}`,
    [organizationId, personId],
  )
}

/** Returns the same for all members of the organization, or for the holders of one role. */
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
