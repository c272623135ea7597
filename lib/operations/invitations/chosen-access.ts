import { areRolesPowerful, refuseGrantingMore } from "@/lib/access/granting"
import type { GrantingRole } from "@/lib/access/grants"
import type { PrismaTransaction } from "@/lib/database/database"
import { AppError, type Fault } from "@/lib/errors"
import { permissionsIn } from "@/lib/operations/collaborators/collaborator"
import { requireRecentProof } from "@/lib/operations/core/authorise"
import type { Work } from "@/lib/operations/core/operation"

interface Named {
  readonly id: string
  readonly name: string
}

/** What an invitation gives, by name. */
export interface Chosen {
  readonly roles: readonly Named[]
  readonly groups: readonly Named[]
  /** The apps in which the roles are given; none = every app. */
  readonly apps: readonly Named[]
}

/** What an invitation gives, by id. */
export interface Choice {
  readonly roleIds: readonly string[]
  readonly groupIds: readonly string[]
  readonly appIds: readonly string[]
}

interface Found {
  readonly roles: readonly (Named & GrantingRole)[]
  readonly groups: readonly Named[]
  readonly apps: readonly (Named & { readonly archivedAt: Date | null })[]
  /** All the roles that come with it, each with the apps to which it is limited. */
  readonly granted: readonly GrantingRole[]
}

/**
 * Returns the roles, groups and apps of these ids, by name, after checking that the caller may give them. Throws
 * AppError `invalid` for an id that this organization does not have and for roles that cannot be given in those apps,
 * `forbidden` for more than the caller holds, and `proof-required` when a role is powerful and the caller's proof is
 * old.
 */
export async function chooseGiven({ prisma, caller, organization }: Work, choice: Choice): Promise<Chosen> {
  const found = await findGiven(prisma, organization.id, choice)
  const faults = [
    ...unknown("/roleIds", choice.roleIds, found.roles, "There is no such role any more."),
    ...unknown("/groupIds", choice.groupIds, found.groups, "There is no such group any more."),
    ...unknown("/appIds", choice.appIds, found.apps, "There is no such app any more."),
  ]
  if (faults.length > 0) throw new AppError("invalid", "Not everything chosen exists.", { faults })
  refuseUnfitApps(found, choice)
  refuseGrantingMore(caller.principal, found.granted)
  if (areRolesPowerful(found.granted)) requireRecentProof(caller)
  const { roles, groups, apps } = found
  return { roles: roles.map(nameOf), groups: groups.map(nameOf), apps: apps.map(nameOf) }
}

/** Returns those of these roles, groups and apps that exist, by name, and all the roles that come with them. */
export async function findGiven(
  prisma: PrismaTransaction,
  organizationId: string,
  { roleIds, groupIds, appIds }: Choice,
): Promise<Found> {
  const orderBy = { name: "asc" } as const
  const roles = await prisma.role.findMany({
    where: { organizationId, id: { in: [...roleIds] } },
    orderBy,
  })
  const groups = await prisma.group.findMany({
    where: { organizationId, id: { in: [...groupIds] } },
    include: { roles: { include: { role: true } }, apps: { select: { appId: true } } },
    orderBy,
  })
  const apps = await prisma.app.findMany({
    where: { organizationId, id: { in: [...appIds] } },
    select: { id: true, name: true, archivedAt: true },
    orderBy,
  })
  const granted: readonly GrantingRole[] = [
    // Counts the requested ids: an app that is not found must not turn "in one app" into "in every app".
    ...roles.map(role => ({ ...role, assignmentAppIds: appIds })),
    ...groups.flatMap(group =>
      group.roles.map(({ role }) => ({ ...role, assignmentAppIds: group.apps.map(({ appId }) => appId) })),
    ),
  ]
  return { roles, groups, apps, granted }
}

// In single apps roles are held as a collaborator holds them: one role per app, with only the permissions that stay
// within the app.
function refuseUnfitApps({ roles, apps }: Found, choice: Choice): void {
  if (choice.appIds.length === 0) return
  const [role] = roles
  if (!role || new Set(choice.roleIds).size > 1) {
    throw unfit("/appIds", "Choose one role to give in these apps: in an app, a member holds a single role.")
  }
  for (const [position, id] of choice.appIds.entries()) {
    const app = apps.find(each => each.id === id)
    const pointer = `/appIds/${position}`
    if (!app) continue
    if (app.archivedAt) throw unfit(pointer, `The app ${app.name} is archived.`)
    if (permissionsIn(app, role).length === 0) {
      const why = "what it holds reaches beyond an app, or is for other apps."
      throw unfit(pointer, `In the app ${app.name}, ${role.name} gives nothing: ${why}`)
    }
  }
}

function unfit(pointer: string, message: string): AppError {
  return new AppError("invalid", message, { faults: [{ pointer, message }] })
}

function unknown(
  pointer: string,
  asked: readonly string[],
  found: readonly { readonly id: string }[],
  message: string,
): Fault[] {
  return asked.flatMap((id, position) =>
    found.some(each => each.id === id) ? [] : [{ pointer: `${pointer}/${position}`, message }],
  )
}

function nameOf({ id, name }: Named): Named {
  return { id, name }
}
