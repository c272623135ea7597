import type { Permission } from "@/lib/access/permissions"

/** What is shown of an API key; never the key itself. Times as ISO 8601. */
export interface ApiKeyRow {
  readonly id: string
  readonly name: string
  /** Its readable prefix. */
  readonly prefix: string
  readonly lastFour: string
  readonly scopes: readonly Permission[]
  /** Networks that may use it; none = every ip. */
  readonly allowedNetworks: readonly string[]
  /** The key that it replaced, when a rotation created it. */
  readonly replacesId: string | null
  /** The active key that replaces it, directly or through later ones; null when there is none. */
  readonly replacedBy: { readonly lastFour: string } | null
  readonly createdAt: string
  /** Null when a command created it. */
  readonly createdBy: { readonly name: string } | null
  readonly expiresAt: string | null
  readonly lastUsedAt: string | null
  readonly lastUsedIp: string | null
  readonly state: "active" | "expired" | "revoked"
  /** True when it is active, and unused for so long that it should be revoked. */
  readonly isIdle: boolean
}

/** The editable values of a key; also the state that a form was opened with. */
export type KeyText = Pick<ApiKeyRow, "name" | "expiresAt" | "allowedNetworks">

/** A key that can be shown only this once. */
export interface NewKey {
  readonly key: string
  /** The key that it replaces, and when that one ends. */
  readonly replaced: { readonly lastFour: string; readonly expiresAt: string } | null
}

/** Returns the key in a form that can be shown: enough to recognise, not enough to use. */
export function maskedKey(key: Pick<ApiKeyRow, "prefix" | "lastFour">): string {
  return `${key.prefix}…${key.lastFour}`
}
