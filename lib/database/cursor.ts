import type pg from "pg"
import Cursor from "pg-cursor"
import { databaseError } from "./errors"
import { GuardedConnection } from "./transaction"

/** Rows of one statement, in chunks of the size that the reader chooses. */
export interface RowCursor<Row extends object> {
  /** Returns up to `count` further rows; an empty array at the end. */
  read(count: number): Promise<readonly Row[]>
  /** Releases the connection; with an error (or while reading) destroys it, which stops the statement. */
  close(error?: unknown): Promise<void>
}

/** Returns a cursor inside its own transaction on this connection. */
export async function openCursor<Row extends object>(
  client: pg.PoolClient,
  begin: string,
  sql: string,
  values: readonly unknown[],
): Promise<RowCursor<Row>> {
  const connection = new GuardedConnection(client)
  try {
    await connection.query(begin)
  } catch (error) {
    connection.destroy()
    throw databaseError(error)
  }
  const cursor = client.query(new Cursor<Row>(sql, [...values]))
  let isReading = false
  let isClosed = false
  return {
    async read(count) {
      if (isClosed) throw new Error("The cursor is closed.")
      isReading = true
      try {
        return await connection.guard(cursor.read(count))
      } catch (error) {
        isClosed = true
        connection.destroy()
        throw databaseError(error)
      } finally {
        isReading = false
      }
    },
    async close(error) {
      if (isClosed) return
      isClosed = true
      if (error !== undefined || isReading) return connection.destroy()
      try {
        await connection.guard(cursor.close())
        await connection.query("COMMIT")
        connection.release()
      } catch {
        connection.destroy()
      }
    },
  }
}
