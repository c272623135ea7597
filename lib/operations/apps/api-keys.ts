import { randomBytes } from "node:crypto"
import { z } from "zod"
import { makeApiKey } from "@/lib/access/keys/api-keys"
import { isPermission, type Permission, permissions } from "@/lib/access/permissions"
import type { Principal } from "@/lib/access/principal"
import { uuidv7 } from "@/lib/audit/event/uuid"
import type { PrismaTransaction } from "@/lib/db"
import { AppError, type Fault } from "@/lib/errors"
import { operation } from "@/lib/operations/operation"
import { nameInput } from "@/lib/operations/sign-in/accounts"
import { platform } from "@/lib/platform"

/** A key as lists show it: enough to recognise it, not enough to use it. */
export interface ApiKeySummary {
  readonly id: string
  readonly app: { readonly id: string; readonly slug: string; readonly name: string }
  readonly name: string
  readonly prefix: string
  readonly lastFour: string
  readonly scopes: readonly Permission[]
  readonly createdAt: string
  /** Null when a command made it. */
  readonly createdBy: { readonly id: string; readonly name: string } | null
  readonly expiresAt: string | null
  readonly lastUsedAt: string | null
  readonly lastUsedIp: string | null
  readonly revokedAt: string | null
  readonly state: "active" | "expired" | "revoked"
  /** True when an active key was not used for more than 90 days: it should be revoked. */
  readonly isIdle: boolean
}

const dayMs = 24 * 60 * 60 * 1000
const longestLifeMs = 366 * dayMs
const idleMs = 90 * dayMs
const seeing: readonly Permission[] = ["LOG-MANAGEMENT", "LOG-EXPORT"]

/** A day (the key works to its end, in UTC) or an instant. */
const expiryInput = z
  .union([z.iso.date(), z.iso.datetime({ offset: true })], {
    error: "Give a day like 2027-01-31, or an instant like 2027-01-31T12:00:00Z.",
  })
  .transform(text =>
    text.length === 10 ? new Date(Date.parse(`${text}T00:00:00Z`) + dayMs) : new Date(text),
  )

/**
 * Makes an API key of an app. Promise: the key itself, which is stored nowhere and cannot be shown again. What the
 * key may do is never more than what its maker may.
 */
export const createApiKey = operation({
  name: "api_key.create",
  summary: "Makes an API key of an app; the key is in the answer and never shown again.",
  permission: "APP-MANAGEMENT",
  recentProof: true,
  effect: "write",
  input: z.strictObject({
    /** The slug of the app. */
    app: z.string().max(100),
    name: nameInput,
    scopes: z.array(z.enum(permissions)).min(1, "Choose at least one scope.").max(permissions.length),
    /** Null: the key works until it is revoked. */
    expiresAt: expiryInput.nullable(),
  }),
  run: async ({ caller, organization, prisma }, input) => {
    const { at, principal } = caller
    const app = await findApp(prisma, organization.id, input.app)
    const scopes = permissions.filter(permission => input.scopes.includes(permission))
    const faults = [...scopeFaults(principal, scopes), ...expiryFaults(input.expiresAt, at)]
    if (faults.length > 0) throw new AppError("invalid", "The key cannot be made like this.", { faults })
    const { key, secretHash, prefix, lastFour } = makeApiKey(randomBytes)
    const id = uuidv7(at.getTime(), randomBytes(10))
    const createdById = principal.kind === "person" ? principal.personId : null
    const stored = { id, name: input.name, prefix, lastFour, scopes, expiresAt: input.expiresAt }
    await prisma.apiKey.create({
      data: {
        ...stored,
        organizationId: organization.id,
        appId: app.id,
        secretHash,
        createdById,
        createdAt: at,
      },
    })
    return { key, ...stored, expiresAt: stored.expiresAt?.toISOString() ?? null, app }
  },
  about: (_, { id, name, prefix, lastFour, scopes, expiresAt, app }) => ({
    targets: [
      { type: "api_key", id, name },
      { type: "application", id: app.id, name: app.name },
    ],
    description: `The API key ${name} was made for the app ${app.name}.`,
    changes: [{ path: "", before: null, after: { name, prefix, lastFour, scopes: [...scopes], expiresAt } }],
  }),
})

