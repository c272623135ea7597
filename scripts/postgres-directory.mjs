// The data directory of the embedded PostgreSQL: its passwords, its creation, its first roles.
import { randomBytes } from "node:crypto"
import * as fs from "node:fs"
import * as path from "node:path"
import { nobody, runTool } from "./postgres-binaries.mjs"

/** @typedef {import("./postgres-binaries.mjs").Installation} Installation */
/** @typedef {{ readonly superuser: string, readonly owner: string, readonly application: string }} Passwords */

export function holdsDatabase(/** @type {string} */ directory, /** @type {Installation} */ installation) {
  if (!fs.existsSync(directory)) return false
  const versionFile = path.join(directory, "PG_VERSION")
  if (!fs.existsSync(versionFile)) {
    if (fs.readdirSync(directory).length === 0) return false
    throw new Error(
      `${directory} is not empty and holds no PostgreSQL database. Move it away, or set DATA_DIR to another folder.`,
    )
  }
  const made = fs.readFileSync(versionFile, "utf8").trim()
  if (made !== String(installation.major)) {
    throw new Error(
      `${directory} was made by PostgreSQL ${made}, but this is PostgreSQL ${installation.major}. Upgrade it with pg_upgrade, or move it away.`,
    )
  }
  return true
}

/** @returns {Passwords} */
export function readPasswords(/** @type {string} */ directory, /** @type {boolean} */ mayCreate) {
  const file = `${directory}-passwords.json`
  const random = () => randomBytes(24).toString("base64url")
  if (mayCreate && !fs.existsSync(file)) {
    const text = JSON.stringify({ superuser: random(), owner: random(), application: random() })
    // Written under another name and linked, so that of two launchers one wins and nobody reads half a file.
    const draft = `${file}.${process.pid}`
    fs.writeFileSync(draft, text, { mode: 0o600 })
    try {
      fs.linkSync(draft, file)
    } catch (error) {
      if (error.code !== "EEXIST") throw error
    } finally {
      fs.rmSync(draft)
    }
  }
  if (!fs.existsSync(file)) {
    throw new Error(
      `${file} is missing: without it nobody can sign in to the database in ${directory}. Restore it from the backup.`,
    )
  }
  return JSON.parse(fs.readFileSync(file, "utf8"))
}

/**
 * Creates the cluster under another name and renames it when it is complete: a killed attempt leaves nothing unfinished
 * behind.
 */
export function createDirectory(
  /** @type {Installation} */ installation,
  /** @type {string} */ directory,
  /** @type {Passwords} */ passwords,
  /** @type {(message: string) => void} */ log,
) {
  log("Creating the database files.")
  removeAbandoned(directory)
  const draft = `${directory}.new-${process.pid}`
  const passwordFile = `${draft}.password`
  try {
    fs.mkdirSync(draft, { mode: 0o700 })
    fs.writeFileSync(passwordFile, passwords.superuser, { mode: 0o600 })
    if (installation.runAs === "nobody")
      for (const owned of [draft, passwordFile]) fs.chownSync(owned, nobody, nobody)
    const locale =
      installation.major >= 17 ? ["--locale-provider=builtin", "--locale=C.UTF-8"] : ["--locale=C.UTF-8"]
    runTool(installation, "initdb", [
      "-D",
      draft,
      "-U",
      "postgres",
      "-A",
      "scram-sha-256",
      `--pwfile=${passwordFile}`,
      "-E",
      "UTF8",
      ...locale,
    ])
    provision(installation, draft, passwords)
    if (fs.existsSync(directory)) fs.rmdirSync(directory)
    fs.renameSync(draft, directory)
  } catch (error) {
    // A concurrent launcher may have created it with the same passwords.
    if (!fs.existsSync(path.join(directory, "PG_VERSION"))) throw error
  } finally {
    fs.rmSync(draft, { recursive: true, force: true })
    fs.rmSync(passwordFile, { force: true })
  }
}

function removeAbandoned(/** @type {string} */ directory) {
  const beginning = `${path.basename(directory)}.new-`
  for (const name of fs.readdirSync(path.dirname(directory))) {
    if (!name.startsWith(beginning)) continue
    const pid = Number.parseInt(name.slice(beginning.length), 10)
    if (pid !== process.pid && isAlive(pid)) continue
    // A tool of the killed launcher may still be writing there: it ends when its files are deleted.
    const abandoned = path.join(path.dirname(directory), name)
    fs.rmSync(abandoned, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 })
  }
}

/**
 * Creates the two login roles and the database, on a server without a network. Group roles and grants are created by the
 * migrations.
 */
function provision(
  /** @type {Installation} */ installation,
  /** @type {string} */ directory,
  /** @type {Passwords} */ passwords,
) {
  const statements = [
    `CREATE ROLE auditorium_owner LOGIN CREATEROLE PASSWORD '${passwords.owner}'`,
    `CREATE ROLE auditorium_app LOGIN PASSWORD '${passwords.application}'`,
    // From version 16 on, CREATEROLE alone does not include roles that somebody else created.
    ...(installation.major >= 16
      ? ["GRANT auditorium_app TO auditorium_owner WITH ADMIN TRUE, INHERIT FALSE, SET FALSE"]
      : []),
    "CREATE DATABASE auditorium OWNER auditorium_owner",
    "REVOKE CONNECT, TEMPORARY ON DATABASE postgres FROM PUBLIC",
  ]
  const output = runTool(
    installation,
    "postgres",
    ["--single", "-D", directory, "postgres"],
    `${statements.join(";\n")};\n`,
  )
  if (/\b(ERROR|FATAL|PANIC):/.test(output))
    throw new Error(
      `The database could not be prepared:\n${output.replaceAll(/PASSWORD '[^']*'/g, "PASSWORD ...")}`,
    )
}

export function isAlive(/** @type {number} */ pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === "EPERM"
  }
}
