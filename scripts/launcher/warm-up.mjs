// @ts-check
// The first request to a route loads and compiles its code while all others wait. So each route is requested over a private
// connection: those that programs call before the server listens, the pages of people right afterwards, in the gaps between
// requests. Loading all of them first would keep everybody waiting for the slowest part of a start.
import * as fs from "node:fs"
import * as http from "node:http"
import * as os from "node:os"
import * as path from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { logLine } from "./log-lines.mjs"

/** @typedef {(request: http.IncomingMessage, response: http.ServerResponse) => Promise<void> | void} Handle */

const patienceMs = 20_000
/** The second round covers what only a second call loads: the first sign-in page is rendered, the next comes from caches. */
const rounds = 2

/**
 * Calls of programs come in great numbers from the first moment on, and a probe decides whether others come at all. The page of the
 * sign-in loads what all pages have in common, which takes the longest.
 */
const needed = /^\/(?:sign-in|api\/health|api\/v1\/(?:events|key|capture)(?:\/.*)?)$/
/**
 * How long there was no request before a route is loaded, because the first ones may come all at once; and how long that is waited
 * for at most: a server that is never idle loads it all the same.
 * @typedef {{ readonly quietMs: number, readonly mostMs: number }} Gap
 */

/** @type {Gap} */
const usualGap = { quietMs: 250, mostMs: 10_000 }

/**
 * @typedef {object} WarmUp
 * @property {() => Promise<void>} begin resolves when what programs call is loaded: now the server can listen
 * @property {() => Promise<void>} finish resolves when all the rest is, one route at a time, each in a moment without requests
 */

/**
 * Returns the two parts of warming up. Every route is requested without a session and without a key: nothing is written and nothing
 * recorded. Failures are ignored: they will show when the route is needed.
 * @param {object} options
 * @param {Handle} options.handle
 * @param {string} options.root
 * @param {string} options.baseUrl
 * @param {() => boolean} options.isIdle whether no request is being worked on
 * @param {Gap} [options.gap]
 * @returns {WarmUp}
 */
export function warmUp({ handle, root, baseUrl, isIdle, gap = usualGap }) {
  const { host } = new URL(baseUrl)
  const routes = routesOf(root)
  return {
    begin: () =>
      privately(handle, async socketPath => {
        for (let round = 0; round < rounds; round++) {
          for (const route of routes.filter(isNeeded)) await ask({ socketPath, route, host })
        }
      }),
    finish: () =>
      privately(handle, async socketPath => {
        for (let round = 0; round < rounds; round++) {
          for (const route of routes.filter(each => !isNeeded(each))) {
            await quiet(isIdle, gap)
            await ask({ socketPath, route, host })
          }
        }
      }),
  }
}

/** @param {string} route */
export function isNeeded(route) {
  return needed.test(route)
}

/**
 * Lets the work go on over a socket that nobody else knows.
 * @param {Handle} handle
 * @param {(socketPath: string) => Promise<void>} work
 */
async function privately(handle, work) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "auditorium-"))
  const socketPath =
    process.platform === "win32" ? `\\\\.\\pipe\\${path.basename(folder)}` : path.join(folder, "warm")
  const server = http.createServer((request, response) => {
    Promise.resolve(handle(request, response)).catch(() => response.destroy())
  })
  const remove = () => fs.rmSync(folder, { recursive: true, force: true })
  process.once("exit", remove)
  try {
    await new Promise((resolve, reject) => {
      server.once("error", reject).listen(socketPath, () => resolve(undefined))
    })
    await work(socketPath)
  } catch (error) {
    logLine("warn", "warm_up.failed", { error })
  } finally {
    server.closeAllConnections()
    server.close()
    process.off("exit", remove)
    remove()
  }
}

const looksOfGap = 5

/**
 * Resolves when there was no request for a moment, or when that has been waited for long enough.
 * @param {() => boolean} isIdle
 * @param {Gap} gap
 */
async function quiet(isIdle, { quietMs, mostMs }) {
  const end = performance.now() + mostMs
  for (let looks = 0; looks < looksOfGap && performance.now() < end; looks = isIdle() ? looks + 1 : 0) {
    await sleep(quietMs / looksOfGap)
  }
}

/**
 * Returns a url for each page and route that was built, with a placeholder for each dynamic segment.
 * @param {string} root
 * @returns {readonly string[]}
 */
export function routesOf(root) {
  const file = path.join(root, ".next", "app-path-routes-manifest.json")
  if (!fs.existsSync(file)) return []
  /** @type {Readonly<Record<string, string>>} */
  const routes = JSON.parse(fs.readFileSync(file, "utf8"))
  return [...new Set(Object.values(routes))]
    .filter(route => !route.startsWith("/_"))
    .map(route => route.replace(/\[\[?\.{0,3}[^\]]+\]\]?/g, "warm-up"))
    .sort()
}

/** @param {{ readonly socketPath: string, readonly route: string, readonly host: string }} asked */
function ask({ socketPath, route, host }) {
  return new Promise(resolve => {
    const headers = { host, "user-agent": "auditorium-warm-up", connection: "close" }
    const request = http.get({ socketPath, path: route, headers, timeout: patienceMs }, response =>
      response.resume().once("close", resolve),
    )
    request.once("timeout", () => request.destroy())
    request.once("error", resolve)
  })
}
