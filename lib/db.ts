import { PrismaPg } from "@prisma/adapter-pg"
import pg from "pg"
import { PrismaClient } from "@/lib/generated/prisma/client"
import { OneAtATimeClient } from "./db-client"
import { openCursor, type RowCursor } from "./db-cursor"
import { databaseError } from "./db-errors"
import { inPrismaTransaction, type PrismaScope, type PrismaTransactionClient } from "./db-prisma"
import { beginStatement, inTransaction, type TransactionOptions } from "./db-transaction"
import { type Writes, watchWrites } from "./db-writes"
import { AppError } from "./errors"
import { shares } from "./shares"

/** Prisma's client inside a transaction. */
export type PrismaTransaction = PrismaTransactionClient

/**
 * A transaction that acts for one organization. Comes only from `withOrganization` and `withOrganizationPrisma`, so that no
 * statement can run without the database knowing whose rows it may see.
 */
export interface Tx {
  /**
   * Promise: the rows of the statement, `$1` ... being the values. `bigint` columns are numbers. Have the statement write times as
   * text (`to_char`): what else becomes of them depends on who made the transaction.
   */
  query<Row extends object>(sql: string, values?: readonly unknown[]): Promise<readonly Row[]>
  /** The database's clock when the transaction began (six digits, UTC), when it was read in the same breath. */
  readonly beganAt?: string
}

/** What a connection is for, when it is for something that one organization must not take all connections for. */
export type Purpose = "search" | "export"

export interface OrganizationOptions extends TransactionOptions {
  /**
   * `search`: one organization has half of the connections at most; its further searches wait, and are then refused with AppError
   * `rate-limited`. `export`: a connection of the pool for exports. Absent: any connection.
   */
  readonly purpose?: Purpose
  /** Ends the work by destroying its connection; the server notices and stops the running statement. */
  readonly signal?: AbortSignal
}

/** The database as the application role. Every failure to reach it is an AppError `unavailable`, a slow statement `timeout`. */
export interface Database {
  /** Promise: `fn` ran in one transaction that sees and writes this organization only; committed when `fn` resolves. */
  withOrganization<T>(
    organizationId: string,
    fn: (tx: Tx) => Promise<T>,
    options?: OrganizationOptions,
  ): Promise<T>
  /**
   * The same, with Prisma and `tx` in one transaction. Null = no organization yet: only the directory tables are visible.
   * `enter` goes on in another organization, for what must be written to several logs at once.
   */
  withOrganizationPrisma<T>(
    organizationId: string | null,
    fn: (scope: PrismaScope<Tx>) => Promise<T>,
  ): Promise<T>
  /** Promise: rows of one statement, a few at a time, from one snapshot. The caller must close it. */
  openCursor<Row extends object>(
    organizationId: string,
    sql: string,
    values: readonly unknown[],
  ): Promise<RowCursor<Row>>
  /** The directory tables (organization, person, membership, session, sign_in_link, api_key, attempt), outside a transaction. */
  readonly prisma: PrismaClient
  /**
   * The same on a few connections of its own, for what is written while a transaction is under way and outlives its rollback:
   * were it written through `prisma`, transactions that hold every connection would wait for one more.
   */
  readonly beside: PrismaClient
  /** Promise: rows of a statement that needs no organization (health, catalogue). */
  queryDirectly<Row extends object>(sql: string, values?: readonly unknown[]): Promise<readonly Row[]>
  /** How writing goes: each write of the record is watched. */
  readonly writes: Writes
  /** Waits for nothing new, lets running work end, closes every connection. */
  close(): Promise<void>
}

interface DatabaseSettings {
  readonly databaseUrl: string
  readonly poolSize: number
  /** Connections that serve exports and nothing else. */
  readonly exportPoolSize?: number
  /** How long a caller waits for a connection before they get `unavailable`. */
  readonly patienceMs: number
}

const besidePoolSize = 2
const standardExportPoolSize = 4
/** The part of the pool that the searches of one organization may hold, however slow they are. */
const searchShare = 0.5

