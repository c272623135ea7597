import { z } from "zod"
import { type Permission, permissions } from "@/lib/access/permissions"
import type { AppRef, OrganizationRef } from "@/lib/access/principal"
import { AppError } from "@/lib/errors"
import { operation } from "@/lib/operations/core/operation"

/** The app, the organization and the scopes of a key. */
export interface KeyDescription {
  readonly id: string
  readonly name: string
  readonly organization: OrganizationRef
  readonly app: AppRef
  readonly permissions: readonly Permission[]
}

/** Describes a key to its holder. Needs no permission, so that a key can be tested before it is used. */
export const describeKey = operation({
  name: "api_key.describe",
  summary: "Tells the organization, the app and the permissions of the API key that is used.",
  permission: "public",
  effect: "read",
  input: z.strictObject({}),
  run: async ({ caller: { principal } }): Promise<KeyDescription> => {
    if (principal.kind !== "api-key") {
      throw new AppError("unauthenticated", "Send the API key in the header `Authorization: Bearer <key>`.")
    }
    const { keyId, name, organization, app } = principal
    const held = permissions.filter(permission => principal.permissions.has(permission))
    return { id: keyId, name, organization, app, permissions: held }
  },
})
