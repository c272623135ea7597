export type { MemberDetail as MemberFacts, MemberSession as SessionRow } from "@/lib/operations/members/find"
export type { ListedMember as MemberRow } from "@/lib/operations/members/list"
export type { MemberStatus } from "@/lib/operations/members/member"
export type { Effect, Reason } from "@/lib/operations/members/why"
export type { RoleChoice } from "@/lib/operations/roles/role-choices"

/** Returns the words as in `a, b and c`. */
export function inWords(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`
}
