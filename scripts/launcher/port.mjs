// @ts-check
import * as net from "node:net"

/**
 * Returns a port that can be used (a free one for 0), or the reason why not, in words that say what to do.
 * @param {string} host
 * @param {number} port
 * @returns {Promise<{ readonly port: number } | { readonly problem: string, readonly isTaken: boolean }>}
 */
export function probePort(host, port) {
  return new Promise(resolve => {
    const probe = net.createServer()
    probe.once("error", (/** @type {NodeJS.ErrnoException} */ error) =>
      resolve({ problem: explain(error, host, port), isTaken: error.code === "EADDRINUSE" }),
    )
    probe.listen({ host, port, exclusive: true }, () => {
      const address = probe.address()
      const found = typeof address === "object" && address !== null ? address.port : port
      probe.close(() => resolve({ port: found }))
    })
  })
}

/**
 * @param {NodeJS.ErrnoException} error
 * @param {string} host
 * @param {number} port
 */
function explain(error, host, port) {
  const words = /** @type {Readonly<Record<string, string>>} */ ({
    EADDRINUSE: `Port ${port} on ${host} is taken by another program. End that one, or choose another port: PORT=${port + 1} npm start`,
    EACCES: `Port ${port} may only be opened by an administrator of this machine. Choose one above 1023, for example: PORT=3000 npm start`,
    EADDRNOTAVAIL: `HOST=${host} is no address of this machine. 127.0.0.1 is this machine alone, 0.0.0.0 every address it has.`,
    ENOTFOUND: `HOST=${host} is not known by name. Give an address of this machine instead.`,
  })
  return words[error.code ?? ""] ?? `Listening on ${host} port ${port} is not possible: ${error.message}`
}
