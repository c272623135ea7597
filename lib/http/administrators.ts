import { membersHolding, type Principal } from "@/lib/access/principal"
import { platform } from "@/lib/platform"

/** A member to ask for a permission. */
export interface Administrator {
  readonly name: string
  readonly email: string
}

/** Returns the members who can give roles in the caller's organization; an empty array outside of one. */
export async function administratorsFor(principal: Principal | null): Promise<readonly Administrator[]> {
  if (principal?.kind !== "person" || principal.organization === null) return []
  const members = await membersHolding(platform().database, principal.organization.id, "ROLE-MANAGEMENT")
  return members.map(({ name, email }) => ({ name, email }))
}
