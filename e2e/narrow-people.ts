import { randomUUID } from "node:crypto"
import type { BrowserContext } from "@playwright/test"
import { inDatabase } from "./database"
import { enter, type Newcomer, newcomer } from "./newcomer"

/** A signed-in person, in a separate browser. */
export interface Arrived {
  readonly person: Newcomer
  readonly context: BrowserContext
}

/** The fixture `another`. */
type Another = () => Promise<BrowserContext>

/** Returns a new member of acme with that role, signed in. */
export async function arrive(another: Another, role = "Auditor"): Promise<Arrived> {
  const person = await newcomer(role)
  const context = await another()
  await enter(context, person)
  return { person, context }
}

/**
 * Returns a new member of acme with one role of these permissions, limited to the apps with these slugs (none = every app).
 */
export async function arriveWith(
  another: Another,
  permissions: readonly string[],
  apps: readonly string[] = [],
): Promise<Arrived> {
  const arrived = await arrive(another, "Member")
  await giveOnly(arrived.person, permissions, apps)
  return arrived
}

/** From here on the member holds these permissions in these apps, and nothing else. */
export async function giveOnly(
  { id }: Newcomer,
  permissions: readonly string[],
  apps: readonly string[] = [],
): Promise<void> {
  const role = randomUUID()
  await inDatabase("acme", [
    [
      `INSERT INTO role (id, organization_id, name, permissions, app_ids)
       VALUES ($2, $1, $3, $4, ARRAY(SELECT id FROM app WHERE organization_id = $1 AND slug = ANY ($5)))`,
      role,
      `Role ${role.slice(0, 8)}`,
      permissions,
      apps,
    ],
    ["DELETE FROM membership_role WHERE organization_id = $1 AND person_id = $2", id],
    ["INSERT INTO membership_role (organization_id, person_id, role_id) VALUES ($1, $2, $3)", id, role],
  ])
}

/** Suspends a membership. */
export async function suspend({ id }: Newcomer): Promise<void> {
  await inDatabase("acme", [
    ["UPDATE membership SET status = 'suspended' WHERE organization_id = $1 AND person_id = $2", id],
  ])
}