/** Promise: a database on its own pool. Connects when first used, and again by itself after the server was away. */
export function createDatabase(settings: DatabaseSettings): Database {
  const { databaseUrl, poolSize, exportPoolSize = standardExportPoolSize, patienceMs } = settings
  const pool = createPool({ databaseUrl, poolSize, patienceMs })
  const besidePool = createPool({ databaseUrl, poolSize: besidePoolSize, patienceMs })
  const exportPool = createPool({ databaseUrl, poolSize: exportPoolSize, patienceMs })
  const searches = shares({ each: Math.max(1, Math.floor(poolSize * searchShare)) })
  const prisma = createPrisma(pool)
  const beside = createPrisma(besidePool)
  const connect = (from = pool) => from.connect().catch(error => Promise.reject(databaseError(error)))
  const queryDirectly = async <Row extends object>(sql: string, values: readonly unknown[] = []) => {
    try {
      return (await pool.query<Row>(sql, [...values])).rows
    } catch (error) {
      throw databaseError(error)
    }
  }
  const writes = watchWrites({ probe: () => probeWrite(queryDirectly) })
  let closing: Promise<void> | undefined
  return {
    prisma,
    beside,
    writes,
    queryDirectly,
    async withOrganization(organizationId, fn, options = {}) {
      options.signal?.throwIfAborted()
      const begin = beginStatement(organizationId, options)
      const { purpose, signal } = options
      const leave = purpose === "search" ? await searches.wait(organizationId, patienceMs) : undefined
      if (leave === null) throw tooManySearches()
      try {
        return await inTransaction(await connect(purpose === "export" ? exportPool : pool), begin, fn, signal)
      } finally {
        leave?.()
      }
    },
    withOrganizationPrisma: (organizationId, fn) =>
      inPrismaTransaction({ prisma, patienceMs }, organizationId, fn),
    async openCursor(organizationId, sql, values) {
      const begin = beginStatement(organizationId, { readOnly: true })
      return openCursor(await connect(), begin, sql, values)
    },
    close() {
      closing ??= Promise.all([
        prisma.$disconnect().then(() => pool.end()),
        beside.$disconnect().then(() => besidePool.end()),
        exportPool.end(),
      ]).then(() => {})
      return closing
    },
  }
}

// A message in the write-ahead log that nobody reads: it is flushed like the commit of an event, and leaves no row. A server
// that takes reads only would take it too, so it is asked.
const probeStatement = `SELECT pg_logical_emit_message(true, 'auditorium', 'probe'),
  current_setting('transaction_read_only') = 'on' AS is_read_only`

async function probeWrite(query: Database["queryDirectly"]): Promise<void> {
  const [answer] = await query<{ is_read_only: boolean }>(probeStatement)
  if (answer?.is_read_only) throw databaseError({ code: "25006" })
}

function tooManySearches(): AppError {
  const message = "This organization has as many searches under way as it may have at once. Please try again."
  return new AppError("rate-limited", message, { retryAfterSeconds: 1 })
}

function createPrisma(pool: pg.Pool): PrismaClient {
  return new PrismaClient({ adapter: new PrismaPg(pool), errorFormat: "minimal" })
}

function createPool({
  databaseUrl,
  poolSize,
  patienceMs,
}: Pick<DatabaseSettings, "databaseUrl" | "poolSize" | "patienceMs">): pg.Pool {
  const pool = new pg.Pool({
    Client: OneAtATimeClient,
    connectionString: databaseUrl,
    max: poolSize,
    connectionTimeoutMillis: patienceMs,
    idleTimeoutMillis: 60_000,
    keepAlive: true,
    application_name: "auditorium",
    types: { getTypeParser: typeParser },
  })
  // A connection that breaks while nobody waits on it only leaves the pool; without these listeners it would end the process.
  pool.on("error", ignoreLostConnection)
  pool.on("connect", client => client.on("error", ignoreLostConnection))
  return pool
}

function ignoreLostConnection(): void {}

/** Numbers stay numbers up to 2^53, and no timestamp becomes a Date, which would lose its microseconds. */
const typeParser: typeof pg.types.getTypeParser = (oid: number, format?: "text" | "binary") => {
  if (format === "binary") return pg.types.getTypeParser(oid, "binary")
  if (oid === pg.types.builtins.INT8) return parseSafeInteger
  if (oid === pg.types.builtins.TIMESTAMPTZ) return String
  return pg.types.getTypeParser(oid, "text")
}

function parseSafeInteger(text: string): number {
  const number = Number(text)
  if (!Number.isSafeInteger(number))
    throw new AppError("internal", "A number is too large to be read exactly.")
  return number
}
