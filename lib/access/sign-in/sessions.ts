import { hashToken, hashTokenText, isToken, makeToken, type Random } from "@/lib/access/tokens"
import type { PrismaTransaction } from "@/lib/db"

/** How long a session lasts: at most, and without being used. */
export const sessionLimits = { absoluteMs: 12 * 60 * 60 * 1000, idleMs: 30 * 60 * 1000 } as const

/** How somebody proved who they are when they signed in. */
export type SessionMethod = "password" | "sign-in-link" | "openid-connect"

/** A session that is valid now, and whose it is. */
export interface LiveSession {
  /** SHA-256 (hex) of the session id. */
  readonly sessionHash: string
  /** When the person last proved who they are in this session. */
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

/** Promise: a new session id of 128 random bits. It goes into the cookie and nowhere else. */
export function makeSessionId(random: Random): string {
  return makeToken(random, idBytes)
}

/** Promise: the SHA-256 (hex) under which a session is known outside its cookie. */
export function hashSessionId(sessionId: string): string {
  return hashTokenText(sessionId, "hex")
}

/** Opens a session of the person; only the hash of its id is stored. */
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
    /** When the person proved who they are; now, unless told otherwise. */
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
 * Promise: the session of that id if it is valid at the instant, else null: unknown, revoked, expired and idle look the
 * same. Using a session keeps it from idling out; that is written at most once a minute.
 */
export async function findLiveSession(
  prisma: PrismaTransaction,
  sessionId: string,
  at: Date,
): Promise<LiveSession | null> {
  return isToken(sessionId, idBytes) ? findLiveSessionByHash(prisma, hashSessionId(sessionId), at) : null
}

/** The same by the hash (hex) under which the session is known outside its cookie. */
export async function findLiveSessionByHash(
  prisma: PrismaTransaction,
  sessionHash: string,
  at: Date,
): Promise<LiveSession | null> {
  const idHash = hashBytes(sessionHash)
  // One statement: this is asked for every request of everybody who is signed in.
  const [session] = await prisma.$queryRaw<FoundSession[]>`
    SELECT session.last_seen_at AS "lastSeenAt", session.proven_at AS "provenAt", person.id, person.name, person.email
    FROM session JOIN person ON person.id = session.person_id
    WHERE session.id_hash = ${idHash} AND session.revoked_at IS NULL
      AND session.expires_at > ${at}::timestamptz AND session.last_seen_at > ${idleSince(at)}::timestamptz`
  if (!session) return null
  const staleBefore = new Date(at.getTime() - touchedEveryMs)
  if (session.lastSeenAt <= staleBefore) {
    // The condition is repeated so that of many requests at once one writes.
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

/** Notes that the person of the session has just proven who they are. Promise: false when the session is over. */
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

/** Ends one session at once. Returns whose it was; null when it was not valid any more. */
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

/** Ends all sessions of a person at once, but for the one to keep. Returns how many that were. */
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
  /** The session that asks. */
  readonly isThisOne: boolean
}

/** Promise: the valid sessions of a person, the last used first; nothing in it helps to use one. */
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

/** Ends one session of a person by the id it has in their list. Promise: false when it is not theirs, over, or the excepted one. */
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
