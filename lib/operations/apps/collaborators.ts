import { z } from "zod"
import { areRolesPowerful, refuseActingAbove, refuseGrantingMore } from "@/lib/access/granting"
import { effectiveRole, type GrantingRole } from "@/lib/access/grants"
import { type Permission, permissions } from "@/lib/access/permissions"
import { AppError } from "@/lib/errors"
import { requireRecentProof } from "@/lib/operations/core/authorise"
import { operation, type Work } from "@/lib/operations/core/operation"
import { findMemberOf } from "@/lib/operations/members/member"
import { aboutCollaborator } from "./collaborator-event"

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

const appInput = z.string().max(100)
const personIdInput = z.uuid("Choose a member.")
const roleIdInput = z.uuid("Choose a role.")

/** Lists the collaborators of an app, by name. */
export const listCollaborators = operation({
  name: "collaborator.list",
  summary: "Lists who holds a role in one app, and what it lets them do there.",
  permission: "APP-MANAGEMENT",
  effect: "read",
  input: z.strictObject({ app: appInput }),
  run: ({ organization, read }, { app: slug }): Promise<readonly CollaboratorSummary[]> =>
    read(async work => {
      const app = await findApp(work, slug)
      const rows = await work.prisma.collaborator.findMany({
        where: { organizationId: organization.id, appId: app.id },
        include: {
          role: true,
          membership: { include: { person: { select: { name: true, email: true } } } },
        },
        orderBy: [{ membership: { person: { name: "asc" } } }, { personId: "asc" }],
      })
      return rows.map(({ personId, role, membership, createdAt }) => ({
        ...{ personId, ...membership.person },
        status: membership.status === "suspended" ? "suspended" : "active",
        role: { id: role.id, name: role.name },
        permissions: permissionsIn(app, role),
        since: createdAt.toISOString(),
      }))
    }),
})

/** Gives a member a role in one app only. */
export const addCollaborator = operation({
  name: "collaborator.add",
  summary: "Gives a member a role in one app only.",
  permission: "APP-MANAGEMENT",
  effect: "write",
  input: z.strictObject({ app: appInput, personId: personIdInput, roleId: roleIdInput }),
  run: async (context, { app: slug, personId, roleId }) => {
    const { caller, organization, prisma } = context
    const key = { organizationId: organization.id, personId }
    const app = await findApp(context, slug)
    if (app.archived) throw new AppError("conflict", `The app ${app.name} is archived.`)
    const member = await findMemberOf(context, personId)
    const role = await findGivableRole(context, app, roleId)
    refuseGrantingMore(caller.principal, [inApp(app, role)])
    if (areRolesPowerful([inApp(app, role)])) requireRecentProof(caller)
    const { count } = await prisma.collaborator.createMany({
      data: [{ ...key, appId: app.id, roleId: role.id, createdAt: caller.at }],
      skipDuplicates: true,
    })
    if (count === 0) {
      const message = `${member.name} is a collaborator of ${app.name} already.`
      throw new AppError("conflict", message, { faults: [{ pointer: "/personId", message }] })
    }
    return {
      value: { personId },
      event: aboutCollaborator(
        { member, app, before: null, after: role },
        `${member.name} became a collaborator of the app ${app.name}.`,
      ),
    }
  },
})

/** Changes the role of a collaborator in an app. */
export const updateCollaborator = operation({
  name: "collaborator.update",
  summary: "Gives a collaborator of an app another role in it.",
  permission: "APP-MANAGEMENT",
  effect: "write",
  input: z.strictObject({ app: appInput, personId: personIdInput, roleId: roleIdInput }),
  run: async (context, { app: slug, personId, roleId }) => {
    const { caller, prisma } = context
    const app = await findApp(context, slug)
    const found = await findCollaborator(context, app, personId)
    const { member, role: before } = found
    const role = await findGivableRole(context, app, roleId)
    if (role.id === before.id) throw new AppError("conflict", `${member.name} holds this role already.`)
    refuseActingAbove(caller.principal, { name: member.name, roles: [inApp(app, before)] })
    refuseGrantingMore(caller.principal, [inApp(app, role)])
    if (areRolesPowerful([inApp(app, role)])) requireRecentProof(caller)
    await prisma.collaborator.updateMany({ where: found.key, data: { roleId: role.id } })
    return {
      value: { personId },
      event: aboutCollaborator(
        { member, app, before, after: role },
        `The role of ${member.name} in the app ${app.name} was changed.`,
      ),
    }
  },
})

/** Removes the role that a member holds in one app; their other roles stay. */
export const removeCollaborator = operation({
  name: "collaborator.remove",
  summary: "Takes away the role that a member holds in one app.",
  permission: "APP-MANAGEMENT",
  effect: "write",
  input: z.strictObject({ app: appInput, personId: personIdInput }),
  run: async (context, { app: slug, personId }) => {
    const { caller, prisma } = context
    const app = await findApp(context, slug)
    const found = await findCollaborator(context, app, personId)
    const { member, role } = found
    refuseActingAbove(caller.principal, { name: member.name, roles: [inApp(app, role)] })
    await prisma.collaborator.deleteMany({ where: found.key })
    return {
      value: { personId },
      event: aboutCollaborator(
        { member, app, before: role, after: null },
        `${member.name} is no collaborator of the app ${app.name} any more.`,
      ),
    }
  },
})

async function findApp({ tx, organization }: Work, slug: string): Promise<App> {
  const [app] = await tx.query<App>(
    `SELECT id, name, archived_at IS NOT NULL AS archived FROM app
     WHERE organization_id = $1::uuid AND slug = $2`,
    [organization.id, slug],
  )
  if (!app) throw new AppError("not-found", "There is no such app.")
  return app
}

// Locked, so that the role given is the role checked: nobody changes or deletes it before the commit.
async function findGivableRole({ tx, organization }: Work, app: App, roleId: string): Promise<Role> {
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

async function findCollaborator({ prisma, tx, organization }: Work, app: App, personId: string) {
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

function inApp(app: Pick<App, "id">, { permissions: held, appIds }: GrantingRole): GrantingRole {
  return { permissions: held, appIds, assignmentAppIds: [app.id] }
}

/** Returns the permissions that a role gives in one app; none for a role that is limited to other apps. */
export function permissionsIn(app: Pick<App, "id">, role: GrantingRole): readonly Permission[] {
  const effective = effectiveRole(inApp(app, role))
  return effective.appIds?.length === 0 ? [] : permissions.filter(each => effective.permissions.has(each))
}
