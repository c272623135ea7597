// @ts-check
import * as fs from "node:fs"
import * as path from "node:path"
import { pathToFileURL } from "node:url"
import { parseEnv } from "node:util"
import { tsImport } from "tsx/esm/api"

/** Thrown when the console cannot start; the message is for the person who started it. */
export class StartError extends Error {}

/**
 * Returns the validated settings and the environment they come from (that of the process over the folder's `.env`). Throws
 * StartError with the list of problems. The urls of the embedded database are created later and may be absent.
 * @param {string} root
 * @param {NodeJS.ProcessEnv} processEnv
 */
export async function readSettings(root, processEnv) {
  const file = path.join(root, ".env")
  const given = { ...(fs.existsSync(file) ? parseEnv(fs.readFileSync(file, "utf8")) : {}), ...processEnv }
  const { checkEnv, EnvError, isLoopback, readEnv, standardBaseUrl } =
    /** @type {typeof import("@/lib/env/env")} */ (
      await tsImport("./lib/env/env.ts", pathToFileURL(`${root}/`).href)
    )
  const isGiven = (/** @type {string} */ name) => Boolean(given[name]?.trim())
  const embedded = !isGiven("DATABASE_URL")
  const problems = checkEnv(given, embedded ? ["DATABASE_URL", "SECRET"] : [])
  if (problems.length > 0) throw new StartError(new EnvError(problems).message)
  const later = { DATABASE_URL: "postgresql:///later", SECRET: "stands in until the real one has been read" }
  const env = readEnv(embedded ? { ...given, ...later } : given)
  return {
    given,
    embedded,
    host: env.host,
    port: env.port,
    /** @param {number} port */
    baseUrlOn: port => (isGiven("BASE_URL") ? env.baseUrl : standardBaseUrl(env.host, port)),
    dataDirectory: env.dataDirectory,
    /** Mail is caught only where nobody uses the console from another machine and no server for it is configured. */
    catchesMail:
      embedded && env.smtpUrl === null && isLoopback(env.host) && isLoopback(new URL(env.baseUrl).hostname),
    /** Null = to be read from the data directory. */
    secret: given.SECRET?.trim() || null,
    seedDemo: isGiven("SEED_DEMO") ? env.seedDemo : embedded,
    /** Then the standard output has entries alone, and everything that people read goes to the standard error. */
    entriesOnStdout: env.capture.adapter.adapter === "raw_log",
  }
}

/** @typedef {Awaited<ReturnType<typeof readSettings>>} Settings */
