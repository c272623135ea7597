import { randomBytes } from "node:crypto"
import { z } from "zod"
import { makeApiKey } from "@/lib/access/keys/api-keys"
import { isPermission } from "@/lib/access/permissions"
import { newId } from "@/lib/audit/ids"
import { ipSet } from "@/lib/audit/ip"
import type { JsonValue } from "@/lib/audit/json/value"
import { AppError } from "@/lib/errors"
import { requireRecentProof } from "@/lib/operations/core/authorise"
import { changedMeanwhile } from "@/lib/operations/core/changed-meanwhile"
import { type About, operation, type Work } from "@/lib/operations/core/operation"
import { nameInput } from "@/lib/operations/sign-in/credentials"
import { expiryFaults, expiryInput, networksInput, recordedKey, scopeFaults } from "./api-key-rules"
import { successorsOf } from "./key-state"

const idInput = z.uuid("Give the id of a key, as the list shows it.")
const hourMs = 60 * 60 * 1000

/**
 * Changes the name, the expiry or the networks of an active key. Throws AppError `conflict` when they were changed
 * after the form was opened. Making it valid for longer or from more networks requires a proof.
 */
export const updateApiKey = operation({
  name: "api_key.update",
  summary: "Changes the name, the expiry or the allowed networks of an API key.",
  permission: "APP-MANAGEMENT",
  effect: "write",
  input: z.strictObject({
    id: idInput,
    name: nameInput.optional(),
    /** Null: the key is valid until it is revoked. */
    expiresAt: expiryInput.nullable().optional(),
    allowedNetworks: networksInput.optional(),
    /** The values of the key when the form was opened. */
    expected: z.strictObject({
      name: nameInput,
      expiresAt: expiryInput.nullable(),
      allowedNetworks: networksInput,
    }),
  }),
  run: async (context, { id, expected, ...input }) => {
    const { caller, prisma } = context
    const key = await keyToChange(context, id)
    if (!isSame(written(key), written(expected))) throw changedMeanwhile(`the key ${key.name}`)
    const after = {
      name: input.name ?? key.name,
      expiresAt: input.expiresAt === undefined ? key.expiresAt : input.expiresAt,
      allowedNetworks: input.allowedNetworks ?? key.allowedNetworks,
    }
    const isNewEnd = after.expiresAt?.getTime() !== key.expiresAt?.getTime()
    const faults = isNewEnd ? expiryFaults(after.expiresAt, caller.at) : []
    if (faults.length > 0) throw new AppError("invalid", "The key cannot be changed like this.", { faults })
    if (isWider(key, after)) {
      // Making a key more powerful requires its permissions, as creating it does.
      const beyond = scopeFaults(caller.principal, key.scopes.filter(isPermission))
      if (beyond.length > 0) throw new AppError("forbidden", beyond.map(fault => fault.message).join(" "))
      requireRecentProof(caller)
    }
    const before = written(key)
    const changed = written(after)
    if (isSame(before, changed)) throw new AppError("conflict", "Nothing would change.")
    await prisma.apiKey.update({ where: { id }, data: after })
    return {
      value: { id },
      event: {
        targets: [
          { type: "api_key", id, name: after.name },
          { type: "application", id: key.app.id, name: key.app.name },
        ],
        description: `The API key ${after.name} of the app ${key.app.name} was changed.`,
        changes: (["name", "expiresAt", "allowedNetworks"] as const)
          .filter(field => !isSame(before[field], changed[field]))
          .map(field => ({ path: `/${field}`, before: before[field], after: changed[field] })),
      },
    }
  },
})

/**
 * Replaces an active key by a new one with the same app, scopes and networks. Both are valid until the old one ends,
 * after the overlap or at its own expiry, whichever comes first. Returns the new key in plain text, only this once.
 */
