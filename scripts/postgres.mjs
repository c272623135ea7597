// The embedded PostgreSQL: creates a data directory, starts a server on it, adopts one that is running, stops it cleanly.
// Needs only Node and the server's binaries, so that launchers and tests can use it before anything is built.
import { spawn, spawnSync } from "node:child_process"
import * as fs from "node:fs"
import * as net from "node:net"
import * as path from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { command, environment, findInstallation } from "./postgres-binaries.mjs"
import { createDirectory, holdsDatabase, isAlive, readPasswords } from "./postgres-directory.mjs"

/**
 * @typedef {object} StartOptions
 * @property {string} directory folder of the data; created when absent. Beside it: `<directory>-passwords.json`, `<directory>.log`.
 * @property {(message: string) => void} [log] called with progress messages, one sentence each
 * @property {Readonly<Record<string, string>>} [settings] server settings over the shipped ones; without `port` a free one is taken
 * @property {string} [binaries] folder of `initdb` and `postgres`; absent = the npm package of this platform
 * @property {"self" | "namespace" | "nobody"} [runAs] absent = the best way this machine allows
 *
 * @typedef {object} RunningPostgres
 * @property {string} ownerUrl the role that owns the database: migrations and maintenance only
 * @property {string} applicationUrl the role the application connects as
 * @property {string} superuserUrl for backups and repairs by hand
 * @property {number} port
 * @property {number} pid
 * @property {boolean} adopted true when the server was running already
 * @property {() => Promise<void>} stop resolves when the server has written everything and has ended
 *
 * @typedef {import("./postgres-binaries.mjs").Installation} Installation
 * @typedef {import("./postgres-directory.mjs").Passwords} Passwords
 */

const shippedSettings = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  synchronous_commit: "on",
  max_connections: "100",
  // A query over all monthly partitions locks every index of each of them.
  max_locks_per_transaction: "256",
  shared_buffers: "256MB",
  max_wal_size: "4GB",
  random_page_cost: "1.1",
  // Index-only counts need a current visibility map although events are never updated.
  autovacuum_vacuum_insert_scale_factor: "0.02",
  client_connection_check_interval: "1s",
  timezone: "UTC",
  log_timezone: "UTC",
  log_line_prefix: "%m [%p] %q%u@%d ",
  // The details of an error quote rows, and rows are private data.
  log_error_verbosity: "terse",
}

const largestLogBytes = 10 * 1024 * 1024

const attempts = 20
const pauseMs = 250

/**
 * Returns a PostgreSQL on `directory` that accepts connections and contains the two roles and their database.
 * @param {StartOptions} options
 * @returns {Promise<RunningPostgres>}
 */
export async function startPostgres({ directory: given, log = () => {}, settings = {}, binaries, runAs }) {
  const directory = path.resolve(given)
  const installation = findInstallation(binaries, runAs)
  fs.mkdirSync(path.dirname(directory), { recursive: true, mode: 0o700 })
  const isNew = !holdsDatabase(directory, installation)
  const passwords = readPasswords(directory, isNew)
  if (isNew) createDirectory(installation, directory, passwords, log)

  for (let attempt = 1; ; attempt++) {
    const running = readServer(directory)
    if (running) {
      const port = await waitUntilReady(directory, running.pid, log)
      // A process that was just killed can still be visible for a moment, with a file that says it is ready.
      if (port !== null && (await isListening(port))) {
        log(`A PostgreSQL already runs on ${directory}: using it.`)
        return describe(directory, running.pid, port, passwords, true)
      }
      if (attempt === attempts)
        throw new Error(`The PostgreSQL on ${directory} (process ${running.pid}) does not answer.`)
      await sleep(pauseMs)
      continue
    }
    disownPidFile(directory)
    const outcome = await launch(installation, directory, { ...shippedSettings, ...settings }, log)
    if ("port" in outcome) return describe(directory, outcome.pid, outcome.port, passwords, false)
    // Worth another attempt: the port was taken meanwhile, a concurrent launcher was first, or processes of a killed server
    // are still ending.
    const passing =
      /Address already in use|pre-existing shared memory block|lock file ".*" (?:already exists|is empty)/
    if (attempt === attempts || !passing.test(outcome.failure)) {
      throw new Error(`PostgreSQL did not start on ${directory}:\n${outcome.failure}`)
    }
    await sleep(pauseMs)
  }
}

/**
 * Stops the server of a directory, whichever process started it; does nothing when none runs.
 * @param {string} given
 */
export async function stopPostgres(given) {
  const directory = path.resolve(given)
  const running = readServer(directory)
  if (running) await stopServer(directory, running.pid)
}

/** Returns the content of the server's own lock file, when its process really is a server on this directory. */
function readServer(/** @type {string} */ directory) {
  const pid = Number.parseInt(readPidFile(directory)[0] ?? "", 10)
  return pid > 0 && servesDirectory(pid, directory) ? { pid } : null
}

/** @returns {Promise<boolean>} */
function isListening(/** @type {number} */ port) {
  return new Promise(resolve => {
    const socket = net
      .connect(port, "127.0.0.1", () => {
        socket.destroy()
        resolve(true)
      })
      .once("error", () => resolve(false))
  })
}

