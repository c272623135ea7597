import { isPermission, type Permission, permissions } from "@/lib/access/permissions"
import { AppError } from "@/lib/errors"
import type { Work } from "@/lib/operations/core/operation"

/** An app as a role names it. */
export interface RoleApp {
  readonly id: string
  readonly slug: string
  readonly name: string
}

/** What a role says; also the state that a form was opened with. */
export interface RoleState {
  readonly name: string
  readonly description: string
  /** In the order of the catalogue. */
  readonly permissions: readonly Permission[]
  /** The apps it is limited to, sorted; none = every app. */
  readonly appIds: readonly string[]
}

/** A role as the database stores it. */
export interface StoredRole extends RoleState {
  readonly id: string
  readonly builtIn: boolean
  readonly createdAt: Date
}

/** Returns the permissions among the texts, each once, in the order of the catalogue. */
export function inOrder(texts: readonly string[]): readonly Permission[] {
  const held = new Set(texts.filter(isPermission))
  return permissions.filter(permission => held.has(permission))
}

/** Returns the role of a database row. */
export function storedRole(row: {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly builtIn: boolean
  readonly permissions: readonly string[]
  readonly appIds: readonly string[]
  readonly createdAt: Date
}): StoredRole {
  const { id, name, description, builtIn, createdAt } = row
  return {
    ...{ id, name, description, builtIn, createdAt },
    permissions: inOrder(row.permissions),
    appIds: [...row.appIds].sort(),
  }
}

/**
 * Returns the role, locked until the transaction ends. Throws AppError `not-found` when the organization has no such
 * role.
 */
export async function lockRole(work: Work, id: string): Promise<StoredRole> {
  await work.tx.query("SELECT 1 FROM role WHERE organization_id = $1::uuid AND id = $2::uuid FOR UPDATE", [
    work.organization.id,
    id,
  ])
  return findRole(work, id)
}

/** Returns the role. Throws AppError `not-found` when the organization has no such role. */
export async function findRole({ prisma, organization }: Work, id: string): Promise<StoredRole> {
  const row = await prisma.role.findFirst({ where: { id, organizationId: organization.id } })
  if (!row) throw new AppError("not-found", "There is no such role.")
  return storedRole(row)
}

/** Throws AppError `conflict` for a built-in role, which nobody can change. */
export function refuseBuiltIn(role: StoredRole): void {
  if (!role.builtIn) return
  throw new AppError(
    "conflict",
    `${role.name} is built in and cannot be changed or deleted. Duplicate it, and change the copy.`,
  )
}

/** Returns only the fields of a state. */
export function stateOf({ name, description, permissions, appIds }: RoleState): RoleState {
  return { name, description, permissions, appIds }
}

/** Returns whether both states are equal. */
export function sameState(first: RoleState, second: RoleState): boolean {
  return (
    first.name === second.name &&
    first.description === second.description &&
    inOrder(first.permissions).join() === inOrder(second.permissions).join() &&
    [...first.appIds].sort().join() === [...second.appIds].sort().join()
  )
}
