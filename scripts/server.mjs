// @ts-check
// One web process: the console and the API on one port, and gRPC on ports of its own when they are set. Started by scripts/start.mjs with a validated environment; ends on
// a signal, or when the process that started it has ended.
import * as fs from "node:fs"
import * as http from "node:http"
import * as path from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import next from "next"
import { createHttpServer } from "./launcher/http-server.mjs"
import { speakInLines } from "./launcher/log-lines.mjs"
import { warmUp } from "./launcher/warm-up.mjs"

const graceMs = 10_000
// Nobody waits for the responses of an orphaned process; the next start needs the port.
const orphanGraceMs = 2_000
// An unreachable database must not delay the end.
const closeMs = 2_000

const dev = process.argv.includes("--dev")
const host = process.env.HOST ?? "127.0.0.1"
const port = Number(process.env.PORT ?? 3000)
const dir = path.resolve(import.meta.dirname, "..")
const baseUrl = process.env.BASE_URL ?? `http://${host}:${port}`

// Next.js calls its own server to pass an action on. It connects to the port where it listens, not to the public url.
process.env.__NEXT_PRIVATE_ORIGIN ??= `http://${reachable(host)}:${port}`
if (!dev) speakInLines()

const handler = {
  handle: (/** @type {http.IncomingMessage} */ _, /** @type {http.ServerResponse} */ response) =>
    notReady(response),
}
const { server, drain, isIdle } = createHttpServer({
  handle: (request, response) => handler.handle(request, response),
  baseUrl,
  limits: { requestsInWork: Number(process.env.REQUESTS_IN_WORK?.trim() || 500) },
  trustedProxies: (process.env.TRUSTED_PROXIES ?? "")
    .split(",")
    .map(network => network.trim())
    .filter(network => network !== ""),
})

/** @param {http.ServerResponse} response */
async function notReady(response) {
  response.writeHead(503, { "content-type": "text/plain; charset=utf-8", "retry-after": "1" })
  response.end("Starting.\n")
}

const stopping = { now: false }

/** @param {string} host */
function reachable(host) {
  const one = host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "::1" : host
  return one.includes(":") ? `[${one}]` : one
}

/**
 * Next.js prints how long its configuration took; the person who starts a server need not know.
 * @param {() => Promise<void>} work
 */
async function quietly(work) {
  const say = console.log
  if (!dev) console.log = () => {}
  try {
    await work()
  } finally {
    console.log = say
  }
}

/** Next.js takes the configuration of the build, and needs no compiler to read next.config.ts at each start. */
function takeBuiltConfiguration() {
  const file = path.join(dir, ".next/required-server-files.json")
  if (!fs.existsSync(file)) return
  const { config } = JSON.parse(fs.readFileSync(file, "utf8"))
  process.env.__NEXT_PRIVATE_STANDALONE_CONFIG ??= JSON.stringify(config)
}

/** @type {{ close: (graceMs: number) => Promise<void> } | null} */
let rpc = null

/** Starts gRPC, when the environment has a port for it (see lib/rpc/offer.ts). */
async function startRpc() {
  const start = Reflect.get(globalThis, Symbol.for("auditorium.rpc"))
  if (typeof start !== "function" || stopping.now) return
  try {
    rpc = await start()
  } catch (error) {
    refuse(error instanceof Error ? error.message : String(error))
  }
}

/**
 * Runs the console's own work at the end of the process (see lib/platform.ts): refusals that were only counted
 * so far.
 */
async function close() {
  const work = Reflect.get(globalThis, Symbol.for("auditorium.closing"))
  if (typeof work !== "function") return
  try {
    await work()
  } catch (error) {
    process.stderr.write(`At the end: ${error instanceof Error ? error.message : String(error)}\n`)
  }
}

/** @param {number} patienceMs */
async function stop(patienceMs) {
  if (stopping.now) return
  stopping.now = true
  await Promise.all([drain(patienceMs), rpc?.close(patienceMs)])
  await Promise.race([close(), sleep(closeMs)])
  process.exit(0)
}

/**
 * @param {string} message
 * @returns {never}
 */
function refuse(message) {
  process.stderr.write(`${message}\n`)
  process.exit(1)
}

process.on("SIGTERM", () => stop(graceMs))
process.on("SIGINT", () => stop(graceMs))
process.on("disconnect", () => stop(orphanGraceMs))
server.once("error", error => refuse(`The server cannot listen on ${host} port ${port}: ${error.message}`))

if (!dev) takeBuiltConfiguration()

// Next.js attaches itself to upgrade requests of the server that it gets. In production nothing is upgraded here, so it
// gets one that never listens.
const app = next({
  dev,
  dir,
  hostname: host,
  port,
  httpServer: dev ? server : http.createServer(),
  quiet: !dev,
})
await quietly(() => app.prepare())
const handle = app.getRequestHandler()
handler.handle = (request, response) => handle(request, response)
const warm = dev ? null : warmUp({ handle, root: dir, baseUrl, isIdle })
await warm?.begin()
await startRpc()
server.listen({ host, port, backlog: 2048 }, () => {
  process.send?.({ type: "ready" })
  void warm?.finish()
})
