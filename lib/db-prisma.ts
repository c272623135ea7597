import type { Prisma, PrismaClient } from "@/lib/generated/prisma/client"
import type { Tx } from "./db"
import { databaseError } from "./db-errors"
import { assertUuid, durableCommit, writeTimeoutMs } from "./db-transaction"
import { AppError } from "./errors"

export type PrismaTransactionClient = Prisma.TransactionClient

/** One transaction, through Prisma and through SQL. */
export interface PrismaScope<Transaction> {
  readonly prisma: PrismaTransactionClient
  readonly tx: Transaction
  /** Makes the transaction act for this organization from here on. */
  readonly enter: (organizationId: string) => Promise<void>
}

/**
 * Runs `fn` in one interactive transaction, which acts for the organization from its first statement on. Returns its
 * result.
 */
export async function inPrismaTransaction<T>(
  { prisma: client, patienceMs }: { readonly prisma: PrismaClient; readonly patienceMs: number },
  organizationId: string | null,
  fn: (scope: PrismaScope<Tx>) => Promise<T>,
): Promise<T> {
  try {
    return await client.$transaction(
      async prisma => {
        const enter = async (id: string) => setOrganization(prisma, assertUuid(id))
        await setOrganization(prisma, organizationId === null ? "" : assertUuid(organizationId))
        const tx: Tx = {
          query: async (sql, values = []) => withNumbers(await prisma.$queryRawUnsafe(sql, ...values)),
        }
        const result = await fn({ prisma, tx, enter })
        // When the error of a statement was ignored, COMMIT would silently roll back: this statement fails instead.
        await prisma.$queryRawUnsafe("SELECT 1")
        return result
      },
      { maxWait: patienceMs, timeout: writeTimeoutMs },
    )
  } catch (error) {
    throw databaseError(error)
  }
}

async function setOrganization(prisma: PrismaTransactionClient, organizationId: string): Promise<void> {
  await prisma.$queryRawUnsafe(
    `SELECT set_config('app.organization', $1, true), set_config('statement_timeout', $2, true), ${durableCommit}`,
    organizationId,
    String(writeTimeoutMs),
  )
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
