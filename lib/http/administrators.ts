import { membersHolding, type Principal } from "@/lib/access/principal"
import { platform } from "@/lib/platform"

/** Somebody to ask for a permission. */
export interface Administrator {
  readonly name: string
  readonly email: string
}

/** Promise: the members who can hand out roles in the caller's organization; none for whoever is not in one. */
export async function administratorsFor(principal: Principal | null): Promise<readonly Administrator[]> {
  if (principal?.kind !== "person" || principal.organization === null) return []
  const members = await membersHolding(platform().database, principal.organization.id, "ROLE-MANAGEMENT")
  return members.map(({ name, email }) => ({ name, email }))
}
