import { type ApiKeys, apiKeys } from "@/lib/access/keys/key-principal"
import { type KnownApps, knownApps } from "@/lib/access/known-apps"
import { type IpSet, ipSet } from "@/lib/audit/ip"
import { cursorKeyOf } from "@/lib/audit/query/cursor"
import type { EventStore, Position } from "@/lib/audit/store"
import { type CaptureCounts, captureCounts } from "@/lib/capture/counts"
import { type OwnCounts, ownCounts } from "@/lib/capture/own-counts"
import { type CapturePolicies, capturePolicies } from "@/lib/capture/policies"
import { onePerProcess } from "@/lib/memory/one-per-process"
import { type OwnCalls, ownCalls } from "@/lib/memory/own-calls"
import { type Rates, rates } from "@/lib/memory/rates"
import { type Repetitions, repetitions } from "@/lib/memory/repetitions"
import { type Shares, shares } from "@/lib/memory/shares"
import { type Walks, walks } from "@/lib/memory/walks"
import { outbound } from "@/lib/outbound/guard"
import type { Outbound } from "@/lib/outbound/outbound"
import { type AnySinkKind, sinkKinds } from "@/lib/sinks/kinds"
import { postgresStore } from "@/lib/stores/postgres/store"
import packageJson from "@/package.json"
import { type DatabaseClock, databaseClock, tolerableSkewMs } from "./database/clock"
import { createDatabase, type Database } from "./database/database"
import type { WriteState } from "./database/writes"
import { type Env, processEnv } from "./env/env"
import { type GroupCommit, groupCommit } from "./ledger/group-commit"
import { type MigrationLevel, readMigrationLevel } from "./startup-checks"

/** The shared parts of a process, created once. Whatever a process keeps in memory between requests is a member. */
export interface Platform {
  readonly env: Env
  readonly database: Database
  readonly store: EventStore
  readonly clock: DatabaseClock
  /** Appends events from outside of an operation's transaction; concurrent callers share a commit. */
  readonly ledger: GroupCommit
  /** The proxies whose forwarding headers count. */
  readonly trustedProxies: IpSet
  readonly keys: ApiKeys
  readonly apps: KnownApps
  /** The id of the app for the console's own events, by organization. It never changes. */
  readonly builtInApps: Map<string, string>
  /** Signs cursors. */
  readonly cursorKey: Uint8Array
  readonly rates: Rates
  /** Where pages end that were asked for by their numbers. */
  readonly walks: Walks<Position>
  /** Places for concurrent exports, by organization. */
  readonly exports: Shares
  readonly refusals: Repetitions
  /** What is recorded of API calls, by organization. */
  readonly capturePolicies: CapturePolicies
  readonly captureCounts: CaptureCounts
  /** How many calls to the API of this process there were, as `captureCounts` gets to know them. */
  readonly ownCounts: OwnCounts
  /** What became of the calls to the API of this process. */
  readonly ownCalls: OwnCalls
  /** The way out to what people of an organization have typed. */
  readonly outbound: Outbound
  /** The kinds of sinks, in the order in which a form offers them. */
  readonly sinkKinds: readonly AnySinkKind[]
}

const processPlatform = onePerProcess<{ value?: Platform }>("platform", () => ({}))
/** Where scripts/server.mjs finds the work to do before the process ends; it cannot import from the bundle. */
const closing = Symbol.for("auditorium.closing")

/** Returns the one platform of this process, created at the first call. Throws EnvError when the environment is invalid. */
export function platform(): Platform {
  const kept = processPlatform()
  if (kept.value === undefined) {
    const created = createPlatform(processEnv())
    kept.value = created
    const close = async () => {
      await Promise.all([created.refusals.flush(), created.ownCalls.settle()])
      await created.ownCounts.flush()
    }
    Object.assign(globalThis, { [closing]: close })
  }
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
  const counts = captureCounts(database)
  return {
    env,
    database,
    store: postgresStore(database),
    clock: databaseClock(database),
    ledger: groupCommit(database),
    trustedProxies: ipSet(env.trustedProxies),
    keys: apiKeys(database),
    apps: knownApps(database),
    builtInApps: new Map(),
    cursorKey: cursorKeyOf(env.secret),
    rates: rates({
      eventsPerSecond: env.ingestionRatePerSecond,
      bytesPerSecond: env.bodyBytesPerSecond,
      clarifaiPerSecond: env.clarifaiRatePerSecond,
    }),
    walks: walks({ forMs: 5 * 60_000, most: 2_000, mostOfOwner: 100 }),
    exports: shares({ total: env.exportLimit, each: env.exportLimitPerOrganization }),
    refusals: repetitions(),
    capturePolicies: capturePolicies(database, { environment: env.capture }),
    captureCounts: counts,
    ownCounts: ownCounts(counts, { version: packageJson.version }),
    ownCalls: ownCalls(),
    outbound: outbound({ allow: env.outboundAllow }),
    sinkKinds,
  }
}

/** Makes `platform()` return this one: for commands and tests that create their own. Null resets it. */
export function usePlatform(value: Platform | null): void {
  processPlatform().value = value ?? undefined
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
