import type { EventStore } from "@/lib/audit/store"
import { postgresStore } from "@/lib/stores/postgres/store"
import { createDatabase, type Database } from "./db"
import { type DatabaseClock, databaseClock, tolerableSkewMs } from "./db-clock"
import type { WriteState } from "./db-writes"
import { type Env, processEnv } from "./env"
import { type GroupCommit, groupCommit } from "./group-commit"
import { type MigrationLevel, readMigrationLevel } from "./startup-checks"

/** The shared parts of a process, created once. */
export interface Platform {
  readonly env: Env
  readonly database: Database
  readonly store: EventStore
  readonly clock: DatabaseClock
  /** Appends events from outside of an operation's transaction; concurrent callers share a commit. */
  readonly ledger: GroupCommit
}

// The bundler may load this module more than once in a process; there must be only one pool and one set of queues.
const key = Symbol.for("auditorium.platform")

/** Returns the one platform of this process, created at the first call. Throws EnvError when the environment is invalid. */
export function platform(): Platform {
  const kept = keptPlatform()
  kept.value ??= createPlatform(processEnv())
  return kept.value
}

/** Returns a new platform for the environment, apart from the one of the process. */
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

/** Makes `platform()` return this one: for commands and tests that create their own. Null resets it. */
export function usePlatform(value: Platform | null): void {
  keptPlatform().value = value ?? undefined
}

/**
 * Returns a function that returns the one value of its kind for a platform, created at the first call. The name makes it
 * unique, because the bundler may load the calling module more than once in a process.
 */
export function onePerPlatform<Value>(
  name: string,
  make: (platform: Platform) => Value,
): (platform: Platform) => Value {
  const symbol = Symbol.for(`auditorium.${name}`)
  // The one cast: only this function sets the value of our own symbol.
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

/** Returns how far the database is migrated. */
export function migrationLevel(): Promise<MigrationLevel> {
  return readMigrationLevel(platform().database)
}

/** Returns how far this process's clock is ahead of the database's, as last measured, and whether that is tolerable. */
export function clockSkew(): { readonly skewMs: number; readonly fits: boolean } {
  const { skewMs } = platform().clock
  return { skewMs, fits: Math.abs(skewMs) <= tolerableSkewMs }
}

/** Returns whether writing to the database works, or why not. */
export function writeState(): Promise<WriteState> {
  return platform().database.writes.state()
}

function keptPlatform(): { value?: Platform } {
  // The one cast: only this function sets the value of our own symbol.
  const shared = globalThis as { [key]?: { value?: Platform } }
  shared[key] ??= {}
  return shared[key]
}
