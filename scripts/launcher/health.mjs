// @ts-check
import { setTimeout as sleep } from "node:timers/promises"
import { StartError } from "./settings.mjs"

/**
 * Resolves when the console reports that it is healthy, or when `isWanted` returns false. Throws StartError when it takes
 * too long.
 * @param {string} host what the server listens on
 * @param {number} port
 * @param {{ readonly patienceMs: number, readonly isWanted: () => boolean }} options
 */
export async function waitForHealth(host, port, { patienceMs, isWanted }) {
  const address = { "0.0.0.0": "127.0.0.1", "::": "::1" }[host] ?? host
  const url = `http://${address.includes(":") ? `[${address}]` : address}:${port}/api/health`
  for (const end = performance.now() + patienceMs; isWanted(); await sleep(50)) {
    const answer = await fetch(url).catch(() => null)
    const said = (await answer?.text().catch(() => "")) ?? ""
    if (answer?.ok) return
    if (performance.now() > end) {
      throw new StartError(
        `The console does not become healthy. ${url} says: ${answer ? `${answer.status} ${said}` : "nothing"}`,
      )
    }
  }
}
