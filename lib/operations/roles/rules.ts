import { z } from "zod"
import { areRolesPowerful, refuseGrantingMore } from "@/lib/access/granting"
import { effectiveRole } from "@/lib/access/grants"
import { expandPermissions, type Permission, permissions } from "@/lib/access/permissions"
import type { Fault } from "@/lib/errors"
import { AppError } from "@/lib/errors"
import { requireRecentProof } from "@/lib/operations/core/authorise"
import type { Caller, Work } from "@/lib/operations/core/operation"
import { nameInput } from "@/lib/operations/sign-in/credentials"
import { inOrder, type RoleState } from "./role"

const controlCharacters = /[^\P{Cc}\n]/u

/** The fields of a role's form. */
export const roleInput = {
  name: nameInput,
  description: z
    .string()
    .trim()
    .max(500, "Use at most 500 characters.")
    .refine(text => !controlCharacters.test(text), "Use plain text without control characters."),
  permissions: z.array(z.enum(permissions)).max(permissions.length),
  /** Ids of the apps to limit it to; none = every app. */
  appIds: z.array(z.uuid("Give the id of an app.")).max(200, "Choose at most 200 apps."),
}

/** An id of a role, as lists show it. */
export const roleId = z.uuid("Give the id of a role, as the list shows it.")

/**
 * Returns whether a role that is limited to some apps can contain the permission. Other permissions reach every app.
 */
export function isLimitable(permission: Permission): boolean {
  return effectiveRole({ permissions: [permission], appIds: ["any"] }).permissions.has(permission)
}

/** Returns the state to store: each permission and app once, without permissions that another one includes. */
export function tidyState({ name, description, permissions, appIds }: RoleState): RoleState {
  const comesWithAnother = (permission: Permission) =>
    permissions.some(other => other !== permission && expandPermissions([other]).has(permission))
  return {
    name,
    description,
    permissions: inOrder(permissions.filter(permission => !comesWithAnother(permission))),
    appIds: [...new Set(appIds)].sort(),
  }
}

/** Throws AppError `invalid`, with a fault for each field, unless the role may have this state. */
export async function checkState(
  work: Work,
  { state, id }: { readonly state: RoleState; readonly id: string | null },
): Promise<void> {
  const faults = [
    ...limitFaults(state),
    ...(await appFaults(work, state)),
    ...(await nameFaults(work, { name: state.name, id })),
  ]
  if (faults.length > 0) throw new AppError("invalid", "The role cannot be like this.", { faults })
}

/**
 * Throws AppError `forbidden` when the caller holds less than one of the roles, and `proof-required` when one is
 * powerful and the caller's last proof of identity is too old.
 */
export function refuseBeyondCaller(caller: Caller, roles: readonly RoleState[]): void {
  refuseGrantingMore(caller.principal, roles)
  if (areRolesPowerful(roles)) requireRecentProof(caller)
}

function limitFaults({ permissions, appIds }: RoleState): Fault[] {
  if (appIds.length === 0) return []
  return permissions
    .filter(permission => !isLimitable(permission))
    .map(permission => ({
      pointer: "/permissions",
      message: `${permission} reaches every app: take the limit away, or the permission.`,
    }))
}

async function appFaults({ prisma, organization }: Work, { appIds }: RoleState): Promise<Fault[]> {
  if (appIds.length === 0) return []
  const known = await prisma.app.findMany({
    where: { organizationId: organization.id, id: { in: [...appIds] } },
    select: { id: true },
  })
  const isKnown = new Set(known.map(app => app.id))
  return appIds.flatMap((id, position) =>
    isKnown.has(id) ? [] : [{ pointer: `/appIds/${position}`, message: "There is no such app any more." }],
  )
}

// Two concurrent changes cannot both pass: every writer of roles first takes the lock on the organization.
async function nameFaults(
  { tx, organization }: Work,
  { name, id }: { readonly name: string; readonly id: string | null },
): Promise<Fault[]> {
  const [taken] = await tx.query<{ readonly name: string }>(
    `SELECT name FROM role
     WHERE organization_id = $1::uuid AND lower(name) = lower($2) AND ($3::uuid IS NULL OR id <> $3::uuid)`,
    [organization.id, name, id],
  )
  return taken ? [{ pointer: "/name", message: `There is a role called ${taken.name} already.` }] : []
}
