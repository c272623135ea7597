import { isPermission, type Permission } from "@/lib/access/permissions"
import type { JsonObject } from "@/lib/audit/json/value"
import { AppError } from "@/lib/errors"
import type { Work } from "@/lib/operations/core/operation"
import { type KeyInLine, type KeyState, stateOf } from "./key-state"
import { dayMs } from "./rules"

/** A key as lists show it: enough to recognise it, not enough to use it. */
export interface ApiKeySummary {
  readonly id: string
  readonly app: { readonly id: string; readonly slug: string; readonly name: string }
  readonly name: string
  readonly prefix: string
  readonly lastFour: string
  readonly scopes: readonly Permission[]
  /** Networks from which it may be used; empty means every ip. */
  readonly allowedNetworks: readonly string[]
  /** The key that it replaced, when a rotation created it. */
  readonly replacesId: string | null
  /** The active key that replaces it, directly or through later ones; null when there is none. */
  readonly replacedBy: { readonly lastFour: string } | null
  readonly createdAt: string
  /** Null when a command created it. */
  readonly createdBy: { readonly id: string; readonly name: string } | null
  readonly expiresAt: string | null
  readonly lastUsedAt: string | null
  readonly lastUsedIp: string | null
  readonly revokedAt: string | null
  readonly state: KeyState
  /** True when an active key was not used for more than 90 days: it should be revoked. */
  readonly isIdle: boolean
}

const idleMs = 90 * dayMs

/**
 * Returns the app of a key. Throws AppError `invalid` for an unknown app and, without `anyApp`, for a built-in or
 * archived one.
 */
export async function findApp({ prisma, organization }: Work, slug: string, anyApp = false) {
  const organizationId = organization.id
  const app = await prisma.app.findUnique({ where: { organizationId_slug: { organizationId, slug } } })
  const fault = !app
    ? `There is no app "${slug}".`
    : anyApp
      ? null
      : app.builtIn
        ? "This app carries the console's own events and takes no keys: choose another."
        : app.archivedAt
          ? "This app is archived: choose another."
          : null
  if (!app || fault !== null) {
    const message = fault ?? "There is no such app."
    throw new AppError("invalid", message, { faults: [{ pointer: "/app", message }] })
  }
  return { id: app.id, slug: app.slug, name: app.name }
}

interface StoredKey extends KeyInLine {
  readonly name: string
  readonly prefix: string
  readonly lastFour: string
  readonly scopes: readonly string[]
  readonly allowedNetworks: readonly string[]
  readonly createdAt: Date
  readonly lastUsedAt: Date | null
  readonly lastUsedIp: string | null
  readonly app: ApiKeySummary["app"]
  readonly createdBy: ApiKeySummary["createdBy"]
}

/** Returns the key as lists show it; `next` is its active replacement. */
export function summaryOf(key: StoredKey, next: StoredKey | undefined, at: Date): ApiKeySummary {
  const { id, name, prefix, lastFour, lastUsedIp, app, createdBy, allowedNetworks, replacesId } = key
  const state = stateOf(key, at)
  const lastSign = key.lastUsedAt ?? key.createdAt
  return {
    ...{ id, app, name, prefix, lastFour, createdBy, lastUsedIp, allowedNetworks, replacesId, state },
    replacedBy: next ? { lastFour: next.lastFour } : null,
    scopes: key.scopes.filter(isPermission),
    createdAt: key.createdAt.toISOString(),
    expiresAt: key.expiresAt?.toISOString() ?? null,
    lastUsedAt: key.lastUsedAt?.toISOString() ?? null,
    revokedAt: key.revokedAt?.toISOString() ?? null,
    isIdle: state === "active" && at.getTime() - lastSign.getTime() > idleMs,
  }
}

/** Returns the event of a new key: everything but the key itself. */
export function recordedKey({
  name,
  prefix,
  lastFour,
  scopes,
  allowedNetworks,
  expiresAt,
}: RecordedKey): JsonObject {
  return { name, prefix, lastFour, scopes: [...scopes], allowedNetworks: [...allowedNetworks], expiresAt }
}

type RecordedKey = Pick<
  ApiKeySummary,
  "name" | "prefix" | "lastFour" | "scopes" | "allowedNetworks" | "expiresAt"
>
