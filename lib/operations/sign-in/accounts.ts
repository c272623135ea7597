import { z } from "zod"
import { emailFault } from "@/lib/access/email"
import type { PrismaTransaction } from "@/lib/db"
import type { About } from "@/lib/operations/operation"

/** A person as the operations of sign-in need them. */
export interface Account {
  readonly id: string
  readonly name: string
  readonly email: string
  /** Where the person is an active member: their sign-ins are events there. */
  readonly organizationIds: readonly string[]
}

const controlCharacters = /\p{Cc}/u

/** An e-mail address, in the lower case in which it is kept. */
export const emailInput = z
  .string()
  .trim()
  .toLowerCase()
  .refine(text => emailFault(text) === null, "Give an e-mail address, like ada@example.com.")

/** A password that proves who somebody is; none at all is no attempt. */
export const givenPasswordInput = z.string().min(1, "Give your password.").max(1_000)

/** A name of a person, an app, a key or an organization. */
export const nameInput = z
  .string()
  .trim()
  .min(1, "Give a name.")
  .max(100, "Use at most 100 characters.")
  .refine(text => !controlCharacters.test(text), "Use a single line without control characters.")

/** An account with what proves it; the hash must never be part of an operation's output. */
export interface Credentials {
  readonly account: Account
  /** Null until a password is set. */
  readonly passwordHash: string | null
}

/** Promise: the person of that id or e-mail address (in any case), or null. */
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

/** Promise: the hash of the person's password as it is now, and stays until this transaction ends. */
export async function passwordHashToKeep(
  prisma: PrismaTransaction,
  personId: string,
): Promise<string | null> {
  const rows = await prisma.$queryRaw<
    { readonly hash: string | null }[]
  >`SELECT password_hash AS hash FROM person WHERE id = ${personId}::uuid FOR SHARE`
  return rows[0]?.hash ?? null
}

/** Promise: the part of an event that says whom it is about and by whom, in every log of the person. */
export function personAbout({ id, name, email, organizationIds }: Account): About {
  return { targets: [{ type: "user", id, name }], organizationIds, actor: { id, name, email } }
}
