// @ts-check
// The limits of a request's url and headers. Both are parsed several times on the way through the console, before the
// caller is known, so they are limited before it sees them.

/** @typedef {import("./answers.mjs").Refusal} Refusal */

export const sizeLimits = {
  /** Path and query string together, as sent. */
  addressBytes: 8 * 1024,
  /** Of the pages for signing in: they carry the address of any other page, in a form that is longer by a quarter at most. */
  signInBytes: 10 * 1024,
  parameters: 200,
  /** All header lines together, without the request line. */
  headerBytes: 16 * 1024,
  headers: 100,
}

/** The parser's limit: a little more than both limits, so that most oversized requests get a specific error. */
export const parserBytes = 32 * 1024

/** @type {Refusal} */
export const addressTooLong = {
  status: 414,
  code: "address-too-long",
  title: "The address is too long",
  detail: `An address may have ${sizeLimits.addressBytes} bytes and ${sizeLimits.parameters} parameters. Larger questions go in the body of POST /api/v1/events/search.`,
}

/** @type {Refusal} */
export const headersTooLarge = {
  status: 431,
  code: "headers-too-large",
  title: "The headers are too large",
  detail: `The headers may have ${sizeLimits.headerBytes} bytes in ${sizeLimits.headers} lines.`,
}

/**
 * Returns the refusal of an oversized request; null when the size is acceptable.
 * @param {import("node:http").IncomingMessage} request
 * @returns {Refusal | null}
 */
export function refusalOfSize({ url = "", rawHeaders }) {
  const most = /^\/sign-in[/?]/.test(url) ? sizeLimits.signInBytes : sizeLimits.addressBytes
  if (url.length > most || countParameters(url) > sizeLimits.parameters) {
    return addressTooLong
  }
  if (rawHeaders.length > sizeLimits.headers * 2) return headersTooLarge
  // "name: value\r\n"
  const bytes = rawHeaders.reduce((sum, text) => sum + text.length + 2, 0)
  return bytes > sizeLimits.headerBytes ? headersTooLarge : null
}

/**
 * Counts the parts between the ampersands of the query string, including empty names; empty parts do not count.
 * @param {string} url
 */
function countParameters(url) {
  const start = url.indexOf("?")
  if (start === -1) return 0
  let count = 0
  let from = start + 1
  for (;;) {
    const to = url.indexOf("&", from)
    if ((to === -1 ? url.length : to) > from) count++
    if (to === -1) return count
    from = to + 1
  }
}

const requestLine = /^[A-Z]{3,20} /

/**
 * Returns which part of a request exceeded the parser's limit: the request line when the packet begins with one that does
 * not end.
 * @param {Buffer | undefined} packet what was being parsed
 * @returns {Refusal}
 */
export function refusalOfOverflow(packet) {
  if (packet === undefined || !requestLine.test(packet.toString("latin1", 0, 24))) return headersTooLarge
  const end = packet.indexOf("\n")
  return end === -1 || end > sizeLimits.addressBytes + 64 ? addressTooLong : headersTooLarge
}
