import { z } from "zod"
import { isPermission } from "@/lib/access/permissions"
import { ipSet } from "@/lib/audit/ip"
import type { JsonValue } from "@/lib/audit/json/value"
import { AppError } from "@/lib/errors"
import { requireRecentProof } from "@/lib/operations/core/authorise"
import { changedMeanwhile } from "@/lib/operations/core/changed-meanwhile"
import { operation } from "@/lib/operations/core/operation"
import { nameInput } from "@/lib/operations/sign-in/credentials"
import { idInput, keyToChange } from "./change"
import { expiryFaults, expiryInput, networksInput, scopeFaults } from "./rules"

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
