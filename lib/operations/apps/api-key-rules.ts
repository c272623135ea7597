import { z } from "zod"
import { mostNetworks, networkOf } from "@/lib/access/keys/networks"
import { isPermission, type Permission } from "@/lib/access/permissions"
import type { Principal } from "@/lib/access/principal"
import type { JsonObject } from "@/lib/audit/json/value"
import { AppError, type Fault } from "@/lib/errors"
import type { Work } from "@/lib/operations/core/operation"
import { type KeyInLine, type KeyState, stateOf } from "./key-state"

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

const dayMs = 24 * 60 * 60 * 1000
const longestLifeMs = 366 * dayMs
const idleMs = 90 * dayMs
const seeing: readonly Permission[] = ["LOG-MANAGEMENT", "LOG-EXPORT", "LOG-OWN", "SINK-MANAGEMENT"]

/** The expiry of a key: a day (the key is valid until its end, in UTC) or an instant. */
export const expiryInput = z
  .union([z.iso.date(), z.iso.datetime({ offset: true })], {
    error: "Give a day like 2027-01-31, or an instant like 2027-01-31T12:00:00Z.",
  })
  .transform(text =>
    text.length === 10 ? new Date(Date.parse(`${text}T00:00:00Z`) + dayMs) : new Date(text),
  )

/** Networks that may use a key, each normalised and listed once; empty means every ip. */
export const networksInput = z
  .array(
    z
      .string()
      .max(100)
      .transform((text, context) => {
        const network = networkOf(text)
        if (network !== null) return network
        context.addIssue({
          code: "custom",
          message: `"${text}" is no address and no network. Write 192.0.2.7, 192.0.2.0/24 or 2001:db8::/32.`,
        })
        return z.NEVER
      }),
  )
  .max(mostNetworks, `Give at most ${mostNetworks} networks.`)
  .transform(networks => [...new Set(networks)])

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

/**
 * Returns the scopes that this caller cannot give: a key sees the whole organization, so giving them requires seeing
 * all of it.
 */
export function scopeFaults(principal: Principal, scopes: readonly Permission[]): Fault[] {
  const isNarrow =
    principal.scope === null || principal.scope.appIds !== null || principal.scope.actorId !== null
  return scopes.flatMap((scope, position) => {
    if (principal.permissions.has(scope) && !(isNarrow && seeing.includes(scope))) return []
    return [
      {
        pointer: `/scopes/${position}`,
        message: `You cannot give ${scope}: you do not hold it for every app.`,
      },
    ]
  })
}

/** Returns the fault of an expiry, seen from now. */
export function expiryFaults(expiresAt: Date | null, at: Date): Fault[] {
  if (expiresAt === null) return []
  const pointer = "/expiresAt"
  if (expiresAt <= at) return [{ pointer, message: "Choose a time to come." }]
  if (expiresAt.getTime() - at.getTime() <= longestLifeMs) return []
  return [{ pointer, message: "Choose a time within one year." }]
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
