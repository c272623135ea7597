import type { People } from "@/components/form/people-search"

export type { CollaboratorSummary as CollaboratorRow } from "@/lib/operations/collaborators/collaborator"

/** A role that a collaborator can be given. */
export interface RoleChoice {
  readonly id: string
  readonly name: string
  /** Why it cannot be given; null when it can. */
  readonly refusal: string | null
}

/** What a dialog offers. */
export interface CollaboratorChoices {
  readonly people: People
  /** Ids of existing collaborators. */
  readonly taken: readonly string[]
  readonly roles: readonly RoleChoice[]
}
