import { grantsOf } from "@/lib/access/grants"
import type { ApiKeyPrincipal, AppRef, OrganizationRef } from "@/lib/access/principal"
import { addressSubject, badKeys, countAttempt } from "@/lib/access/sign-in/attempts"
import { isSameHash } from "@/lib/access/tokens"
import { nilUuid } from "@/lib/audit/uuid"
import type { Database } from "@/lib/database/database"
import { databaseError } from "@/lib/database/errors"
import { AppError } from "@/lib/errors"
import { log } from "@/lib/log"
import { type Recent, recent } from "@/lib/memory/recent"
import { hashApiKey, isApiKey } from "./api-keys"
import { isWithin } from "./networks"

/** How long a process caches what it read about a key: a revocation takes effect everywhere within this time. */
export const keyMemoryMs = 5_000

interface StoredKey {
  readonly id: string
  readonly name: string
  readonly secretHash: Uint8Array
  readonly scopes: readonly string[]
  /** Networks that may use it; empty means every ip. */
  readonly allowedNetworks: readonly string[]
  readonly expiresAt: Date | null
  readonly revokedAt: Date | null
  readonly organization: OrganizationRef
  readonly app: AppRef & { readonly archivedAt: Date | null }
}

/** The API keys of a database, with what this process has cached about them. */
export interface ApiKeys {
  /**
   * Returns the principal of the key. A malformed, unknown, expired or revoked key, one of an archived app and one from a
   * network that it does not allow give the same error, so that trying a found key reveals nothing: AppError
   * `unauthenticated`, or `rate-limited` after too many from one ip. A malformed key is refused without a query. `ip` is
   * the client's, as the trusted proxies report it.
   */
  principalOf(key: string, ip: string | null, at: Date): Promise<ApiKeyPrincipal>
  /** Looks for a key that nobody has, because the first look-up takes a hundred times as long as every other. */
  prepare(): Promise<void>
  /** Resolves when every recorded use is written. */
  usesWritten(): Promise<void>
}

interface Memory {
  readonly database: Database
  readonly keys: Recent<StoredKey | null>
  /** When the use of a key was last written, by its id. */
  readonly usedAtMs: Map<string, number>
  readonly writing: Set<Promise<void>>
  /** Texts that are not keys, by ip, in the current minute. */
  readonly malformed: Map<string, { readonly startedAtMs: number; count: number }>
}

/** One use of a key. */
interface Use {
  readonly ip: string | null
  readonly at: Date
}

const usedEveryMs = 60_000
const mostRemembered = 10_000

/** Returns the keys of the database, with nothing cached. */
export function apiKeys(database: Database): ApiKeys {
  const memory: Memory = {
    database,
    keys: recent({ forMs: keyMemoryMs, most: mostRemembered }),
    usedAtMs: new Map(),
    writing: new Set(),
    malformed: new Map(),
  }
  return {
    principalOf: (key, ip, at) => accept(memory, key, { ip, at }),
    async prepare() {
      await findKey(database, new Uint8Array(32))
      await findApp(database, nilUuid, nilUuid)
    },
    async usesWritten() {
      await Promise.all(memory.writing)
    },
  }
}

async function accept(memory: Memory, key: string, use: Use): Promise<ApiKeyPrincipal> {
  if (!isApiKey(key)) throw refusalOfMalformed(memory, use)
  try {
    const hash = hashApiKey(key)
    // One query for all concurrent requests with the same key.
    const stored = await memory.keys.recall(Buffer.from(hash).toString("base64"), use.at.getTime(), () =>
      findKey(memory.database, hash),
    )
    if (!stored || !isSameHash(stored.secretHash, hash) || !isUsable(stored, use)) {
      throw await refusalOfKey(memory.database, stored, use)
    }
    noteUse(memory, stored, use)
    return principalOf(stored)
  } catch (error) {
    throw databaseError(error)
  }
}

function principalOf(key: StoredKey): ApiKeyPrincipal {
  const { id, slug, name } = key.app
  return {
    kind: "api-key",
    keyId: key.id,
    name: key.name,
    organization: key.organization,
    app: { id, slug, name },
    ...grantsOf([{ permissions: key.scopes, appIds: [] }], {
      organizationId: key.organization.id,
      actorId: key.id,
    }),
  }
}

