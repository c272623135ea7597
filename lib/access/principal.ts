import type { Permission } from "@/lib/access/permissions"
import type { Scope } from "@/lib/audit/query/query"

export interface OrganizationRef {
  readonly id: string
  readonly slug: string
  readonly name: string
}

export interface AppRef {
  readonly id: string
  readonly slug: string
  readonly name: string
}

/** Somebody signed in. Without an organization in the address, `organization` is null and there are no permissions. */
export interface PersonPrincipal {
  readonly kind: "person"
  readonly personId: string
  readonly name: string
  readonly email: string
  /** SHA-256 (hex) of the session id. */
  readonly sessionHash: string
  readonly organization: OrganizationRef | null
  readonly permissions: ReadonlySet<Permission>
  /** Null when there is no organization. */
  readonly scope: Scope | null
}

export interface ApiKeyPrincipal {
  readonly kind: "api-key"
  readonly keyId: string
  readonly name: string
  readonly organization: OrganizationRef
  readonly app: AppRef
  readonly permissions: ReadonlySet<Permission>
  readonly scope: Scope
}

/** A command or a background job of ours, acting on one organization or (null) on none yet. */
export interface JobPrincipal {
  readonly kind: "job"
  readonly name: string
  readonly organization: OrganizationRef | null
  readonly permissions: ReadonlySet<Permission>
  readonly scope: Scope | null
}

export interface AnonymousPrincipal {
  readonly kind: "anonymous"
  readonly organization: null
  readonly permissions: ReadonlySet<Permission>
  readonly scope: null
}

/** Who is calling us now, with what they may do and see. (Actor is who an event is about.) */
export type Principal = PersonPrincipal | ApiKeyPrincipal | JobPrincipal | AnonymousPrincipal
