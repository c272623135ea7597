// @ts-check
// npm start: everything on one machine. Database, migrations, demo data, web server and worker, in this order; ends them in
// the opposite one. Killed hard, it leaves a database that the next start takes over, and children that end by themselves.
//
//   node scripts/start.mjs               as built
//   node scripts/start.mjs --dev         compiles while you edit (npm run dev)
//   node scripts/start.mjs --no-worker   where the worker runs apart (npm run worker)
import * as fs from "node:fs"
import * as path from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { closingBlock } from "./launcher/closing.mjs"
import { commandArguments } from "./launcher/commands.mjs"
import {
  readConnection,
  readOrCreateMailKey,
  removeConnection,
  writeConnection,
} from "./launcher/data-directory.mjs"
import "./launcher/end-with-parent.mjs"
import { environmentFor } from "./launcher/environment.mjs"
import { waitForHealth } from "./launcher/health.mjs"
import { isRunning, tryLock } from "./launcher/lock.mjs"
import { catchMail } from "./launcher/mail-catcher.mjs"
import { probePort } from "./launcher/port.mjs"
import { firstLink, prepareDatabase } from "./launcher/prepare.mjs"
import { readSettings, StartError } from "./launcher/settings.mjs"
import { supervise } from "./launcher/supervise.mjs"
import { elapsed, step, terminal } from "./launcher/terminal.mjs"
import { watchDatabase } from "./launcher/watch-database.mjs"
import { startPostgres } from "./postgres.mjs"

/** @typedef {import("./launcher/settings.mjs").Settings} Settings */
/** @typedef {import("./launcher/supervise.mjs").Supervised} Supervised */
/** @typedef {import("./launcher/prepare.mjs").FirstLink} FirstLink */
/** @typedef {NodeJS.ProcessEnv} Environment */

const demoSlug = "acme"
const webGraceMs = 12_000
const workerGraceMs = 15_000
const healthPatienceMs = 120_000
const orphanPatienceMs = 12_000

const root = path.resolve(import.meta.dirname, "..")
const began = performance.now()
/** Where people are told of the progress; the standard error when entries of a sink have the standard output. */
let out = terminal()
const development = process.argv.includes("--dev")
const withWorker = !process.argv.includes("--no-worker")

/** Everything that was started and must be stopped. */
const running = {
  stopping: false,
  signals: 0,
  /** @type {import("./launcher/lock.mjs").Lock | undefined} */
  lock: undefined,
  /** @type {string | undefined} */
  dataDirectory: undefined,
  /** @type {ReturnType<typeof startPostgres> | undefined} */
  postgres: undefined,
  /** @type {{ end: () => void } | undefined} */
  watch: undefined,
  /** @type {import("./launcher/mail-catcher.mjs").MailCatcher | undefined} */
  catcher: undefined,
  /** @type {Supervised | undefined} */
  web: undefined,
  /** @type {Supervised | undefined} */
  worker: undefined,
  /** Writes down what is running, once everything is. */
  record: async () => {},
}

/** Aborts the start when the end was requested meanwhile; never shown. */
class Interrupted extends Error {}

async function main() {
  const settings = await readSettings(root, process.env)
  if (settings.entriesOnStdout) out = terminal(process.stderr)
  if (settings.embedded) holdDataDirectory(settings.dataDirectory)
  const port = await findPort(settings.host, settings.port)
  const baseUrl = settings.baseUrlOn(port)
  const mail = await startMail(settings)
  const common = environmentFor(settings, { port, baseUrl, development, mail })
  const env = settings.embedded ? { ...common, ...(await startDatabase(settings.dataDirectory)) } : common
  const quietStdout = settings.entriesOnStdout
  await prepareDatabase({ root, env, settings, development, stage })
  goOn()
  if (withWorker) running.worker = startWorker(env)
  const [first] = await Promise.all([
    firstLink({ root, env, settings, development, warn }),
    serve(env, settings.host, port, quietStdout),
  ])
  goOn()
  if (settings.embedded) watchOver(settings.dataDirectory, common)
  await announce(settings, { baseUrl, mailUrl: mail && `${baseUrl}/mail/${mail.key}`, first })
}