/** @returns {string[]} */
function readPidFile(/** @type {string} */ directory) {
  try {
    return fs.readFileSync(path.join(directory, "postmaster.pid"), "utf8").split("\n")
  } catch {
    return []
  }
}

function servesDirectory(/** @type {number} */ pid, /** @type {string} */ directory) {
  try {
    return fs.readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").includes(directory)
  } catch {
    if (process.platform === "linux") return false
    return spawnSync("ps", ["-o", "command=", "-p", String(pid)], { encoding: "utf8" }).stdout.includes(
      directory,
    )
  }
}

/**
 * After a crash the process id in the lock file may belong to another program, and PostgreSQL would not start. The file is
 * not deleted, because it also leads to the shared memory by which PostgreSQL detects survivors of the old server.
 */
function disownPidFile(/** @type {string} */ directory) {
  const [pid, ...rest] = readPidFile(directory)
  const owner = Number.parseInt(pid ?? "", 10)
  // Another launcher's server may have written it since it was last read.
  if (!(owner > 0) || !isAlive(owner) || servesDirectory(owner, directory)) return
  const impossiblePid = "2147483646"
  fs.writeFileSync(path.join(directory, "postmaster.pid"), [impossiblePid, ...rest].join("\n"))
}

/** @returns {Promise<{ pid: number, port: number } | { failure: string }>} */
async function launch(
  /** @type {Installation} */ installation,
  /** @type {string} */ directory,
  /** @type {Record<string, string>} */ settings,
  /** @type {(message: string) => void} */ log,
) {
  const port = Number(settings.port) || (await freePort())
  const logFile = `${directory}.log`
  if (fs.existsSync(logFile) && fs.statSync(logFile).size > largestLogBytes)
    fs.renameSync(logFile, `${logFile}.old`)
  const output = fs.openSync(logFile, "a", 0o600)
  const begin = fs.fstatSync(output).size
  const flags = Object.entries({ ...settings, port: String(port) }).flatMap(([name, value]) => [
    "-c",
    `${name}=${value}`,
  ])
  const { file, args, identity } = command(installation, "postgres", ["-D", directory, ...flags])
  // A separate process group: Ctrl-C must reach only the launcher, which stops the server when the application has ended.
  const child = spawn(file, args, {
    ...identity,
    env: environment,
    detached: true,
    stdio: ["ignore", output, output],
  })
  fs.closeSync(output)
  const ended = new Promise(resolve => {
    child.once("exit", () => resolve(true))
    child.once("error", () => resolve(true))
  })
  child.unref()
  const pid = child.pid
  const ready =
    pid === undefined
      ? null
      : await Promise.race([waitUntilReady(directory, pid, log), ended.then(() => null)])
  if (pid !== undefined && ready !== null) return { pid, port: ready }
  return {
    failure:
      fs.readFileSync(logFile).subarray(begin).toString("utf8").trim() || `${file} could not be started`,
  }
}

/** Resolves with the port when the server's lock file says that it accepts connections. */
async function waitUntilReady(
  /** @type {string} */ directory,
  /** @type {number} */ pid,
  /** @type {(message: string) => void} */ log,
) {
  const begin = Date.now()
  for (let said = 1; ; ) {
    const lines = readPidFile(directory)
    if (Number.parseInt(lines[0] ?? "", 10) === pid && lines[7]?.trim() === "ready") return Number(lines[3])
    if (!isAlive(pid)) return null
    if (Date.now() - begin > said * 5_000) {
      said++
      log("PostgreSQL is still starting: it may be recovering from a crash.")
    }
    await sleep(15)
  }
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const probe = net.createServer().once("error", reject)
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === "object" && address ? address.port : 0))
    })
  })
}

/** @returns {RunningPostgres} */
function describe(
  /** @type {string} */ directory,
  /** @type {number} */ pid,
  /** @type {number} */ port,
  /** @type {Passwords} */ passwords,
  /** @type {boolean} */ adopted,
) {
  const url = (/** @type {string} */ role, /** @type {string} */ password) =>
    `postgresql://${role}:${password}@127.0.0.1:${port}/auditorium`
  return {
    ownerUrl: url("auditorium_owner", passwords.owner),
    applicationUrl: url("auditorium_app", passwords.application),
    superuserUrl: url("postgres", passwords.superuser),
    port,
    pid,
    adopted,
    stop: () => stopServer(directory, pid),
  }
}

/** Requests a fast shutdown (open transactions are rolled back), and an immediate one when that takes too long. */
async function stopServer(/** @type {string} */ directory, /** @type {number} */ pid) {
  const isRunning = () => servesDirectory(pid, directory)
  for (const [signal, patienceMs] of /** @type {const} */ ([
    ["SIGINT", 60_000],
    ["SIGQUIT", 10_000],
  ])) {
    if (!isRunning()) return
    process.kill(pid, signal)
    for (const end = Date.now() + patienceMs; isRunning() && Date.now() < end; ) await sleep(15)
  }
  if (isRunning()) throw new Error(`PostgreSQL (process ${pid}) did not stop.`)
}
