import type { Permission } from "@/lib/access/permissions"

/** What is shown of an API key; never the key. Times as ISO 8601. */
export interface ApiKeyRow {
  readonly id: string
  readonly name: string
  /** Its readable beginning. */
  readonly prefix: string
  readonly lastFour: string
  readonly scopes: readonly Permission[]
  /** Networks that may use it; none = every address. */
  readonly allowedNetworks: readonly string[]
  /** The key whose place it took, when it came of a rotation. */
  readonly replacesId: string | null
  /** The active key that takes its place, at once or after others; null when the place is free. */
  readonly replacedBy: { readonly lastFour: string } | null
  readonly createdAt: string
  /** Null when a command made it. */
  readonly createdBy: { readonly name: string } | null
  readonly expiresAt: string | null
  readonly lastUsedAt: string | null
  readonly lastUsedIp: string | null
  readonly state: "active" | "expired" | "revoked"
  /** Active, and not used for so long that it should be revoked. */
  readonly isIdle: boolean
}

/** What can be changed of a key: also the state from which somebody began to edit it. */
export type KeyText = Pick<ApiKeyRow, "name" | "expiresAt" | "allowedNetworks">

/** A key that can be shown this once. */
export interface NewKey {
  readonly key: string
  /** The key whose place it takes, and when that one ends. */
  readonly replaced: { readonly lastFour: string; readonly expiresAt: string } | null
}

/** Promise: the key as it may be shown: enough to recognise, not enough to use. */
export function maskedKey(key: Pick<ApiKeyRow, "prefix" | "lastFour">): string {
  return `${key.prefix}…${key.lastFour}`
}
