import type pg from "pg"
import { hasUuidShape } from "@/lib/audit/uuid"
import { AppError } from "@/lib/errors"
import { databaseError, sqlState } from "./errors"
import { instantText } from "./instant"
import type { Tx } from "./tx"

export interface TransactionOptions {
  /** The database refuses writes; a statement may take 10 s. */
  readonly readOnly?: boolean
  /** Every statement sees the state at the first one. */
  readonly repeatableRead?: boolean
}

export const readTimeoutMs = 10_000
export const writeTimeoutMs = 30_000
/** After the server's own limit there is no response to expect: the host has disappeared without closing the connection. */
const silencePatienceMs = 5_000

/** Returns the given text, known to be a uuid, so that it may stand inside a statement. */
export function assertUuid(text: string): string {
  if (!hasUuidShape(text)) throw new AppError("internal", "An organization's id is not a uuid.")
  return text
}

/** Returns one SQL text that begins a transaction of the organization, sets its limits and (for a write) reads the clock. */
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
 * An acknowledged commit must survive a crash, whatever the settings of the server, the database or the role have become
 * since the start: each write requires it itself. The stricter `remote_apply` stays in effect.
 */
export const durableCommit =
  "set_config('synchronous_commit', CASE current_setting('synchronous_commit') WHEN 'remote_apply' THEN 'remote_apply' ELSE 'on' END, true)"

/** The database's clock as an Instant. */
export const clockExpression = instantText("clock_timestamp()")

/**
 * Runs `fn` between BEGIN and COMMIT on this connection, which is then released to the pool, or destroyed when its state is
 * unknown. Returns the result of `fn`.
 */
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
    // A write in a read-only transaction is a mistake in our code, not a state of the database.
    if (begin.includes(" READ ONLY;") && sqlState(error) === "25006") throw error
    throw databaseError(error)
  }
}

/**
 * COMMIT after a failed statement answers "ROLLBACK" without an error: nothing was stored, and the caller must learn that.
 */
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

/** A pooled connection that is destroyed when the caller disconnects or the server stops responding. */
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

  /** Returns the result. Throws when it does not arrive in time. */
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

/** The rows have the type that the author of the statement names: TypeScript cannot check SQL text. */
function rowsOf<Row extends object>(result: pg.QueryResult): readonly Row[] {
  return result.rows
}
