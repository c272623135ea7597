// @ts-check
// The url of the installation is BASE_URL, whatever a proxy or a client says about it.

const loopback = /^(?:localhost|.+\.localhost|127\.\d+\.\d+\.\d+|\[?::1\]?)$/i
const forwarding = [
  "forwarded",
  "x-forwarded-for",
  "x-forwarded-host",
  "x-forwarded-proto",
  "x-real-ip",
  "via",
]

/** @typedef {import("node:http").IncomingMessage} Request */

/** @param {string} baseUrl */
export function ownAddress(baseUrl) {
  const base = new URL(baseUrl)
  const port = base.port || (base.protocol === "https:" ? "443" : "80")
  const isLocal = base.protocol === "http:" && loopback.test(base.hostname)

  return {
    isHttps: base.protocol === "https:",

    /**
     * Replaces the host and protocol that the request names by those of BASE_URL, so that everything behind, including
     * Next's own check of server actions, uses only those.
     * @param {Request} request
     */
    adopt({ headers }) {
      delete headers.forwarded
      headers.host = base.host
      headers["x-forwarded-host"] = base.host
      headers["x-forwarded-proto"] = base.protocol.slice(0, -1)
      headers["x-forwarded-port"] = port
    },

    /**
     * Returns the url at which a page must be opened when it was requested under another name of this machine: its forms
     * would be refused there, and its cookies belong to another name. Null = no redirect.
     * @param {Request} request
     */
    redirectOf(request) {
      if (!isLocal || request.socket.localPort !== Number(port)) return null
      if (request.method !== "GET" && request.method !== "HEAD") return null
      const { host } = request.headers
      const asked = host === undefined || !URL.canParse(`http://${host}`) ? null : new URL(`http://${host}`)
      if (asked === null || asked.host === base.host || (asked.port || "80") !== port) return null
      if (isApi(request)) return null
      const isHere = loopback.test(asked.hostname) || cameDirectly(request)
      return isHere ? `${base.origin}${request.url}` : null
    },

    /**
     * Returns whether a request calls a server action from another site than ours. The same rule as `refuseForeignOrigin`
     * of lib/http/origin.ts, which checks again when the action runs.
     * @param {Request} request
     */
    isForeignAction(request) {
      if (!isAction(request)) return false
      const { headers } = request
      const site = headers["sec-fetch-site"]
      if (site !== undefined && site !== "same-origin") return true
      return headers.origin === undefined ? site === undefined : headers.origin !== base.origin
    },
  }
}

/**
 * Returns whether Next.js may treat a request as a server action: by its header, or by a form that names one inside.
 * @param {Request} request
 */
export function isAction(request) {
  if (request.method !== "POST" || isApi(request)) return false
  const { headers } = request
  return (
    headers["next-action"] !== undefined || /^\s*multipart\/form-data/i.test(headers["content-type"] ?? "")
  )
}

/** @param {Request} request */
function isApi({ url = "" }) {
  return /^\/(?:api|v2)(?:[/?]|$)/.test(url)
}

/**
 * Returns whether the connection comes from this machine, without a proxy as far as the headers say.
 * @param {Request} request
 */
function cameDirectly({ socket, headers }) {
  const peer = (socket.remoteAddress ?? "").replace(/^::ffff:/i, "")
  return loopback.test(peer) && forwarding.every(name => headers[name] === undefined)
}
