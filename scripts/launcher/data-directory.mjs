// @ts-check
// The files in DATA_DIR besides the database: the secret, the stamp of the demo data, and the state of the running console.
import { randomBytes } from "node:crypto"
import * as fs from "node:fs"
import * as path from "node:path"

const ownerOnly = 0o600

/**
 * Returns the secret of this installation, created at the first call; readable by this account only.
 * @param {string} directory
 */
export function readOrCreateSecret(directory) {
  return readOrCreate(path.join(directory, "secret"), 48)
}

/**
 * Returns the key of the page of caught mail, created at the first call; readable by this account only.
 * @param {string} directory
 */
export function readOrCreateMailKey(directory) {
  return readOrCreate(path.join(directory, "mail-key"), 16)
}

/**
 * @param {string} file
 * @param {number} bytes
 */
function readOrCreate(file, bytes) {
  if (!fs.existsSync(file)) {
    const draft = `${file}.${process.pid}`
    fs.writeFileSync(draft, `${randomBytes(bytes).toString("base64url")}\n`, { mode: ownerOnly })
    try {
      fs.linkSync(draft, file)
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error
    } finally {
      fs.rmSync(draft)
    }
  }
  if ((fs.statSync(file).mode & 0o077) !== 0) fs.chmodSync(file, ownerOnly)
  return fs.readFileSync(file, "utf8").trim()
}

/**
 * @typedef {object} Connection
 * @property {string} baseUrl
 * @property {string} auditLogsUrl
 * @property {string | null} link one-time link of the first administrator, while there is none with a password
 * @property {string | null} email of that administrator
 * @property {string | null} mail page of caught mail, while mail is caught
 * @property {number} pid of the launcher
 * @property {number | null} webPid
 * @property {number | null} workerPid
 * @property {number | null} databasePid
 * @property {number | null} databasePort
 * @property {string} startedAt
 */

/** @param {string} directory */
const connectionFile = directory => path.join(directory, "connection.json")

/**
 * Writes what is running to DATA_DIR/connection.json, readable by this account only: it may contain the one-time link.
 * @param {string} directory
 * @param {Connection} connection
 */
export function writeConnection(directory, connection) {
  const file = connectionFile(directory)
  const draft = `${file}.${process.pid}`
  fs.writeFileSync(draft, `${JSON.stringify(connection, null, 2)}\n`, { mode: ownerOnly })
  fs.renameSync(draft, file)
}

/**
 * @param {string} directory
 * @returns {Connection | null}
 */
export function readConnection(directory) {
  try {
    return JSON.parse(fs.readFileSync(connectionFile(directory), "utf8"))
  } catch {
    return null
  }
}

/** @param {string} directory */
export function removeConnection(directory) {
  fs.rmSync(connectionFile(directory), { force: true })
}

/**
 * Returns a text that stays the same as long as the files belong to the same database cluster.
 * @param {string} databaseDirectory
 */
export function clusterOf(databaseDirectory) {
  const { ino, mtimeMs } = fs.statSync(path.join(databaseDirectory, "PG_VERSION"))
  return `${ino} ${mtimeMs}`
}