export const rotateApiKey = operation({
  name: "api_key.rotate",
  summary: "Makes a new API key in the place of another, which ends after an overlap.",
  permission: "APP-MANAGEMENT",
  recentProof: true,
  effect: "write",
  input: z.strictObject({
    id: idInput,
    overlapHours: z
      .number("Give a whole number of hours.")
      .int("Give a whole number of hours.")
      .min(0, "Give 0 hours or more.")
      .max(168, "Give at most 168 hours: a week.")
      .default(24),
    /** The expiry of the new key. Null: it is valid until it is revoked. */
    expiresAt: expiryInput.nullable(),
  }),
  run: async (context, { id: oldId, overlapHours, expiresAt }) => {
    const { organization, prisma } = context
    const { at, principal } = context.caller
    const old = await keyToChange(context, oldId)
    const scopes = old.scopes.filter(isPermission)
    const beyond = scopeFaults(principal, scopes)
    if (beyond.length > 0) throw new AppError("forbidden", beyond.map(fault => fault.message).join(" "))
    const faults = expiryFaults(expiresAt, at)
    if (faults.length > 0) throw new AppError("invalid", "The key cannot be rotated like this.", { faults })
    const overlapEnd = new Date(at.getTime() + overlapHours * hourMs)
    const oldEndsAt = old.expiresAt !== null && old.expiresAt < overlapEnd ? old.expiresAt : overlapEnd
    await refuseTaken(context, old)
    await prisma.apiKey.update({ where: { id: oldId }, data: { expiresAt: oldEndsAt } })
    const { key, secretHash, prefix, lastFour } = makeApiKey(randomBytes)
    const stored = {
      id: newId(at.getTime()),
      name: old.name,
      prefix,
      lastFour,
      scopes,
      allowedNetworks: old.allowedNetworks,
      expiresAt,
      replacesId: oldId,
    }
    const createdById = principal.kind === "person" ? principal.personId : null
    await prisma.apiKey.create({
      data: {
        ...stored,
        organizationId: organization.id,
        appId: old.appId,
        secretHash,
        createdById,
        createdAt: at,
      },
    })
    const made = { ...stored, expiresAt: expiresAt?.toISOString() ?? null }
    const replaced = { id: oldId, lastFour: old.lastFour, expiresAt: oldEndsAt.toISOString() }
    return {
      value: { key, ...made, app: old.app, replaced },
      event: aboutRotation(made, { old, endsAt: replaced.expiresAt }),
    }
  },
})

function aboutRotation(
  made: Parameters<typeof recordedKey>[0] & { readonly id: string; readonly name: string },
  { old, endsAt }: { readonly old: Awaited<ReturnType<typeof keyToChange>>; readonly endsAt: string },
): About {
  const { name, app } = old
  return {
    targets: [
      { type: "api_key", id: made.id, name },
      { type: "api_key", id: old.id, name },
      { type: "application", id: app.id, name: app.name },
    ],
    description: `The API key ${name} of the app ${app.name} was rotated; the old one ends at ${endsAt}.`,
    changes: [
      { path: "", before: null, after: recordedKey(made) },
      { path: "/replaced/expiresAt", before: old.expiresAt?.toISOString() ?? null, after: endsAt },
    ],
  }
}

// The row is locked, so that two changes of one key happen one after the other.
async function keyToChange({ prisma, caller: { at }, organization }: Work, id: string) {
  const organizationId = organization.id
  await prisma.$queryRaw`SELECT id FROM api_key WHERE id = ${id}::uuid AND organization_id = ${organizationId}::uuid FOR UPDATE`
  const key = await prisma.apiKey.findFirst({
    where: { id, organizationId },
    include: { app: { select: { id: true, slug: true, name: true, archivedAt: true } } },
  })
  if (!key) throw new AppError("not-found", "There is no such key.")
  if (key.revokedAt) throw new AppError("conflict", `The key ${key.name} is revoked.`)
  if (key.expiresAt && key.expiresAt <= at) throw new AppError("conflict", `The key ${key.name} has expired.`)
  if (key.app.archivedAt) throw new AppError("conflict", `The app ${key.app.name} is archived.`)
  return key
}

interface Old {
  readonly id: string
  readonly organizationId: string
  readonly appId: string
  readonly name: string
}

// A key can have one active replacement: a second concurrent rotation finds the place taken. Expired and revoked
// replacements leave it free.
async function refuseTaken({ prisma, caller }: Work, old: Old): Promise<void> {
  const { id, organizationId, appId, name } = old
  const keys = await prisma.apiKey.findMany({
    where: { organizationId, appId },
    select: { id: true, replacesId: true, lastFour: true, expiresAt: true, revokedAt: true },
  })
  const newer = successorsOf(keys, caller.at).get(id)
  if (!newer) return
  throw new AppError(
    "conflict",
    `The key ${name} was rotated already: rotate the newer one, …${newer.lastFour}.`,
  )
}

interface Limits {
  readonly expiresAt: Date | null
  readonly allowedNetworks: readonly string[]
}

/** Returns whether a key would be valid for longer, or from an ip from which it was not. */
function isWider(before: Limits, after: Limits): boolean {
  if (before.expiresAt !== null && (after.expiresAt === null || after.expiresAt > before.expiresAt))
    return true
  if (before.allowedNetworks.length === 0) return false
  if (after.allowedNetworks.length === 0) return true
  const admitted = ipSet(before.allowedNetworks)
  return !after.allowedNetworks.every(network => admitted.covers(network))
}

function isSame(first: JsonValue, second: JsonValue): boolean {
  return JSON.stringify(first) === JSON.stringify(second)
}

function written({ name, expiresAt, allowedNetworks }: Limits & { readonly name: string }) {
  return { name, expiresAt: expiresAt?.toISOString() ?? null, allowedNetworks: [...allowedNetworks] }
}
