import type { Tx } from "@/lib/database/tx"
import { AppError } from "@/lib/errors"
import { administratorRole, isAdministrator } from "./directory"

/** The administrators of the organizations whose lock a transaction has taken. */
export interface Administration {
  /**
   * Waits until no other transaction is changing the administrators of the organization, and keeps others waiting until
   * this one ends. Every write of a member begins with it; changes from outside of an organization (an acceptance, the
   * groups of a sign-in) call it first.
   */
  readonly lock: (organizationId: string) => Promise<void>
  /** Returns whether a locked organization had an administrator when it was locked, and has none now. */
  readonly isLost: (organizationId: string) => Promise<boolean>
  /** The organizations that are locked. */
  readonly locked: () => readonly string[]
}

/** Returns the administrators as one transaction changes them. */
export function administrationOf(tx: Tx): Administration {
  const hadAdministrator = new Map<string, boolean>()
  return {
    async lock(organizationId) {
      // Weaker than FOR UPDATE but exclusive against itself: rows that refer to the organization can still be added.
      await tx.query("SELECT id FROM organization WHERE id = $1::uuid FOR NO KEY UPDATE", [organizationId])
      if (hadAdministrator.has(organizationId)) return
      // A separate statement: only one that begins after the wait sees what the others committed.
      hadAdministrator.set(organizationId, await hasAdministrator(tx, organizationId))
    },
    async isLost(organizationId) {
      const had = hadAdministrator.get(organizationId)
      if (had === undefined) {
        throw new AppError(
          "internal",
          "Who administers the organization was changed without taking the lock.",
        )
      }
      return had && !(await hasAdministrator(tx, organizationId))
    },
    locked: () => [...hadAdministrator.keys()],
  }
}

/**
 * Throws AppError `conflict` when the organization had an administrator at the lock and has none now. An administrator is
 * an active member who holds the built-in role directly or through a group that is not limited to apps. An organization
 * that never had one (a command has just created it) cannot lose one.
 */
export async function refuseLosingLastAdministrator(
  administration: Administration,
  organizationId: string,
): Promise<void> {
  if (!(await administration.isLost(organizationId))) return
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
