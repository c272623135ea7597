import { createHash } from "node:crypto"
import type { PrismaTransaction } from "@/lib/db"

/** How long a one-time link can be used. */
export const linkLifetimeMs = 24 * 60 * 60 * 1000

const tokenBytes = 32
const tokenShape = /^[A-Za-z0-9_-]{43}$/

/**
 * Makes a one-time link of the person and voids the older ones. Promise: the token, which exists nowhere else; only its
 * hash is stored. Call it inside a transaction.
 */
export async function createLink(
  prisma: PrismaTransaction,
  link: {
    readonly id: string
    readonly personId: string
    readonly at: Date
    readonly random: (sizeBytes: number) => Uint8Array
  },
): Promise<{ readonly token: string; readonly expiresAt: Date }> {
  // Two links made at the same time would not see each other; they queue for the person instead.
  await prisma.$queryRaw`SELECT 1 FROM person WHERE id = ${link.personId}::uuid FOR UPDATE`
  await voidLinks(prisma, link.personId, link.at)
  const token = Buffer.from(link.random(tokenBytes)).toString("base64url")
  const expiresAt = new Date(link.at.getTime() + linkLifetimeMs)
  await prisma.signInLink.create({
    data: {
      id: link.id,
      personId: link.personId,
      tokenHash: hashToken(token),
      createdAt: link.at,
      expiresAt,
    },
  })
  return { token, expiresAt }
}

/**
 * Uses a link up. Promise: whose it is; null when it is unknown, used, voided or expired. Of several redemptions at the
 * same time one succeeds; when its transaction is rolled back, the link is as good as before.
 */
export async function redeemLink(prisma: PrismaTransaction, token: string, at: Date): Promise<string | null> {
  if (!tokenShape.test(token)) return null
  const [redeemed] = await prisma.signInLink.updateManyAndReturn({
    where: { tokenHash: hashToken(token), usedAt: null, voidedAt: null, expiresAt: { gt: at } },
    data: { usedAt: at },
    select: { personId: true },
  })
  return redeemed?.personId ?? null
}

/** Makes every link of the person that could still be used worthless. */
export async function voidLinks(prisma: PrismaTransaction, personId: string, at: Date): Promise<void> {
  await prisma.signInLink.updateMany({
    where: { personId, usedAt: null, voidedAt: null },
    data: { voidedAt: at },
  })
}

function hashToken(token: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash("sha256").update(token).digest())
}
