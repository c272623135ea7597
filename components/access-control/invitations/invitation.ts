/** A role or a group that an invitation can carry. */
export interface InviteChoice {
  readonly id: string
  readonly name: string
  readonly description: string
  /** Why the person cannot hand it out; null when they can. */
  readonly refusal: string | null
}

/** What became of one address. */
export interface InviteResult {
  readonly email: string
  readonly outcome: "invited" | "member" | "suspended" | "open" | "not-an-address"
}

/** Promise: what became of an address, as the end of a sentence about it. */
export const outcomeWords: Readonly<Record<InviteResult["outcome"], string>> = {
  invited: "The invitation is on its way.",
  member: "Is a member already. Nothing was sent.",
  suspended: "Is a suspended member. Reactivate them on the tab Members; nothing was sent.",
  open: "Has an open invitation already. Send that one again on the tab Invitations.",
  "not-an-address": "Is not an e-mail address. Nothing was sent.",
}
