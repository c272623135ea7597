// @ts-check
// The first request to a route loads and compiles its code while all others wait. So each route is requested once over a
// private connection before the server listens for others.
import * as fs from "node:fs"
import * as http from "node:http"
import * as os from "node:os"
import * as path from "node:path"
import { logLine } from "./log-lines.mjs"

const patienceMs = 20_000
/** The second round covers what only a second call loads: the first sign-in page is rendered, the next comes from caches. */
const rounds = 2

/**
 * Requests every route once, without a session and without a key: nothing is written and nothing recorded. Failures are
 * ignored: they will show when the route is needed.
 * @param {(request: http.IncomingMessage, response: http.ServerResponse) => Promise<void> | void} handle
 * @param {string} root
 * @param {string} baseUrl
 */
export async function warmUp(handle, root, baseUrl) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "auditorium-"))
  const socketPath =
    process.platform === "win32" ? `\\\\.\\pipe\\${path.basename(folder)}` : path.join(folder, "warm")
  const server = http.createServer((request, response) => {
    Promise.resolve(handle(request, response)).catch(() => response.destroy())
  })
  try {
    await new Promise((resolve, reject) => {
      server.once("error", reject).listen(socketPath, () => resolve(undefined))
    })
    for (let round = 0; round < rounds; round++) {
      for (const route of routesOf(root)) await ask({ socketPath, route, host: new URL(baseUrl).host })
    }
  } catch (error) {
    logLine("warn", "warm_up.failed", { error })
  } finally {
    server.closeAllConnections()
    server.close()
    fs.rmSync(folder, { recursive: true, force: true })
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
