import type { PrismaTransaction } from "@/lib/db"

/**
 * Keeps everybody else who would change how the person signs in (password, links, identities) waiting until this transaction
 * ends. Call it before looking at the ways that there are, and before their rows are locked: taken in one order, two
 * changes at once never wait for each other.
 */
export async function lockPerson(prisma: PrismaTransaction, personId: string): Promise<void> {
  // The weaker of the two locks: rows that only refer to the person can still be written.
  await prisma.$queryRaw`SELECT 1 FROM person WHERE id = ${personId}::uuid FOR NO KEY UPDATE`
}
