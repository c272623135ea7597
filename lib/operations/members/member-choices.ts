import { z } from "zod"
import { operation, type ReadContext } from "@/lib/operations/core/operation"
import { searchInput } from "./input"

/** The most members that one list shows; a search finds others. */
export const mostMembers = 1_000

/** A member in a dialog that asks whom to add to a group or to make a collaborator. */
export interface MemberChoice {
  readonly personId: string
  readonly name: string
  readonly email: string
  readonly status: "active" | "suspended"
}

/** What a dialog can offer. */
export interface MemberChoices {
  /** By name. */
  readonly members: readonly MemberChoice[]
  /** True when there are more than are listed. */
  readonly isCut: boolean
}

/** Lists by name the members that can be added to a group; at most 1,000 at once. */
export const listMemberChoices = operation({
  name: "organization_member.choices",
  summary: "Lists the members that can be put into a group.",
  permission: "ROLE-MANAGEMENT",
  effect: "read",
  input: z.strictObject({ search: searchInput }),
  run: (context, { search }) => choicesOf(context, search),
})

/** The same for choosing a collaborator of an app. */
export const listMemberChoicesForApp = operation({
  name: "organization_member.choices_for_app",
  summary: "Lists the members that can be made collaborators of an app.",
  permission: "APP-MANAGEMENT",
  effect: "read",
  input: z.strictObject({ search: searchInput }),
  run: (context, { search }) => choicesOf(context, search),
})

async function choicesOf({ read }: ReadContext, search = ""): Promise<MemberChoices> {
  const found = await read(({ tx, organization }) =>
    tx.query<MemberChoice>(
      `SELECT person.id AS "personId", person.name, person.email, membership.status
         FROM membership JOIN person ON person.id = membership.person_id
         WHERE membership.organization_id = $1::uuid
           AND ($2 = '' OR position(lower($2) IN lower(person.name || ' ' || person.email)) > 0)
         ORDER BY lower(person.name), person.email
         LIMIT $3`,
      [organization.id, search, mostMembers + 1],
    ),
  )
  return { members: found.slice(0, mostMembers), isCut: found.length > mostMembers }
}
