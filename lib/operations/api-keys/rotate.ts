import { randomBytes } from "node:crypto"
import { z } from "zod"
import { makeApiKey } from "@/lib/access/keys/api-keys"
import { isPermission } from "@/lib/access/permissions"
import { newId } from "@/lib/audit/ids"
import { AppError } from "@/lib/errors"
import { type About, operation, type Work } from "@/lib/operations/core/operation"
import { recordedKey } from "./api-key"
import { idInput, keyToChange } from "./change"
import { successorsOf } from "./key-state"
import { expiryFaults, expiryInput, scopeFaults } from "./rules"

const hourMs = 60 * 60 * 1000

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
