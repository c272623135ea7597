import type { Tx } from "@/lib/db"
import { AppError } from "@/lib/errors"
import { administratorRole, isAdministrator } from "./directory"

/** Recorded when a transaction takes the lock: whether each organization had an administrator. */
const seenUnderLock = new WeakMap<Tx, Map<string, boolean>>()

/**
 * Waits until no other transaction is changing the administrators of the organization, and keeps others waiting until this
 * one ends. Every write of a member begins with it; changes from outside of an organization (an acceptance, the groups of a
 * sign-in) call it first. Everything that could remove an administrator (a membership, a direct role, a group's members,
 * roles or apps) calls `refuseLosingLastAdministrator` at its end.
 */
export async function lockAdministration(tx: Tx, organizationId: string): Promise<void> {
  // Weaker than FOR UPDATE but exclusive against itself: rows that refer to the organization can still be added meanwhile.
  await tx.query("SELECT id FROM organization WHERE id = $1::uuid FOR NO KEY UPDATE", [organizationId])
  const seen = seenUnderLock.get(tx) ?? new Map<string, boolean>()
  seenUnderLock.set(tx, seen)
  // A separate statement: only one that begins after the wait sees what the others committed.
  seen.set(organizationId, await hasAdministrator(tx, organizationId))
}

/**
 * Throws AppError `conflict` when the organization had an administrator at the lock and has none now. An administrator is
 * an active member who holds the built-in role directly or through a group that is not limited to apps. An organization
 * that never had one (a command has just created it) cannot lose one.
 */
export async function refuseLosingLastAdministrator(tx: Tx, organizationId: string): Promise<void> {
  const had = seenUnderLock.get(tx)?.get(organizationId)
  if (had === undefined) {
    throw new AppError("internal", "Who administers the organization was changed without taking the lock.")
  }
  if (!had || (await hasAdministrator(tx, organizationId))) return
  throw new AppError(
    "conflict",
    `This would take away the last administrator. Give somebody else the role ${administratorRole} first.`,
  )
}

async function hasAdministrator(tx: Tx, organizationId: string): Promise<boolean> {
  const found = await tx.query(
    `SELECT 1 FROM membership WHERE membership.organization_id = $1::uuid AND ${isAdministrator} LIMIT 1`,
    [organizationId],
  )
  return found.length > 0
}
