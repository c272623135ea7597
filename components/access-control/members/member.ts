import type { Through } from "@/components/access-control/roles/role"
import type { Permission } from "@/lib/access/permissions"

export type MemberStatus = "active" | "suspended"

/** A member as the list shows them. */
export interface MemberRow {
  readonly personId: string
  readonly name: string
  readonly email: string
  readonly status: MemberStatus
  readonly lastSeenAt: string | null
  readonly roles: readonly {
    readonly id: string
    readonly name: string
    readonly through: readonly Through[]
  }[]
}

/** One way in which a member holds a permission. */
export interface Reason {
  readonly role: { readonly id: string; readonly name: string }
  readonly through: Through
  readonly includedIn: Permission | null
  /** Names; null = every app. */
  readonly apps: readonly string[] | null
}

/** What a member may do and see, and why. */
export interface Effect {
  readonly held: readonly {
    readonly permission: Permission
    readonly description: string
    readonly reasons: readonly Reason[]
  }[]
  readonly withheld: readonly { readonly permission: Permission; readonly reasons: readonly Reason[] }[]
  readonly sees: string
}

/** A browser in which a member is signed in. */
export interface SessionRow {
  readonly id: string
  readonly ip: string | null
  readonly userAgent: string | null
  readonly lastSeenAt: string
  readonly createdAt: string
  readonly isThisOne: boolean
}

/** A member with everything to know before changing their access. */
export interface MemberFacts {
  readonly personId: string
  readonly name: string
  readonly email: string
  readonly status: MemberStatus
  readonly createdAt: string
  readonly lastSeenAt: string | null
  readonly isSelf: boolean
  readonly roles: readonly { readonly id: string; readonly name: string; readonly through: Through }[]
  readonly groups: readonly { readonly id: string; readonly name: string; readonly fromClaim: boolean }[]
  readonly effect: Effect
  readonly sessions: readonly SessionRow[]
  readonly sessionsRefusal: string | null
  readonly keys: readonly { readonly id: string; readonly name: string; readonly appName: string }[]
  readonly refusal: string | null
}

/** A role that a dialog offers. */
export interface RoleChoice {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly refusal: string | null
}

/** Returns the words as in `a, b and c`. */
export function inWords(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`
}
