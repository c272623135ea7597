import type { EventStore } from "@/lib/audit/store"
import { postgresStore } from "@/lib/stores/postgres/store"
import { createDatabase, type Database } from "./db"
import { type DatabaseClock, databaseClock, tolerableSkewMs } from "./db-clock"
import type { WriteState } from "./db-writes"
import { type Env, processEnv } from "./env"
import { type GroupCommit, groupCommit } from "./group-commit"
import { type MigrationLevel, readMigrationLevel } from "./startup-checks"

/** What a process works with, put together once. */
export interface Platform {
  readonly env: Env
  readonly database: Database
  readonly store: EventStore
  readonly clock: DatabaseClock
  /** Appends events that come from outside an operation's transaction; concurrent callers share a commit. */
  readonly ledger: GroupCommit
}

// The bundler may load this module more than once in a process; the pool and the queues must be there once.
const key = Symbol.for("auditorium.platform")

/** Promise: the one platform of this process, made at the first call. Throws EnvError when the environment is not usable. */
export function platform(): Platform {
  const kept = keptPlatform()
  kept.value ??= createPlatform(processEnv())
  return kept.value
}

/** Promise: a platform of the given environment, apart from the one of the process. */
export function createPlatform(env: Env): Platform {
  const database = createDatabase({
    databaseUrl: env.databaseUrl,
    poolSize: env.databasePoolSize,
    exportPoolSize: env.exportLimit,
    patienceMs: env.databasePatienceSeconds * 1000,
  })
  const store = postgresStore(database)
  return { env, database, store, clock: databaseClock(database), ledger: groupCommit(database) }
}

/** Makes `platform()` return this one: for commands and tests that put theirs together themselves. Null forgets it. */
export function usePlatform(value: Platform | null): void {
  keptPlatform().value = value ?? undefined
}

/**
 * Returns what finds the one value that a platform has of something, made when it is first asked for. The name keeps it single:
 * the bundler may load the module that asks more than once in a process.
 */
export function onePerPlatform<Value>(
  name: string,
  make: (platform: Platform) => Value,
): (platform: Platform) => Value {
  const symbol = Symbol.for(`auditorium.${name}`)
  // The one cast: what stands under our own symbol was put there by this function.
  const holder = globalThis as { [symbol]?: WeakMap<Platform, Value> }
  return current => {
    holder[symbol] ??= new WeakMap()
    const known = holder[symbol].get(current)
    if (known !== undefined) return known
    const value = make(current)
    holder[symbol].set(current, value)
    return value
  }
}

/** Promise: how far the database is migrated. */
export function migrationLevel(): Promise<MigrationLevel> {
  return readMigrationLevel(platform().database)
}

/** Returns how far this process's clock is ahead of the database's, as last measured, and whether that is tolerable. */
export function clockSkew(): { readonly skewMs: number; readonly fits: boolean } {
  const { skewMs } = platform().clock
  return { skewMs, fits: Math.abs(skewMs) <= tolerableSkewMs }
}

/** Promise: whether writing to the database works, or what keeps it from working. */
export function writeState(): Promise<WriteState> {
  return platform().database.writes.state()
}

function keptPlatform(): { value?: Platform } {
  // The one cast: what stands under our own symbol was put there by this function.
  const shared = globalThis as { [key]?: { value?: Platform } }
  shared[key] ??= {}
  return shared[key]
}
