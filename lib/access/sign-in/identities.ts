import type { PrismaTransaction } from "@/lib/db"

/** Somebody as an OpenID provider knows them; the subject never changes and is never given to another. */
export interface IdentityKey {
  readonly issuer: string
  readonly subject: string
}

/** An identity as its person sees it in a list. */
export interface ListedIdentity {
  readonly id: string
  readonly issuer: string
  /** As the provider said it when the two were connected. */
  readonly email: string
  readonly createdAt: Date
  readonly lastUsedAt: Date | null
}

/** Promise: whose identity that is, or null. */
export async function findIdentity(
  prisma: PrismaTransaction,
  { issuer, subject }: IdentityKey,
): Promise<{ readonly id: string; readonly personId: string } | null> {
  return prisma.identity.findUnique({
    where: { issuer_subject: { issuer, subject } },
    select: { id: true, personId: true },
  })
}

/** Connects an identity with a person. Promise: false when it is connected already, with whomever. */
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

/** Notes that the person has just signed in by it. */
export async function touchIdentity(prisma: PrismaTransaction, id: string, at: Date): Promise<void> {
  await prisma.identity.updateMany({ where: { id }, data: { lastUsedAt: at } })
}

/** Promise: the identities of a person, the oldest first. */
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

/** Takes an identity from a person. Promise: false when it is not theirs. */
export async function deleteIdentity(
  prisma: PrismaTransaction,
  { id, personId }: { readonly id: string; readonly personId: string },
): Promise<boolean> {
  const { count } = await prisma.identity.deleteMany({ where: { id, personId } })
  return count === 1
}
