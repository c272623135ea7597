import { PrismaPg } from "@prisma/adapter-pg"
import pg from "pg"
import { AppError } from "@/lib/errors"
import { PrismaClient } from "@/lib/generated/prisma/client"
import { shares } from "@/lib/memory/shares"
import { OneAtATimeClient } from "./client"
import { openCursor, type RowCursor } from "./cursor"
import { databaseError } from "./errors"
import { inPrismaTransaction, type PrismaScope, type PrismaTransactionClient } from "./prisma"
import { beginStatement, inTransaction, type TransactionOptions } from "./transaction"
import type { Tx } from "./tx"
import { type Writes, watchWrites } from "./writes"

/** Prisma's client inside a transaction. */
export type PrismaTransaction = PrismaTransactionClient

/** The use of a connection, for uses that must not let one organization take all connections. */
export type Purpose = "search" | "export"

export interface OrganizationOptions extends TransactionOptions {
  /**
   * `search`: one organization gets at most half of the connections; its further searches wait, and are then refused with
   * AppError `rate-limited`. `export`: a connection from the pool for exports. Absent: any connection.
   */
  readonly purpose?: Purpose
  /** Stops the work by destroying its connection; the server notices and cancels the running statement. */
  readonly signal?: AbortSignal
}

/**
 * The database, connected as the application role. A failure to reach it is an AppError `unavailable`, a slow statement
 * `timeout`.
 */
export interface Database {
  /**
   * Runs `fn` in one transaction that reads and writes this organization only; commits when `fn` resolves, and returns its
   * result.
   */
  withOrganization<T>(
    organizationId: string,
    fn: (tx: Tx) => Promise<T>,
    options?: OrganizationOptions,
  ): Promise<T>
  /**
   * The same, with Prisma and `tx` in one transaction. Null = no organization yet: only the directory tables are visible.
   * `enter` switches to another organization, for writes to several logs at once.
   */
  withOrganizationPrisma<T>(
    organizationId: string | null,
    fn: (scope: PrismaScope<Tx>) => Promise<T>,
    options?: Pick<TransactionOptions, "readOnly">,
  ): Promise<T>
  /** Returns the rows of one statement in chunks, from one snapshot. The caller must close it. */
  openCursor<Row extends object>(
    organizationId: string,
    sql: string,
    values: readonly unknown[],
  ): Promise<RowCursor<Row>>
  /**
   * The directory tables (organization, person, membership, session, sign_in_link, api_key, attempt), outside of a
   * transaction.
   */
  readonly prisma: PrismaClient
  /**
   * The same on a few separate connections, for writes during a transaction that must survive its rollback: through
   * `prisma`, transactions that hold every connection would wait for one more.
   */
  readonly beside: PrismaClient
  /** Returns the rows of a statement that needs no organization (health, catalogue). */
  queryDirectly<Row extends object>(sql: string, values?: readonly unknown[]): Promise<readonly Row[]>
  /** The state of writing, updated by each write. */
  readonly writes: Writes
  /** Refuses new work, lets running work end, closes every connection. */
  close(): Promise<void>
}

interface DatabaseSettings {
  readonly databaseUrl: string
  readonly poolSize: number
  /** Connections for exports only. */
  readonly exportPoolSize?: number
  /** How long a caller waits for a connection before an AppError `unavailable`. */
  readonly patienceMs: number
}

const besidePoolSize = 2
const standardExportPoolSize = 4
/** The part of the pool that the searches of one organization may hold, however slow they are. */
const searchShare = 0.5

/** Returns a database with its own pools. Connects at the first use, and reconnects after the server was away. */
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
    withOrganizationPrisma: (organizationId, fn, options = {}) =>
      inPrismaTransaction({ prisma, patienceMs, ...options }, organizationId, fn),
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

// A message in the write-ahead log that nobody reads: it is flushed like the commit of an event, and leaves no row. A
// read-only server would accept it too, so that is checked.
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
  // An idle connection that breaks only leaves the pool; without these listeners it would end the process.
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
