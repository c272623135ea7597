import { z } from "zod"
import { AppError } from "@/lib/errors"
import { operation } from "@/lib/operations/core/operation"

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
