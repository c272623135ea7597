// @ts-check
import * as fs from "node:fs"
import * as path from "node:path"
import { pathToFileURL } from "node:url"
import { parseEnv } from "node:util"
import { tsImport } from "tsx/esm/api"

/** Something that keeps the console from starting, in words for whoever started it. */
export class StartError extends Error {}

/**
 * Promise: the checked settings and the environment they came from (`.env` of the folder below that of the process); throws
 * StartError with the list of what is wrong. The addresses of the embedded database are made later and may be absent.
 * @param {string} root
 * @param {NodeJS.ProcessEnv} processEnv
 */
export async function readSettings(root, processEnv) {
  const file = path.join(root, ".env")
  const given = { ...(fs.existsSync(file) ? parseEnv(fs.readFileSync(file, "utf8")) : {}), ...processEnv }
  const { checkEnv, EnvError, isLoopback, readEnv, standardBaseUrl } =
    /** @type {typeof import("@/lib/env")} */ (await tsImport("./lib/env.ts", pathToFileURL(`${root}/`).href))
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
    /** Mail stays on this machine only where nobody works from another one and nobody has named a server for it. */
    catchesMail:
      embedded && env.smtpUrl === null && isLoopback(env.host) && isLoopback(new URL(env.baseUrl).hostname),
    /** Null = to be read from the data directory. */
    secret: given.SECRET?.trim() || null,
    seedDemo: isGiven("SEED_DEMO") ? env.seedDemo : embedded,
  }
}

/** @typedef {Awaited<ReturnType<typeof readSettings>>} Settings */
