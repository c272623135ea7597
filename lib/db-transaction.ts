import type pg from "pg"
import { hasUuidShape } from "@/lib/audit/uuid"
import type { Tx } from "./db"
import { databaseError, sqlState } from "./db-errors"
import { instantText } from "./db-instant"
import { AppError } from "./errors"

export interface TransactionOptions {
  /** The database refuses writes; a statement may take 10 s. */
  readonly readOnly?: boolean
  /** Every statement sees the state at the first one. */
  readonly repeatableRead?: boolean
}

export const readTimeoutMs = 10_000
export const writeTimeoutMs = 30_000
/** Beyond the server's own limit nobody answers any more: the host is gone without a word. */
const silencePatienceMs = 5_000

/** Returns the given text, known to be a uuid, so that it may stand inside a statement. */
export function assertUuid(text: string): string {
  if (!hasUuidShape(text)) throw new AppError("internal", "An organization's id is not a uuid.")
  return text
}

/** Promise: one text that begins a transaction of the organization, sets its limits and (for a write) reads the clock. */
export function beginStatement(organizationId: string, options: TransactionOptions): string {
  const isolation = options.repeatableRead ? " ISOLATION LEVEL REPEATABLE READ" : ""
  const access = options.readOnly ? " READ ONLY" : ""
  const timeoutMs = options.readOnly ? readTimeoutMs : writeTimeoutMs
  const settings = [
    `set_config('app.organization', '${assertUuid(organizationId)}', true)`,
    `set_config('statement_timeout', '${timeoutMs}', true)`,
  ]
  if (!options.readOnly) settings.push(durableCommit, `${clockExpression} AS began_at`)
  return `BEGIN${isolation}${access}; SELECT ${settings.join(", ")}`
}

/**
 * What is answered after a commit must survive a crash, whatever the server, the database or the role has been set to since the
 * start: each write asks for it itself. Who waits for replicas to apply the commit too goes on doing so.
 */
export const durableCommit =
  "set_config('synchronous_commit', CASE current_setting('synchronous_commit') WHEN 'remote_apply' THEN 'remote_apply' ELSE 'on' END, true)"

/** The database's clock as an Instant. */
export const clockExpression = instantText("clock_timestamp()")

/** Promise: `fn` between BEGIN and COMMIT on this connection, which goes back to the pool, or is destroyed when in doubt. */
export async function inTransaction<T>(
  client: pg.PoolClient,
  begin: string,
  fn: (tx: Tx) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const connection = new GuardedConnection(client, signal)
  try {
    const beganAt = readBeganAt(await connection.query(begin))
    const result = await fn({
      query: async (sql, values) => rowsOf(await connection.query(sql, values)),
      beganAt,
    })
    await commit(connection)
    connection.release()
    return result
  } catch (error) {
    await rollback(connection)
    if (signal?.aborted) throw signal.reason
    // A write in a transaction that we made for reading is a mistake of ours, and no state of the database.
    if (begin.includes(" READ ONLY;") && sqlState(error) === "25006") throw error
    throw databaseError(error)
  }
}

/** COMMIT after a failed statement answers "ROLLBACK" without an error: then nothing was kept, and nobody may be told otherwise. */
async function commit(connection: GuardedConnection): Promise<void> {
  const { command } = await connection.query("COMMIT")
  if (command !== "COMMIT") throw new AppError("internal", "A failed transaction was to be committed.")
}

async function rollback(connection: GuardedConnection): Promise<void> {
  if (connection.isLost) return connection.release()
  try {
    await connection.query("ROLLBACK")
    connection.release()
  } catch {
    connection.destroy()
  }
}

/** A pooled connection that is destroyed when the caller goes away or the server falls silent. */
export class GuardedConnection {
  readonly client: pg.PoolClient
  #isReleased = false
  #isLost = false
  readonly #signal: AbortSignal | undefined
  readonly #abort = () => this.destroy()

  constructor(client: pg.PoolClient, signal?: AbortSignal) {
    this.client = client
    this.#signal = signal
    signal?.addEventListener("abort", this.#abort, { once: true })
  }

  /** True when the connection can no longer be used. */
  get isLost(): boolean {
    return this.#isLost
  }

  query(sql: string, values?: readonly unknown[]): Promise<pg.QueryResult> {
    return this.guard(values ? this.client.query(sql, [...values]) : this.client.query(sql))
  }

  /** Promise: the answer, or an error when it does not come in time. */
  async guard<T>(answer: Promise<T>): Promise<T> {
    if (this.#isLost) {
      answer.catch(() => {})
      throw new Error("Connection terminated")
    }
    const timer = setTimeout(() => this.destroy(), writeTimeoutMs + silencePatienceMs)
    try {
      return await answer
    } finally {
      clearTimeout(timer)
    }
  }

  release(): void {
    this.#giveBack(false)
  }

  destroy(): void {
    this.#isLost = true
    this.#giveBack(true)
  }

  #giveBack(destroy: boolean): void {
    if (this.#isReleased) return
    this.#isReleased = true
    this.#signal?.removeEventListener("abort", this.#abort)
    this.client.release(destroy)
  }
}

/** A text of several statements has an array of results, which the types of `pg` leave out. */
function readBeganAt(result: unknown): string | undefined {
  const last: unknown = Array.isArray(result) ? result.at(-1) : result
  if (typeof last !== "object" || last === null || !("rows" in last) || !Array.isArray(last.rows))
    return undefined
  const value: unknown = last.rows[0]?.began_at
  return typeof value === "string" ? value : undefined
}

/** The database's rows have the shape the statement's author names: nothing in TypeScript can check a text of SQL. */
function rowsOf<Row extends object>(result: pg.QueryResult): readonly Row[] {
  return result.rows
}
