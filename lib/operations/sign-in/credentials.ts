import { z } from "zod"
import { emailFault } from "@/lib/access/email"
import type { PrismaTransaction } from "@/lib/database/database"
import type { About } from "@/lib/operations/core/operation"

/** A person as the operations of sign-in need them. */
export interface Account {
  readonly id: string
  readonly name: string
  readonly email: string
  /** The organizations in which the person is an active member: their logs get the sign-ins. */
  readonly organizationIds: readonly string[]
}

const controlCharacters = /\p{Cc}/u

/** An email, in the lower case in which it is stored. */
export const emailInput = z
  .string()
  .trim()
  .toLowerCase()
  .refine(text => emailFault(text) === null, "Give an e-mail address, like ada@example.com.")

/** The current password of a person; an empty one does not count as an attempt. */
export const givenPasswordInput = z.string().min(1, "Give your password.").max(1_000)

/** A name of a person, an app, a key or an organization. */
export const nameInput = z
  .string()
  .trim()
  .min(1, "Give a name.")
  .max(100, "Use at most 100 characters.")
  .refine(text => !controlCharacters.test(text), "Use a single line without control characters.")

/** An account with its password hash, which must never be part of an operation's output. */
export interface Credentials {
  readonly account: Account
  /** Null until a password is set. */
  readonly passwordHash: string | null
}

/** Returns the person with that id or email (in any case), or null. */
export async function findCredentials(
  prisma: PrismaTransaction,
  by: { readonly id: string } | { readonly email: string },
): Promise<Credentials | null> {
  const person = await prisma.person.findUnique({
    where: "id" in by ? { id: by.id } : { email: by.email.trim().toLowerCase() },
    select: {
      id: true,
      name: true,
      email: true,
      passwordHash: true,
      memberships: { where: { status: "active" }, select: { organizationId: true } },
    },
  })
  if (!person) return null
  const { memberships, passwordHash, ...rest } = person
  const organizationIds = memberships.map(membership => membership.organizationId).sort()
  return { account: { ...rest, organizationIds }, passwordHash }
}

/** Returns the current hash of the person's password, locked until this transaction ends; null when none is set. */
export async function passwordHashToKeep(
  prisma: PrismaTransaction,
  personId: string,
): Promise<string | null> {
  const rows = await prisma.$queryRaw<
    { readonly hash: string | null }[]
  >`SELECT password_hash AS hash FROM person WHERE id = ${personId}::uuid FOR SHARE`
  return rows[0]?.hash ?? null
}

/** Returns the part of an event that names the person as target and actor, for every log of theirs. */
export function personAbout({ id, name, email, organizationIds }: Account): About {
  return { targets: [{ type: "user", id, name }], organizationIds, actor: { id, name, email } }
}
