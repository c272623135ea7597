import { randomBytes } from "node:crypto"
import { z } from "zod"
import { makeApiKey } from "@/lib/access/keys/api-keys"
import { permissions } from "@/lib/access/permissions"
import { newId } from "@/lib/audit/ids"
import { AppError } from "@/lib/errors"
import { operation } from "@/lib/operations/core/operation"
import { nameInput } from "@/lib/operations/sign-in/credentials"
import {
  type ApiKeySummary,
  expiryFaults,
  expiryInput,
  findApp,
  networksInput,
  recordedKey,
  scopeFaults,
  summaryOf,
} from "./api-key-rules"
import { successorsOf } from "./key-state"

/**
 * Creates an API key of an app. Returns the key itself, which is stored nowhere and cannot be shown again. Its scopes
 * are limited to what its creator may do.
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
    scopes: z.array(z.enum(permissions)).min(1, "Choose at least one permission.").max(permissions.length),
    /** Null: the key is valid until it is revoked. */
    expiresAt: expiryInput.nullable(),
    allowedNetworks: networksInput.default([]),
  }),
  run: async (context, input) => {
    const { organization, prisma } = context
    const { at, principal } = context.caller
    const app = await findApp(context, input.app)
    const scopes = permissions.filter(permission => input.scopes.includes(permission))
    const faults = [...scopeFaults(principal, scopes), ...expiryFaults(input.expiresAt, at)]
    if (faults.length > 0) throw new AppError("invalid", "The key cannot be made like this.", { faults })
    const { key, secretHash, prefix, lastFour } = makeApiKey(randomBytes)
    const id = newId(at.getTime())
    const createdById = principal.kind === "person" ? principal.personId : null
    const { name, expiresAt, allowedNetworks } = input
    const stored = { id, name, prefix, lastFour, scopes, allowedNetworks, expiresAt }
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
    const made = { ...stored, expiresAt: expiresAt?.toISOString() ?? null }
    return {
      value: { key, ...made, app },
      event: {
        targets: [
          { type: "api_key", id, name },
          { type: "application", id: app.id, name: app.name },
        ],
        description: `The API key ${name} was created for the app ${app.name}.`,
        changes: [{ path: "", before: null, after: recordedKey(made) }],
      },
    }
  },
})

/** Revokes an API key for good. All processes refuse it within five seconds. */
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
    const revokedAt = caller.at.toISOString()
    return {
      value: { id: key.id, name: key.name, app, revokedAt },
      event: {
        targets: [
          { type: "api_key", id, name: key.name },
          { type: "application", id: app.id, name: app.name },
        ],
        description: `The API key ${key.name} of the app ${app.name} was revoked.`,
        changes: [{ path: "/revokedAt", before: null, after: revokedAt }],
      },
    }
  },
})

/** Lists the API keys of the organization or of one app, newest first; at most 1,000. */
export const listApiKeys = operation({
  name: "api_key.list",
  summary: "Lists API keys: what they may do, and when they were last used.",
  permission: "APP-MANAGEMENT",
  effect: "read",
  input: z.strictObject({ app: z.string().max(100).optional() }),
  run: ({ caller, organization, read }, { app }): Promise<readonly ApiKeySummary[]> =>
    read(async work => {
      const appId = app === undefined ? undefined : (await findApp(work, app, true)).id
      const keys = await work.prisma.apiKey.findMany({
        where: { organizationId: organization.id, appId },
        include: {
          app: { select: { id: true, slug: true, name: true } },
          createdBy: { select: { id: true, name: true } },
        },
        orderBy: [{ createdAt: "desc" }, { id: "desc" }],
        take: 1_000,
      })
      const successors = successorsOf(keys, caller.at)
      return keys.map(key => summaryOf(key, successors.get(key.id), caller.at))
    }),
})
