import { z } from "zod"
import { type OwnOrganization, organizationsOfPerson } from "@/lib/access/directory"
import type { Permission } from "@/lib/access/permissions"
import type { OrganizationRef } from "@/lib/access/principal"
import { passwordLimits } from "@/lib/access/sign-in/password"
import { AppError } from "@/lib/errors"
import { operation } from "@/lib/operations/core/operation"

/** The signed-in person, with what the console needs to build its navigation. */
export interface UserSession {
  readonly person: {
    readonly name: string
    readonly email: string
    /** False when they sign in otherwise, and cannot be asked for a password. */
    readonly hasPassword: boolean
    /** The display name of the OpenID provider with which somebody without a password signs in; else null. */
    readonly identityProvider: string | null
    /** The IANA zone in which they read times; null until they choose one. */
    readonly timeZone: string | null
  }
  /** The organization in the url; null outside of one. */
  readonly organization: OrganizationRef | null
  /** The current permissions of the person in that organization. */
  readonly permissions: readonly Permission[]
  /** The organizations in which the person is an active member, by name. */
  readonly organizations: readonly OwnOrganization[]
}

/** The password rules, to be shown in advance. */
export const minimumPasswordCharacters = passwordLimits.minimumCharacters

/**
 * Finds the signed-in person with their organizations, for the frame of every page; it decides nothing about access.
 */
export const findUserSession = operation({
  name: "user_session.find",
  summary: "Tells who is signed in, their organizations, and what they may do in the one of the address.",
  permission: "signed-in",
  effect: "read",
  input: z.strictObject({}),
  run: async ({ caller: { principal }, organization, env, read }): Promise<UserSession> => {
    if (principal.kind !== "person") throw new AppError("forbidden", "Only a person has a session.")
    const { personId, name, email } = principal
    return read(async ({ prisma }) => {
      const stored = await prisma.person.findUnique({
        where: { id: personId },
        select: { passwordHash: true, timeZone: true },
      })
      const hasPassword = stored !== null && stored.passwordHash !== null
      const provider = hasPassword ? null : env.openIdConnect
      const identities =
        provider && (await prisma.identity.count({ where: { personId, issuer: provider.issuer } }))
      const identityProvider = identities ? (provider?.name ?? null) : null
      return {
        person: { name, email, hasPassword, identityProvider, timeZone: stored?.timeZone ?? null },
        organization,
        permissions: [...principal.permissions],
        organizations: await organizationsOfPerson({ prisma }, personId),
      }
    })
  },
})
