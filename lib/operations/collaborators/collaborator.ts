import { z } from "zod"
import { effectiveRole, type GrantingRole } from "@/lib/access/grants"
import { type Permission, permissions } from "@/lib/access/permissions"
import { AppError } from "@/lib/errors"
import type { Work } from "@/lib/operations/core/operation"

/** A member who holds a role in one app only. */
export interface CollaboratorSummary {
  readonly personId: string
  readonly name: string
  readonly email: string
  readonly status: "active" | "suspended"
  readonly role: { readonly id: string; readonly name: string }
  /** The permissions that the role gives in this app: those that reach beyond one app are left out. */
  readonly permissions: readonly Permission[]
  readonly since: string
}

interface App {
  readonly id: string
  readonly name: string
  readonly archived: boolean
}

interface Role extends GrantingRole {
  readonly id: string
  readonly name: string
}

export const appInput = z.string().max(100)

export const personIdInput = z.uuid("Choose a member.")

export const roleIdInput = z.uuid("Choose a role.")

export async function findApp({ tx, organization }: Work, slug: string): Promise<App> {
  const [app] = await tx.query<App>(
    `SELECT id, name, archived_at IS NOT NULL AS archived FROM app
     WHERE organization_id = $1::uuid AND slug = $2`,
    [organization.id, slug],
  )
  if (!app) throw new AppError("not-found", "There is no such app.")
  return app
}

// Locked, so that the role given is the role checked: nobody changes or deletes it before the commit.
export async function findGivableRole({ tx, organization }: Work, app: App, roleId: string): Promise<Role> {
  const [role] = await tx.query<Role>(
    `SELECT id, name, permissions, app_ids AS "appIds" FROM role
     WHERE organization_id = $1::uuid AND id = $2::uuid FOR SHARE`,
    [organization.id, roleId],
  )
  const fault = !role
    ? "There is no such role any more."
    : permissionsIn(app, role).length === 0
      ? `In one app, ${role.name} gives nothing: what it holds reaches beyond an app, or is for other apps.`
      : null
  if (!role || fault !== null) {
    const message = fault ?? "There is no such role any more."
    throw new AppError("invalid", message, { faults: [{ pointer: "/roleId", message }] })
  }
  return role
}

export async function findCollaborator({ prisma, tx, organization }: Work, app: App, personId: string) {
  const organizationId = organization.id
  const key = { organizationId, appId: app.id, personId }
  // Locked: of two concurrent changes of a collaborator, the second sees the result of the first.
  await tx.query(
    `SELECT 1 FROM collaborator
     WHERE organization_id = $1::uuid AND app_id = $2::uuid AND person_id = $3::uuid FOR UPDATE`,
    [organizationId, app.id, personId],
  )
  const row = await prisma.collaborator.findUnique({
    where: { organizationId_appId_personId: key },
    include: { role: true, membership: { include: { person: { select: { name: true } } } } },
  })
  if (!row) throw new AppError("not-found", "There is no such collaborator.")
  return { key, member: { personId, name: row.membership.person.name }, role: row.role }
}

export function inApp(app: Pick<App, "id">, { permissions: held, appIds }: GrantingRole): GrantingRole {
  return { permissions: held, appIds, assignmentAppIds: [app.id] }
}

/** Returns the permissions that a role gives in one app; none for a role that is limited to other apps. */
export function permissionsIn(app: Pick<App, "id">, role: GrantingRole): readonly Permission[] {
  const effective = effectiveRole(inApp(app, role))
  return effective.appIds?.length === 0 ? [] : permissions.filter(each => effective.permissions.has(each))
}