function goOn() {
  if (running.stopping) throw new Interrupted()
}

/**
 * @template Result
 * @param {string} label
 * @param {string} done
 * @param {() => Promise<Result>} work
 */
function stage(label, done, work) {
  goOn()
  return step(out, label, done, work)
}

/** One launcher per data directory: a second one would stop the database of the first. */
function holdDataDirectory(/** @type {string} */ directory) {
  // PostgreSQL may have to run as another account than root, and then must be able to traverse it; nobody can list it.
  fs.mkdirSync(directory, { recursive: true, mode: process.getuid?.() === 0 ? 0o711 : 0o700 })
  const lock = tryLock(path.join(directory, "launcher.lock"))
  if ("heldBy" in lock) {
    const where = readConnection(directory)?.baseUrl
    throw new StartError(
      `Auditorium already runs on ${directory} (process ${lock.heldBy})${where ? `: ${where}` : ""}.\n` +
        "End that one first, or start another installation with its own folder and port: DATA_DIR=.data2 PORT=3001 npm start",
    )
  }
  running.lock = lock
  running.dataDirectory = directory
}

/** Returns the port; waits a moment while processes of a killed launcher still occupy it. */
async function findPort(/** @type {string} */ host, /** @type {number} */ port) {
  const before = running.dataDirectory ? readConnection(running.dataDirectory) : null
  const isLeaving = () => typeof before?.webPid === "number" && isRunning(before.webPid)
  for (const end = performance.now() + orphanPatienceMs; ; await sleep(100)) {
    const probed = await probePort(host, port)
    if ("port" in probed) return probed.port
    if (!probed.isTaken || !isLeaving() || performance.now() > end) throw new StartError(probed.problem)
  }
}

/** When no SMTP server is configured, mail is caught in this process and read on a page. */
async function startMail(/** @type {Settings} */ { catchesMail, dataDirectory }) {
  if (!catchesMail) return null
  running.catcher = await catchMail(path.join(dataDirectory, "mail"))
  return { smtpUrl: running.catcher.smtpUrl, key: readOrCreateMailKey(dataDirectory) }
}

/** @param {string} dataDirectory */
async function startDatabase(dataDirectory) {
  await stage("starting the database", "database started", () => openDatabase(dataDirectory))
  return databaseAddresses()
}

/** Connected processes know the port, so a restarted server tries to use the same. */
function openDatabase(
  /** @type {string} */ dataDirectory,
  /** @type {number | undefined} */ port = undefined,
) {
  const directory = path.join(dataDirectory, "postgres")
  const open = (settings = {}) => startPostgres({ directory, log: explain, settings })
  running.postgres = port === undefined ? open() : open({ port: String(port) }).catch(() => open())
  return running.postgres
}

function explain(/** @type {string} */ message) {
  out.write(`${out.live ? "\r\u001b[K" : ""}    ${message}\n`)
}

async function databaseAddresses() {
  const postgres = await running.postgres
  return { DATABASE_URL: postgres?.applicationUrl, DATABASE_OWNER_URL: postgres?.ownerUrl }
}

/** The web process never gets the owner's url: only the worker and the migrations need it. */
function webEnv(/** @type {Environment} */ { DATABASE_OWNER_URL: _, ...env }) {
  return env
}

/** @param {Environment} env @param {string} host @param {number} port @param {boolean} quietStdout */
async function serve(env, host, port, quietStdout) {
  await stage("starting the console", "console ready", async () => {
    const args = ["scripts/server.mjs", ...(development ? ["--dev"] : [])]
    const where = { args, env: webEnv(env), cwd: root, quietStdout }
    running.web = supervise({ name: "web server", ...where, say: warn, onStart })
    await running.web.ready
    await waitForHealth(host, port, { patienceMs: healthPatienceMs, isWanted: () => !running.stopping })
  })
}

