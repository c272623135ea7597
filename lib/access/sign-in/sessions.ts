import { hashToken, hashTokenText, isToken, makeToken, type Random } from "@/lib/access/tokens"
import type { PrismaTransaction } from "@/lib/database/database"

/** The lifetime of a session: at most, and without use. */
export const sessionLimits = { absoluteMs: 12 * 60 * 60 * 1000, idleMs: 30 * 60 * 1000 } as const

/** How the person authenticated when they signed in. */
export type SessionMethod = "password" | "sign-in-link" | "openid-connect"

/** A valid session, with its person. */
export interface LiveSession {
  /** SHA-256 (hex) of the session id. */
  readonly sessionHash: string
  /** When the person last proved their identity in this session. */
  readonly provenAt: Date
  readonly person: { readonly id: string; readonly name: string; readonly email: string }
}

interface FoundSession {
  readonly lastSeenAt: Date
  readonly provenAt: Date
  readonly id: string
  readonly name: string
  readonly email: string
}

const idBytes = 16
const touchedEveryMs = 60 * 1000

/** Returns a new session id of 128 random bits, for the cookie only. */
export function makeSessionId(random: Random): string {
  return makeToken(random, idBytes)
}

/** Returns the SHA-256 (hex) by which a session is identified outside of its cookie. */
export function hashSessionId(sessionId: string): string {
  return hashTokenText(sessionId, "hex")
}

/** Starts a session of the person; only the hash of its id is stored. */
export async function openSession(
  prisma: PrismaTransaction,
  session: {
    readonly id: string
    readonly sessionId: string
    readonly personId: string
    readonly at: Date
    readonly ip: string | null
    readonly userAgent: string | null
    readonly method?: SessionMethod
    /** When the person proved their identity; now by default. */
    readonly provenAt?: Date
  },
): Promise<void> {
  await prisma.session.create({
    data: {
      id: session.id,
      personId: session.personId,
      idHash: hashToken(session.sessionId),
      createdAt: session.at,
      lastSeenAt: session.at,
      provenAt: session.provenAt ?? session.at,
      method: session.method ?? "password",
      expiresAt: new Date(session.at.getTime() + sessionLimits.absoluteMs),
      ip: session.ip,
      userAgent: session.userAgent?.slice(0, 500) ?? null,
    },
  })
}

/**
 * Returns the session with that id if it is valid at that time, else null: unknown, revoked, expired and idle are not
 * distinguished. Use extends the idle time; that is written at most once a minute.
 */
export async function findLiveSession(
  prisma: PrismaTransaction,
  sessionId: string,
  at: Date,
): Promise<LiveSession | null> {
  return isToken(sessionId, idBytes) ? findLiveSessionByHash(prisma, hashSessionId(sessionId), at) : null
}

/** The same by the hash (hex) of the session id. */
export async function findLiveSessionByHash(
  prisma: PrismaTransaction,
  sessionHash: string,
  at: Date,
): Promise<LiveSession | null> {
  const idHash = hashBytes(sessionHash)
  // One statement: this runs for every request of every signed-in person.
  const [session] = await prisma.$queryRaw<FoundSession[]>`
    SELECT session.last_seen_at AS "lastSeenAt", session.proven_at AS "provenAt", person.id, person.name, person.email
    FROM session JOIN person ON person.id = session.person_id
    WHERE session.id_hash = ${idHash} AND session.revoked_at IS NULL
      AND session.expires_at > ${at}::timestamptz AND session.last_seen_at > ${idleSince(at)}::timestamptz`
  if (!session) return null
  const staleBefore = new Date(at.getTime() - touchedEveryMs)
  if (session.lastSeenAt <= staleBefore) {
    // The condition is repeated so that only one of many concurrent requests writes.
    await prisma.session.updateMany({
      where: { idHash, revokedAt: null, lastSeenAt: { lte: staleBefore } },
      data: { lastSeenAt: at },
    })
  }
  return {
    sessionHash,
    provenAt: session.provenAt,
    person: { id: session.id, name: session.name, email: session.email },
  }
}

