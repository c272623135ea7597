import { randomBytes } from "node:crypto"
import { existsSync, readFileSync } from "node:fs"
import path from "node:path"
import { parseEnv } from "node:util"
import { readConnection } from "@/scripts/launcher/data-directory.mjs"
import { tryLock } from "@/scripts/launcher/lock.mjs"
import { startPostgres } from "@/scripts/postgres.mjs"

/** Thrown when a command cannot run at all; the message is for the person who typed it. */
export class SetupError extends Error {
  override readonly name = "SetupError"
}

type Variables = Readonly<Record<string, string | undefined>>

/** The environment for a command, and a function to call at its end. */
export interface Prepared {
  readonly variables: Variables
  readonly finish: () => Promise<void>
}

/**
 * Returns the environment of a command, read like that of `npm start`: the process's own over the file `.env` of this
 * folder. Without DATABASE_URL it uses the embedded database, which is started for the command, and stopped at its end,
 * unless it is running.
 */
export async function prepareEnvironment(root: string, processVariables: Variables): Promise<Prepared> {
  const file = path.join(root, ".env")
  const given = { ...(existsSync(file) ? parseEnv(readFileSync(file, "utf8")) : {}), ...processVariables }
  // Commands sign nothing; the secret is only set because the environment is invalid without one.
  const whole = { ...given, SECRET: given.SECRET || randomBytes(48).toString("base64url") }
  if (given.DATABASE_URL?.trim()) return { variables: whole, finish: async () => {} }
  const dataDirectory = path.resolve(root, given.DATA_DIR || ".data")
  const { addresses, finish } = await openEmbedded(dataDirectory)
  const baseUrl = given.BASE_URL || readConnection(dataDirectory)?.baseUrl
  return { variables: { ...whole, ...addresses, BASE_URL: baseUrl }, finish }
}

// The holder of the lock stops the database: the launcher if it runs, else this command.
async function openEmbedded(dataDirectory: string) {
  const directory = path.join(dataDirectory, "postgres")
  if (!existsSync(directory)) {
    throw new SetupError(
      `There is no database in ${dataDirectory} yet. Run npm start once, or set DATABASE_URL to use another one.`,
    )
  }
  const lock = tryLock(path.join(dataDirectory, "launcher.lock"))
  const release = () => ("release" in lock ? lock.release() : undefined)
  const running = await startPostgres({ directory }).catch(error => {
    release()
    throw error
  })
  const addresses = { DATABASE_URL: running.applicationUrl, DATABASE_OWNER_URL: running.ownerUrl }
  const finish = async () => {
    if ("release" in lock && !running.adopted) await running.stop()
    release()
  }
  return { addresses, finish }
}
