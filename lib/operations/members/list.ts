import { z } from "zod"
import { type HeldRoleOfMember, type HeldThrough, heldRolesOfAll, throughOf } from "@/lib/access/held-roles"
import { dateText } from "@/lib/database/instant"
import { operation, type Work } from "@/lib/operations/core/operation"
import { searchInput } from "./input"
import type { MemberStatus } from "./member"
import { mostMembers } from "./member-choices"

/** A role of a member, with every way in which they hold it. */
export interface ListedRole {
  readonly id: string
  readonly name: string
  readonly through: readonly HeldThrough[]
}

/** A member as the list shows them. */
export interface ListedMember {
  readonly personId: string
  readonly name: string
  readonly email: string
  readonly status: MemberStatus
  /** When they last used this organization, with a resolution of five minutes; null = never. */
  readonly lastSeenAt: string | null
  readonly createdAt: string
  /** By name. */
  readonly roles: readonly ListedRole[]
  /** Names of their groups. */
  readonly groups: readonly string[]
}

/** The result of a search. */
export interface ListedMembers {
  /** By name. */
  readonly members: readonly ListedMember[]
  /** True when there are more than are listed. */
  readonly isCut: boolean
  /** The number of members of the organization, whatever was searched for. */
  readonly total: number
}

/** Lists by name the members whose name, email, roles or groups contain the words; at most 1,000 at once. */
export const listMembers = operation({
  name: "organization_member.list",
  summary: "Lists the members: their roles and through what, when they were last seen, and their status.",
  permission: "MEMBER-MANAGEMENT",
  effect: "read",
  input: z.strictObject({ search: searchInput }),
  run: ({ read }, { search = "" }): Promise<ListedMembers> => read(work => find(work, search)),
})

type FoundMember = Omit<ListedMember, "roles">

async function find({ tx, organization }: Work, search: string): Promise<ListedMembers> {
  const organizationId = organization.id
  const found = await tx.query<FoundMember>(foundMembers, [organizationId, search, mostMembers + 1])
  const roles = rolesByMember(await heldRolesOfAll(tx, organizationId))
  const members = found
    .slice(0, mostMembers)
    .map(member => ({ ...member, roles: roles.get(member.personId) ?? [] }))
  const [counted] = await tx.query<{ readonly total: number }>(
    "SELECT count(*)::int AS total FROM membership WHERE organization_id = $1::uuid",
    [organizationId],
  )
  return { members, isCut: found.length > mostMembers, total: counted?.total ?? 0 }
}

const foundMembers = `
  WITH listed AS (
    SELECT person.id AS "personId", person.name, person.email, membership.status,
      ${dateText("membership.last_seen_at")} AS "lastSeenAt",
      ${dateText("membership.created_at")} AS "createdAt",
      ARRAY(SELECT member_group.name FROM group_member
            JOIN member_group ON member_group.organization_id = group_member.organization_id
              AND member_group.id = group_member.group_id
            WHERE group_member.organization_id = $1::uuid AND group_member.person_id = person.id
            ORDER BY 1) AS groups,
      ARRAY(SELECT role.name FROM held_role held
            JOIN role ON role.organization_id = held.organization_id AND role.id = held.role_id
            WHERE held.organization_id = $1::uuid AND held.person_id = person.id) AS held
    FROM membership JOIN person ON person.id = membership.person_id
    WHERE membership.organization_id = $1::uuid
  )
  SELECT "personId", name, email, status, "lastSeenAt", "createdAt", groups FROM listed
  WHERE $2 = '' OR position(lower($2) IN lower(concat_ws(' ', name, email, status, array_to_string(groups, ' '),
    array_to_string(held, ' ')))) > 0
  ORDER BY lower(name), email
  LIMIT $3`

function rolesByMember(held: readonly HeldRoleOfMember[]): ReadonlyMap<string, readonly ListedRole[]> {
  const byMember = new Map<string, Map<string, { id: string; name: string; through: HeldThrough[] }>>()
  for (const each of held) {
    const roles = byMember.get(each.personId) ?? new Map()
    byMember.set(each.personId, roles)
    const role = roles.get(each.roleId) ?? { id: each.roleId, name: each.name, through: [] }
    roles.set(each.roleId, role)
    role.through.push(throughOf(each))
  }
  return new Map([...byMember].map(([personId, roles]) => [personId, [...roles.values()]]))
}
