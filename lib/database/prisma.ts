import { AppError } from "@/lib/errors"
import type { Prisma, PrismaClient } from "@/lib/generated/prisma/client"
import { databaseError, sqlState } from "./errors"
import {
  assertUuid,
  durableCommit,
  readTimeoutMs,
  type TransactionOptions,
  writeTimeoutMs,
} from "./transaction"
import type { Tx } from "./tx"

export type PrismaTransactionClient = Prisma.TransactionClient

/** One transaction, through Prisma and through SQL. */
export interface PrismaScope<Transaction> {
  readonly prisma: PrismaTransactionClient
  readonly tx: Transaction
  /** Makes the transaction act for this organization from here on. */
  readonly enter: (organizationId: string) => Promise<void>
}

interface Through extends Pick<TransactionOptions, "readOnly"> {
  readonly prisma: PrismaClient
  readonly patienceMs: number
}

/**
 * Runs `fn` in one interactive transaction, which acts for the organization from its first statement on. Returns its
 * result.
 */
export async function inPrismaTransaction<T>(
  { prisma: client, patienceMs, readOnly = false }: Through,
  organizationId: string | null,
  fn: (scope: PrismaScope<Tx>) => Promise<T>,
): Promise<T> {
  try {
    return await client.$transaction(
      async prisma => {
        const enter = async (id: string) => setOrganization(prisma, assertUuid(id))
        await begin(prisma, organizationId === null ? "" : assertUuid(organizationId), readOnly)
        const tx: Tx = {
          query: async (sql, values = []) => withNumbers(await prisma.$queryRawUnsafe(sql, ...values)),
        }
        const result = await fn({ prisma, tx, enter })
        // When the error of a statement was ignored, COMMIT would silently roll back: this statement fails instead.
        if (!readOnly) await prisma.$queryRawUnsafe("SELECT 1")
        return result
      },
      { maxWait: patienceMs, timeout: writeTimeoutMs },
    )
  } catch (error) {
    // A write in a read-only transaction is a mistake in our code, not a state of the database.
    if (readOnly && sqlState(error) === "25006") throw error
    throw databaseError(error)
  }
}

// One statement sets everything. A transaction that has become read-only stays so.
async function begin(
  prisma: PrismaTransactionClient,
  organizationId: string,
  readOnly: boolean,
): Promise<void> {
  const kind = readOnly ? "set_config('transaction_read_only', 'on', true)" : durableCommit
  await prisma.$queryRawUnsafe(
    `SELECT set_config('app.organization', $1, true), set_config('statement_timeout', $2, true), ${kind}`,
    organizationId,
    String(readOnly ? readTimeoutMs : writeTimeoutMs),
  )
}

async function setOrganization(prisma: PrismaTransactionClient, organizationId: string): Promise<void> {
  await prisma.$queryRawUnsafe("SELECT set_config('app.organization', $1, true)", organizationId)
}

/** Prisma returns `bigint` columns as BigInt; `inTransaction` returns numbers, and so does this function. */
function withNumbers<Row extends object>(rows: readonly Row[]): readonly Row[] {
  for (const row of rows) {
    for (const [name, value] of Object.entries(row)) {
      if (typeof value === "bigint") Reflect.set(row, name, safeNumber(value))
    }
  }
  return rows
}

function safeNumber(value: bigint): number {
  const number = Number(value)
  if (!Number.isSafeInteger(number))
    throw new AppError("internal", "A number is too large to be read exactly.")
  return number
}
