import { createHash } from "node:crypto"
import type { PrismaTransaction } from "@/lib/db"
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

const tokenBytes = 32
const tokenShape = /^[A-Za-z0-9_-]{43}$/

/**
 * Creates a one-time link of the person. One created by the admin command invalidates older ones that set a password.
 * Returns the token, which exists nowhere else; only its hash is stored. Call it inside a transaction.
 */
export async function createLink(
  prisma: PrismaTransaction,
  link: {
    readonly kind: LinkKind
    readonly id: string
    readonly personId: string
    readonly at: Date
    readonly random: (sizeBytes: number) => Uint8Array
  },
): Promise<{ readonly token: string; readonly expiresAt: Date }> {
  const { purpose, lifetimeMs, voidsOlder } = linkKinds[link.kind]
  if (voidsOlder) {
    // Two concurrent links would not see each other, so they wait for the lock on the person.
    await lockPerson(prisma, link.personId)
    await voidLinks(prisma, { personId: link.personId, at: link.at, purpose })
  }
  const token = Buffer.from(link.random(tokenBytes)).toString("base64url")
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
 * Redeems a link. Returns its person; null when it is unknown, for another purpose, used, invalidated or expired. Of
 * several concurrent redemptions one succeeds; when its transaction is rolled back, the link is valid again.
 */
export async function redeemLink(
  prisma: PrismaTransaction,
  { token, purpose, at }: { readonly token: string; readonly purpose: LinkPurpose; readonly at: Date },
): Promise<string | null> {
  if (!tokenShape.test(token)) return null
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

function hashToken(token: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash("sha256").update(token).digest())
}
