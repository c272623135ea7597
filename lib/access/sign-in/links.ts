import { hashToken, isToken, makeToken, type Random } from "@/lib/access/tokens"
import type { PrismaTransaction } from "@/lib/database/database"
import { lockPerson } from "./person-lock"

/** What a one-time link opens: the form that sets a password, or a session. */
export type LinkPurpose = "password" | "sign-in"

const minuteMs = 60 * 1000

/**
 * The effect of each way to create a link. A link that anybody can request with somebody else's email does not invalidate
 * others: otherwise a stranger could keep invalidating the newest one.
 */
const linkKinds = {
  /** Created by the admin command, handed over by a person. */
  "password-by-hand": { purpose: "password", lifetimeMs: 24 * 60 * minuteMs, voidsOlder: true },
  "password-by-mail": { purpose: "password", lifetimeMs: 60 * minuteMs, voidsOlder: false },
  "sign-in-by-mail": { purpose: "sign-in", lifetimeMs: 15 * minuteMs, voidsOlder: false },
} as const satisfies Readonly<
  Record<string, { readonly purpose: LinkPurpose; readonly lifetimeMs: number; readonly voidsOlder: boolean }>
>

/** The ways to create a link. */
export type LinkKind = keyof typeof linkKinds

/**
 * Makes a one-time link of the person. One made by hand voids the older ones that set a password. Returns the token, which
 * exists nowhere else; only its hash is stored. Call it inside a transaction.
 */
export async function createLink(
  prisma: PrismaTransaction,
  link: {
    readonly kind: LinkKind
    readonly id: string
    readonly personId: string
    readonly at: Date
    readonly random: Random
  },
): Promise<{ readonly token: string; readonly expiresAt: Date }> {
  const { purpose, lifetimeMs, voidsOlder } = linkKinds[link.kind]
  if (voidsOlder) {
    // Two concurrent links would not see each other, so they wait for the lock on the person.
    await lockPerson(prisma, link.personId)
    await voidLinks(prisma, { personId: link.personId, at: link.at, purpose })
  }
  const token = makeToken(link.random)
  const expiresAt = new Date(link.at.getTime() + lifetimeMs)
  await prisma.signInLink.create({
    data: {
      id: link.id,
      personId: link.personId,
      purpose,
      tokenHash: hashToken(token),
      createdAt: link.at,
      expiresAt,
    },
  })
  return { token, expiresAt }
}

/**
 * Uses a link up. Returns whose it is; null when it is unknown, made for something else, used, voided or expired. Of several
 * redemptions at the same time one succeeds; when its transaction is rolled back, the link is as good as before.
 */
export async function redeemLink(
  prisma: PrismaTransaction,
  { token, purpose, at }: { readonly token: string; readonly purpose: LinkPurpose; readonly at: Date },
): Promise<string | null> {
  if (!isToken(token)) return null
  const where = {
    ...{ tokenHash: hashToken(token), purpose },
    ...{ usedAt: null, voidedAt: null, expiresAt: { gt: at } },
  }
  const link = await prisma.signInLink.findFirst({ where, select: { personId: true } })
  if (!link) return null
  await lockPerson(prisma, link.personId)
  const { count } = await prisma.signInLink.updateMany({ where, data: { usedAt: at } })
  return count === 1 ? link.personId : null
}

/** Invalidates every unused link of the person (with that purpose, if one is passed). */
export async function voidLinks(
  prisma: PrismaTransaction,
  { personId, at, purpose }: { readonly personId: string; readonly at: Date; readonly purpose?: LinkPurpose },
): Promise<void> {
  await prisma.signInLink.updateMany({
    where: { personId, usedAt: null, voidedAt: null, ...(purpose !== undefined && { purpose }) },
    data: { voidedAt: at },
  })
}
