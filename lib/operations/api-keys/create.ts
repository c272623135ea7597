import { randomBytes } from "node:crypto"
import { z } from "zod"
import { makeApiKey } from "@/lib/access/keys/api-keys"
import { permissions } from "@/lib/access/permissions"
import { newId } from "@/lib/audit/ids"
import { AppError } from "@/lib/errors"
import { operation } from "@/lib/operations/core/operation"
import { nameInput } from "@/lib/operations/sign-in/credentials"
import { findApp, recordedKey } from "./api-key"
import { expiryFaults, expiryInput, networksInput, scopeFaults } from "./rules"

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
