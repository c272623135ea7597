import type { PrismaTransaction } from "@/lib/database/database"

/**
 * Makes other changes of how the person signs in (password, links, identities) wait until this transaction ends. Call it
 * before reading them, and before locking their rows: in this fixed order, two concurrent changes never deadlock.
 */
export async function lockPerson(prisma: PrismaTransaction, personId: string): Promise<void> {
  // The weaker of the two locks: rows that only refer to the person can still be written.
  await prisma.$queryRaw`SELECT 1 FROM person WHERE id = ${personId}::uuid FOR NO KEY UPDATE`
}
