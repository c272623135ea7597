import type { People } from "@/components/form/people-search"
import type { Permission } from "@/lib/access/permissions"

/** A member who holds a role in one app only. */
export interface CollaboratorRow {
  readonly personId: string
  readonly name: string
  readonly email: string
  readonly status: "active" | "suspended"
  readonly role: { readonly id: string; readonly name: string }
  /** The permissions that the role gives in the app. */
  readonly permissions: readonly Permission[]
  readonly since: string
}

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