/** Revokes an API key. It is refused everywhere within five seconds, for ever. */
export const revokeApiKey = operation({
  name: "api_key.revoke",
  summary: "Revokes an API key.",
  permission: "APP-MANAGEMENT",
  effect: "write",
  input: z.strictObject({ id: z.uuid("Give the id of a key, as the list shows it.") }),
  run: async ({ caller, organization, prisma }, { id }) => {
    const where = { id, organizationId: organization.id }
    const key = await prisma.apiKey.findFirst({ where, select: { id: true, name: true, appId: true } })
    if (!key) throw new AppError("not-found", "There is no such key.")
    const revoked = await prisma.apiKey.updateMany({
      where: { ...where, revokedAt: null },
      data: { revokedAt: caller.at },
    })
    if (revoked.count === 0) throw new AppError("conflict", `The key ${key.name} is revoked already.`)
    const app = await prisma.app.findUniqueOrThrow({
      where: { id: key.appId },
      select: { id: true, slug: true, name: true },
    })
    return { id: key.id, name: key.name, app, revokedAt: caller.at.toISOString() }
  },
  about: (_, { id, name, app, revokedAt }) => ({
    targets: [
      { type: "api_key", id, name },
      { type: "application", id: app.id, name: app.name },
    ],
    description: `The API key ${name} of the app ${app.name} was revoked.`,
    changes: [{ path: "/revokedAt", before: null, after: revokedAt }],
  }),
})

/** Lists the API keys of the organization or of one app, newest first; at most 1,000. */
export const listApiKeys = operation({
  name: "api_key.list",
  summary: "Lists API keys: what they may do, and when they were last used.",
  permission: "APP-MANAGEMENT",
  effect: "read",
  input: z.strictObject({ app: z.string().max(100).optional() }),
  run: ({ caller, organization }, { app }): Promise<readonly ApiKeySummary[]> =>
    platform().database.withOrganizationPrisma(organization.id, async ({ prisma }) => {
      const appId = app === undefined ? undefined : (await findApp(prisma, organization.id, app, true)).id
      const keys = await prisma.apiKey.findMany({
        where: { organizationId: organization.id, appId },
        include: {
          app: { select: { id: true, slug: true, name: true } },
          createdBy: { select: { id: true, name: true } },
        },
        orderBy: [{ createdAt: "desc" }, { id: "desc" }],
        take: 1_000,
      })
      return keys.map(key => summaryOf(key, caller.at))
    }),
})

async function findApp(prisma: PrismaTransaction, organizationId: string, slug: string, anyApp = false) {
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

// A key sees the whole organization, so only somebody who sees all of it can hand that on.
function scopeFaults(principal: Principal, scopes: readonly Permission[]): Fault[] {
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

function expiryFaults(expiresAt: Date | null, at: Date): Fault[] {
  if (expiresAt === null) return []
  const pointer = "/expiresAt"
  if (expiresAt <= at) return [{ pointer, message: "Choose a time to come." }]
  if (expiresAt.getTime() - at.getTime() <= longestLifeMs) return []
  return [{ pointer, message: "Choose a time within one year." }]
}

function summaryOf(
  key: {
    readonly id: string
    readonly name: string
    readonly prefix: string
    readonly lastFour: string
    readonly scopes: readonly string[]
    readonly createdAt: Date
    readonly expiresAt: Date | null
    readonly lastUsedAt: Date | null
    readonly lastUsedIp: string | null
    readonly revokedAt: Date | null
    readonly app: ApiKeySummary["app"]
    readonly createdBy: ApiKeySummary["createdBy"]
  },
  at: Date,
): ApiKeySummary {
  const { id, name, prefix, lastFour, lastUsedIp, app, createdBy } = key
  const isExpired = key.expiresAt !== null && key.expiresAt <= at
  const state = key.revokedAt ? "revoked" : isExpired ? "expired" : "active"
  const lastSign = key.lastUsedAt ?? key.createdAt
  return {
    ...{ id, app, name, prefix, lastFour, createdBy, lastUsedIp, state },
    scopes: key.scopes.filter(isPermission),
    createdAt: key.createdAt.toISOString(),
    expiresAt: key.expiresAt?.toISOString() ?? null,
    lastUsedAt: key.lastUsedAt?.toISOString() ?? null,
    revokedAt: key.revokedAt?.toISOString() ?? null,
    isIdle: state === "active" && at.getTime() - lastSign.getTime() > idleMs,
  }
}