/** Restarted processes have new ids. */
function onStart() {
  running.record().catch(error => warn(messageOf(error)))
}

function startWorker(/** @type {Environment} */ env) {
  const args = commandArguments(root, "worker", { development })
  const worker = supervise({ name: "worker", args, env, cwd: root, say: warn, onStart })
  worker.ready.catch(error => {
    if (!running.stopping) warn(`${error.message} Maintenance does not run; what it said stands above.`)
  })
  return worker
}

function messageOf(/** @type {unknown} */ error) {
  return error instanceof Error ? error.message : String(error)
}

function warn(/** @type {string} */ message) {
  process.stderr.write(`  ! ${message}\n`)
}

/** Restarts the database after it has ended; when it gets another port, the other processes are restarted. */
function watchOver(/** @type {string} */ dataDirectory, /** @type {Environment} */ common) {
  let port = 0
  const remember = async () => {
    port = (await running.postgres)?.port ?? 0
  }
  const bringBack = async () => {
    if (running.stopping) return
    warn("The database has gone; starting it again.")
    const before = port
    try {
      await openDatabase(dataDirectory, before)
    } catch (error) {
      return warn(messageOf(error))
    }
    await remember()
    await running.record()
    warn("The database is back.")
    if (port === before || running.stopping) return
    const env = { ...common, ...(await databaseAddresses()) }
    await Promise.all([
      running.web?.renew(webEnv(env), webGraceMs),
      running.worker?.renew(env, workerGraceMs),
    ])
  }
  remember()
  running.watch = watchDatabase(() => port, bringBack)
}

/**
 * @param {Settings} settings
 * @param {{ readonly baseUrl: string, readonly mailUrl: string | null, readonly first: FirstLink | null }} told
 */
async function announce({ seedDemo, embedded, dataDirectory }, { baseUrl, mailUrl, first }) {
  const auditLogsUrl = seedDemo ? `${baseUrl}/${demoSlug}/admin/audit-logs` : baseUrl
  const startedAt = new Date().toISOString()
  running.record = async () => {
    if (!embedded || running.stopping) return
    const postgres = await running.postgres
    writeConnection(dataDirectory, {
      baseUrl,
      auditLogsUrl,
      link: first?.link ?? null,
      email: first?.email ?? null,
      mail: mailUrl,
      pid: process.pid,
      webPid: running.web?.pid() ?? null,
      workerPid: running.worker?.pid() ?? null,
      databasePid: postgres?.pid ?? null,
      databasePort: postgres?.port ?? null,
      startedAt,
    })
  }
  await running.record()
  const hasPeople = seedDemo
  const took = elapsed(began)
  out.write(closingBlock({ baseUrl, auditLogsUrl, mailUrl, first, hasPeople, development, took }))
}

async function stop(/** @type {number} */ exitCode) {
  if (running.stopping) return
  running.stopping = true
  running.watch?.end()
  await Promise.all([running.web?.stop(webGraceMs), running.worker?.stop(workerGraceMs)])
  await running.catcher?.stop()
  const postgres = await running.postgres?.catch(() => undefined)
  await postgres?.stop()
  if (running.dataDirectory) removeConnection(running.dataDirectory)
  running.lock?.release()
  process.exit(exitCode)
}

/** First signal: stops in order. Second: cuts off running work. Third: ends at once, and the next start cleans up. */
function onSignal() {
  running.signals++
  if (running.signals === 1) out.write("\n  Ending. Once more cuts off what is still running.\n")
  if (running.signals === 2) for (const child of [running.web, running.worker]) child?.kill()
  if (running.signals >= 3) process.exit(130)
  stop(0)
}

for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) process.on(signal, onSignal)
process.stderr.on("error", () => {})

try {
  await main()
} catch (error) {
  if (!running.stopping) {
    process.stderr.write(`\n${messageOf(error)}\n\n`)
    await stop(1)
  }
}
