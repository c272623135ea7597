import { existsSync, readFileSync } from "node:fs"
import path from "node:path"
import { startPostgres } from "@/scripts/postgres.mjs"

/** Something that keeps a command from running at all, in words for whoever typed it. */
export class SetupError extends Error {
  override readonly name = "SetupError"
}

/** The environment for a command, and what to do when it is over. */
export interface Prepared {
  readonly variables: Readonly<Record<string, string>>
  readonly finish: () => Promise<void>
}

/**
 * Promise: the addresses that a command needs. With DATABASE_URL in the environment there is nothing to add; else they are
 * those of the embedded database, which is used as it runs, or started and stopped again.
 */
export async function prepareEnvironment(given: NodeJS.ProcessEnv): Promise<Prepared> {
  if (given.DATABASE_URL) return { variables: {}, finish: async () => {} }
  const dataDirectory = path.resolve(given.DATA_DIR || ".data")
  const directory = path.join(dataDirectory, "postgres")
  const secret = readText(path.join(dataDirectory, "secret"))
  if (secret === null || !existsSync(directory)) {
    throw new SetupError(
      `There is no database in ${dataDirectory} yet. Run npm start once, or set DATABASE_URL to use another one.`,
    )
  }
  const running = await startPostgres({ directory })
  const baseUrl = given.BASE_URL ?? startedBaseUrl(dataDirectory)
  return {
    variables: {
      DATABASE_URL: running.applicationUrl,
      DATABASE_OWNER_URL: running.ownerUrl,
      SECRET: secret,
      ...(baseUrl !== undefined && { BASE_URL: baseUrl }),
    },
    finish: async () => {
      if (!running.adopted) await running.stop()
    },
  }
}

// Where the console was started last: with PORT=0 nothing else knows.
function startedBaseUrl(dataDirectory: string): string | undefined {
  const text = readText(path.join(dataDirectory, "connection.json"))
  if (text === null) return undefined
  const value: unknown = JSON.parse(text)
  if (typeof value !== "object" || value === null || !("baseUrl" in value)) return undefined
  return typeof value.baseUrl === "string" ? value.baseUrl : undefined
}

function readText(file: string): string | null {
  return existsSync(file) ? readFileSync(file, "utf8").trim() : null
}
