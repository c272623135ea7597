import { z } from "zod"
import { mostNetworks, networkOf } from "@/lib/access/keys/networks"
import type { Permission } from "@/lib/access/permissions"
import type { Principal } from "@/lib/access/principal"
import type { Fault } from "@/lib/errors"

export const dayMs = 24 * 60 * 60 * 1000

const longestLifeMs = 366 * dayMs

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
