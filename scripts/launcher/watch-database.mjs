// @ts-check
import * as net from "node:net"

const intervalMs = 1_000
const patienceMs = 5_000

/**
 * Calls `gone` when nothing accepts connections on the port any more, and not again before the returned promise has
 * settled.
 * @param {() => number} port
 * @param {() => Promise<void>} gone
 */
export function watchDatabase(port, gone) {
  let ended = false
  let timer = setTimeout(look, intervalMs)
  async function look() {
    const refused = await isRefused(port())
    if (refused && !ended) await gone()
    if (!ended) timer = setTimeout(look, intervalMs)
  }
  return {
    end: () => {
      ended = true
      clearTimeout(timer)
    },
  }
}

/**
 * Returns true when nothing listens on the port. A slow server counts as listening.
 * @param {number} port
 * @returns {Promise<boolean>}
 */
export function isRefused(port) {
  return new Promise(resolve => {
    const socket = net.connect({ host: "127.0.0.1", port, timeout: patienceMs })
    const answer = (/** @type {boolean} */ refused) => {
      socket.destroy()
      resolve(refused)
    }
    socket.once("connect", () => answer(false))
    socket.once("timeout", () => answer(false))
    socket.once("error", (/** @type {NodeJS.ErrnoException} */ error) =>
      answer(error.code === "ECONNREFUSED"),
    )
  })
}