/** Records that the person of the session has just proven their identity. Returns false when the session has ended. */
export async function proveSession(
  prisma: PrismaTransaction,
  sessionHash: string,
  at: Date,
): Promise<boolean> {
  const proven = await prisma.session.updateMany({
    where: { idHash: hashBytes(sessionHash), ...validAt(at) },
    data: { provenAt: at },
  })
  return proven.count === 1
}

/** Ends one session. Returns its person; null when it was no longer valid. */
export async function revokeSession(
  prisma: PrismaTransaction,
  sessionHash: string,
  at: Date,
): Promise<{ readonly id: string; readonly personId: string } | null> {
  const [revoked] = await prisma.session.updateManyAndReturn({
    where: { idHash: hashBytes(sessionHash), ...validAt(at) },
    data: { revokedAt: at },
    select: { id: true, personId: true },
  })
  return revoked ?? null
}

/** Ends all sessions of a person, except the one to keep. Returns their number. */
export async function revokeSessionsOf(
  prisma: PrismaTransaction,
  personId: string,
  { at, exceptHash = null }: { readonly at: Date; readonly exceptHash?: string | null },
): Promise<number> {
  const revoked = await prisma.session.updateMany({
    where: {
      personId,
      ...validAt(at),
      ...(exceptHash !== null && { idHash: { not: hashBytes(exceptHash) } }),
    },
    data: { revokedAt: at },
  })
  return revoked.count
}

/** A valid session as its person sees it in a list. */
export interface ListedSession {
  readonly id: string
  readonly createdAt: Date
  readonly lastSeenAt: Date
  readonly ip: string | null
  readonly userAgent: string | null
  readonly method: string
  /** True for the session of the caller. */
  readonly isThisOne: boolean
}

/** Returns the valid sessions of a person, the last used first; nothing in the result helps to use one. */
export async function listLiveSessions(
  prisma: PrismaTransaction,
  of: { readonly personId: string; readonly sessionHash: string; readonly at: Date },
): Promise<readonly ListedSession[]> {
  const own = Buffer.from(of.sessionHash, "hex")
  const sessions = await prisma.session.findMany({
    where: { personId: of.personId, ...validAt(of.at) },
    orderBy: [{ lastSeenAt: "desc" }, { id: "desc" }],
    select: {
      id: true,
      idHash: true,
      createdAt: true,
      lastSeenAt: true,
      ip: true,
      userAgent: true,
      method: true,
    },
  })
  return sessions.map(({ idHash, ...session }) => ({ ...session, isThisOne: own.equals(idHash) }))
}

/**
 * Ends one session of a person by its id in their list. Returns false when it is not theirs, has ended, or is the excepted
 * one.
 */
export async function revokeSessionById(
  prisma: PrismaTransaction,
  session: {
    readonly id: string
    readonly personId: string
    readonly exceptHash: string
    readonly at: Date
  },
): Promise<boolean> {
  const { id, personId, exceptHash, at } = session
  const revoked = await prisma.session.updateMany({
    where: { id, personId, idHash: { not: hashBytes(exceptHash) }, ...validAt(at) },
    data: { revokedAt: at },
  })
  return revoked.count === 1
}

/** Deletes sessions that ended more than thirty days ago. */
export async function deleteOldSessions(prisma: PrismaTransaction, at: Date): Promise<void> {
  const before = new Date(at.getTime() - 30 * 24 * 60 * 60 * 1000)
  await prisma.session.deleteMany({ where: { expiresAt: { lt: before } } })
}

function validAt(at: Date) {
  return {
    revokedAt: null,
    expiresAt: { gt: at },
    lastSeenAt: { gt: idleSince(at) },
  }
}

function idleSince(at: Date): Date {
  return new Date(at.getTime() - sessionLimits.idleMs)
}

function hashBytes(hex: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(hex, "hex"))
}
