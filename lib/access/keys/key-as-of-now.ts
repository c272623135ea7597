import { grantsOf } from "@/lib/access/grants"
import type { AccessContext, ApiKeyPrincipal } from "@/lib/access/principal"
import { databaseError } from "@/lib/database/errors"
import { AppError } from "@/lib/errors"
import { isWithin } from "./networks"

/**
 * Returns the same key as of now, without caches, for work that takes long. Throws AppError `unauthenticated` when it was
 * revoked, has expired, may no longer be used from that ip, or its app was archived.
 */
export async function apiKeyAsOfNow(
  principal: ApiKeyPrincipal,
  ip: string | null,
  { database, at }: AccessContext,
): Promise<ApiKeyPrincipal> {
  const { keyId, organization, app } = principal
  try {
    const scopes = await database.withOrganizationPrisma(organization.id, async ({ prisma }) => {
      const key = await prisma.apiKey.findUnique({
        where: { id: keyId },
        select: { scopes: true, revokedAt: true, expiresAt: true, allowedNetworks: true },
      })
      if (key === null || key.revokedAt !== null || !isWithin(key.allowedNetworks, ip)) return null
      if (key.expiresAt !== null && key.expiresAt <= at) return null
      const { archivedAt } = await prisma.app.findUniqueOrThrow({
        where: { id: app.id },
        select: { archivedAt: true },
      })
      return archivedAt === null ? key.scopes : null
    })
    if (scopes === null) throw new AppError("unauthenticated", "The API key has expired or was revoked.")
    const held = grantsOf([{ permissions: scopes, appIds: [] }], {
      organizationId: organization.id,
      actorId: keyId,
    })
    return { ...principal, ...held }
  } catch (error) {
    throw databaseError(error)
  }
}
