import { grantsOf } from "@/lib/access/grants"
import type { AccessContext, ApiKeyPrincipal, AppRef, OrganizationRef } from "@/lib/access/principal"
import { addressSubject, badKeys, countAttempt } from "@/lib/access/sign-in/attempts"
import { isSameHash } from "@/lib/access/tokens"
import type { Database } from "@/lib/db"
import { databaseError } from "@/lib/db-errors"
import { AppError } from "@/lib/errors"
import { log } from "@/lib/log"
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

interface Remembered {
  readonly readAtMs: number
  readonly stored: Promise<StoredKey | null>
}

/** What one process has cached about the keys of one database. */
interface Memory {
  readonly keys: Map<string, Remembered>
  /** When the use of a key was last written, by its id. */
  readonly usedAtMs: Map<string, number>
  readonly writing: Set<Promise<void>>
  /** Texts that are not keys, by ip, in the current minute. */
  readonly malformed: Map<string, { readonly startedAtMs: number; count: number }>
}

const usedEveryMs = 60_000
const mostRemembered = 10_000
const memories = new WeakMap<Database, Memory>()

/**
 * Returns the principal of the key. A malformed, unknown, expired or revoked key, one of an archived app and one from a
 * network that it does not allow give the same error, so that trying a found key reveals nothing: AppError
 * `unauthenticated`, or `rate-limited` after too many from one ip. A malformed key is refused without a query. `ip` is the
 * client's, as the trusted proxies report it.
 */
export async function principalOfApiKey(
  key: string,
  ip: string | null,
  context: AccessContext,
): Promise<ApiKeyPrincipal> {
  const memory = memoryOf(context.database)
  if (!isApiKey(key)) throw refusalOfMalformed(memory, ip, context.at)
  try {
    const hash = hashApiKey(key)
    const stored = await recall(memory, hash, context)
    if (!stored || !isSameHash(stored.secretHash, hash) || !isUsable(stored, context.at, ip)) {
      throw await refusalOfKey(stored, ip, context)
    }
    noteUse(memory, stored, { ...context, ip })
    return principalOf(stored)
  } catch (error) {
    throw databaseError(error)
  }
}

/** Resolves when every recorded use is written. */
export async function keyUsesWritten(database: Database): Promise<void> {
  await Promise.all(memoryOf(database).writing)
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

function isUsable(key: StoredKey, at: Date, ip: string | null): boolean {
  if (key.revokedAt !== null || key.app.archivedAt !== null) return false
  if (!isWithin(key.allowedNetworks, ip)) return false
  return key.expiresAt === null || key.expiresAt > at
}

// One query for all concurrent requests with the same key.
async function recall(
  memory: Memory,
  hash: Uint8Array<ArrayBuffer>,
  { database, at }: AccessContext,
): Promise<StoredKey | null> {
  const name = Buffer.from(hash).toString("base64")
  const remembered = memory.keys.get(name)
  if (remembered && Math.abs(at.getTime() - remembered.readAtMs) < keyMemoryMs) return remembered.stored
  const stored = findKey(database, hash)
  if (memory.keys.size >= mostRemembered) memory.keys.clear()
  memory.keys.set(name, { readAtMs: at.getTime(), stored })
  const forget = () => {
    if (memory.keys.get(name)?.stored === stored) memory.keys.delete(name)
  }
  stored.then(found => found ?? forget(), forget)
  return stored
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
  const app = await database.withOrganizationPrisma(found.organization.id, ({ prisma }) =>
    prisma.app.findUniqueOrThrow({
      where: { id: found.appId },
      select: { id: true, slug: true, name: true, archivedAt: true },
    }),
  )
  return { ...found, app }
}

// Written in parallel with the request, at most once a minute by each process, and never awaited.
function noteUse(
  memory: Memory,
  key: StoredKey,
  { database, at, ip }: AccessContext & { readonly ip: string | null },
) {
  const usedAtMs = memory.usedAtMs.get(key.id)
  if (usedAtMs !== undefined && at.getTime() - usedAtMs < usedEveryMs) return
  if (memory.usedAtMs.size >= mostRemembered) memory.usedAtMs.clear()
  memory.usedAtMs.set(key.id, at.getTime())
  const writing = writeUse(database, key.id, { at, ip })
    .catch(error => log.warn("api_key.use_not_written", { keyId: key.id, error }))
    .finally(() => memory.writing.delete(writing))
  memory.writing.add(writing)
}

async function writeUse(
  database: Database,
  keyId: string,
  { at, ip }: { readonly at: Date; readonly ip: string | null },
): Promise<void> {
  const staleBefore = new Date(at.getTime() - usedEveryMs)
  await database.prisma.apiKey.updateMany({
    where: { id: keyId, OR: [{ lastUsedAt: null }, { lastUsedAt: { lte: staleBefore } }] },
    data: { lastUsedAt: at, lastUsedIp: ip },
  })
}

async function refusalOfKey(
  stored: StoredKey | null,
  ip: string | null,
  { database, at }: AccessContext,
): Promise<AppError> {
  if (ip !== null) {
    const counted = await countAttempt(database.prisma, badKeys, { subject: addressSubject(ip), at })
    if (!counted.allowed) return tooMany(counted.retryAfterSeconds)
  }
  // After the rate limit, so that nobody can fill the log.
  log.info("api_key.refused", { ip, keyId: stored?.id })
  return refusal()
}

function refusalOfMalformed(memory: Memory, ip: string | null, at: Date): AppError {
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
  )
}

function tooMany(retryAfterSeconds: number): AppError {
  return new AppError("rate-limited", "Too many requests with a wrong API key from this address.", {
    retryAfterSeconds,
  })
}

function memoryOf(database: Database): Memory {
  const known = memories.get(database)
  if (known) return known
  const memory: Memory = { keys: new Map(), usedAtMs: new Map(), writing: new Set(), malformed: new Map() }
  memories.set(database, memory)
  return memory
}
