import type { PrismaTransaction } from "@/lib/database/database"

/** A person as an OpenID provider identifies them; a subject never changes and is never reused. */
export interface IdentityKey {
  readonly issuer: string
  readonly subject: string
}

/** An identity as its person sees it in a list. */
export interface ListedIdentity {
  readonly id: string
  readonly issuer: string
  /** As the provider stated it when the two were connected. */
  readonly email: string
  readonly createdAt: Date
  readonly lastUsedAt: Date | null
}

/** Returns the identity with its person, or null. */
export async function findIdentity(
  prisma: PrismaTransaction,
  { issuer, subject }: IdentityKey,
): Promise<{ readonly id: string; readonly personId: string } | null> {
  return prisma.identity.findUnique({
    where: { issuer_subject: { issuer, subject } },
    select: { id: true, personId: true },
  })
}

/** Connects an identity with a person. Returns false when it is connected already, with the same or another person. */
export async function createIdentity(
  prisma: PrismaTransaction,
  identity: IdentityKey & {
    readonly id: string
    readonly personId: string
    readonly email: string
    readonly at: Date
  },
): Promise<boolean> {
  const { at, ...data } = identity
  const { count } = await prisma.identity.createMany({
    data: [{ ...data, createdAt: at }],
    skipDuplicates: true,
  })
  return count === 1
}

/** Records that the person has just signed in with it. */
export async function touchIdentity(prisma: PrismaTransaction, id: string, at: Date): Promise<void> {
  await prisma.identity.updateMany({ where: { id }, data: { lastUsedAt: at } })
}

/** Returns the identities of a person, the oldest first. */
export async function listIdentitiesOf(
  prisma: PrismaTransaction,
  personId: string,
): Promise<readonly ListedIdentity[]> {
  return prisma.identity.findMany({
    where: { personId },
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
    select: { id: true, issuer: true, email: true, createdAt: true, lastUsedAt: true },
  })
}

/** Disconnects an identity from a person. Returns false when it is not theirs. */
export async function deleteIdentity(
  prisma: PrismaTransaction,
  { id, personId }: { readonly id: string; readonly personId: string },
): Promise<boolean> {
  const { count } = await prisma.identity.deleteMany({ where: { id, personId } })
  return count === 1
}