function isUsable(key: StoredKey, { ip, at }: Use): boolean {
  if (key.revokedAt !== null || key.app.archivedAt !== null) return false
  if (!isWithin(key.allowedNetworks, ip)) return false
  return key.expiresAt === null || key.expiresAt > at
}

async function findKey(database: Database, secretHash: Uint8Array<ArrayBuffer>): Promise<StoredKey | null> {
  const found = await database.prisma.apiKey.findUnique({
    where: { secretHash },
    select: {
      id: true,
      name: true,
      secretHash: true,
      scopes: true,
      allowedNetworks: true,
      expiresAt: true,
      revokedAt: true,
      appId: true,
      organization: { select: { id: true, slug: true, name: true } },
    },
  })
  if (!found) return null
  const app = await findApp(database, found.organization.id, found.appId)
  if (!app) throw new AppError("internal", "The app of an API key does not exist.")
  return { ...found, app }
}

function findApp(database: Database, organizationId: string, id: string): Promise<StoredKey["app"] | null> {
  return database.withOrganizationPrisma(organizationId, ({ prisma }) =>
    prisma.app.findUnique({
      where: { id },
      select: { id: true, slug: true, name: true, archivedAt: true },
    }),
  )
}

// Written in parallel with the request, at most once a minute by each process, and never awaited.
function noteUse(memory: Memory, key: StoredKey, { ip, at }: Use): void {
  const usedAtMs = memory.usedAtMs.get(key.id)
  if (usedAtMs !== undefined && at.getTime() - usedAtMs < usedEveryMs) return
  if (memory.usedAtMs.size >= mostRemembered) memory.usedAtMs.clear()
  memory.usedAtMs.set(key.id, at.getTime())
  const writing = writeUse(memory.database, key.id, { ip, at })
    .catch(error => log.warn("api_key.use_not_written", { keyId: key.id, error }))
    .finally(() => memory.writing.delete(writing))
  memory.writing.add(writing)
}

async function writeUse(database: Database, keyId: string, { ip, at }: Use): Promise<void> {
  const staleBefore = new Date(at.getTime() - usedEveryMs)
  await database.prisma.apiKey.updateMany({
    where: { id: keyId, OR: [{ lastUsedAt: null }, { lastUsedAt: { lte: staleBefore } }] },
    data: { lastUsedAt: at, lastUsedIp: ip },
  })
}

async function refusalOfKey(
  database: Database,
  stored: StoredKey | null,
  { ip, at }: Use,
): Promise<AppError> {
  if (ip !== null) {
    const counted = await countAttempt(database.prisma, badKeys, { subject: addressSubject(ip), at })
    if (!counted.allowed) return tooMany(counted.retryAfterSeconds)
  }
  // After the rate limit, so that nobody can fill the log.
  log.info("api_key.refused", { ip, keyId: stored?.id })
  return refusal()
}

function refusalOfMalformed(memory: Memory, { ip, at }: Use): AppError {
  if (ip === null) return refusal()
  const subject = addressSubject(ip)
  const spanMs = badKeys.spanSeconds * 1000
  const startedAtMs = Math.floor(at.getTime() / spanMs) * spanMs
  let counter = memory.malformed.get(subject)
  if (counter?.startedAtMs !== startedAtMs) {
    if (memory.malformed.size >= mostRemembered) memory.malformed.clear()
    counter = { startedAtMs, count: 0 }
    memory.malformed.set(subject, counter)
  }
  counter.count += 1
  if (counter.count <= badKeys.most) return refusal()
  return tooMany(Math.max(1, Math.ceil((startedAtMs + spanMs - at.getTime()) / 1000)))
}

function refusal(): AppError {
  return new AppError(
    "unauthenticated",
    "The API key is unknown, malformed, expired, revoked, or not allowed from this address.",
    { subcode: "wrong-key" },
  )
}

function tooMany(retryAfterSeconds: number): AppError {
  return new AppError("rate-limited", "Too many requests with a wrong API key from this address.", {
    retryAfterSeconds,
  })
}
