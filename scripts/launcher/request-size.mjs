// @ts-check
// How long an address and how large the headers of a request may be. Both are taken apart several times on the way
// through the console, for anybody and before anybody is known, so they are bounded before it sees them.

/** @typedef {import("./answers.mjs").Refusal} Refusal */

export const sizeLimits = {
  /** Path and query string together, as sent. */
  addressBytes: 8 * 1024,
  parameters: 200,
  /** All header lines together, without the first line. */
  headerBytes: 16 * 1024,
  headers: 100,
}

/** What the parser takes at most: a little more than both limits, so that most of what is too large is refused by name. */
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
 * Returns why a request is too large to be looked at; null when it is not.
 * @param {import("node:http").IncomingMessage} request
 * @returns {Refusal | null}
 */
export function refusalOfSize({ url = "", rawHeaders }) {
  if (url.length > sizeLimits.addressBytes || countParameters(url) > sizeLimits.parameters) {
    return addressTooLong
  }
  if (rawHeaders.length > sizeLimits.headers * 2) return headersTooLarge
  // "name: value\r\n"
  const bytes = rawHeaders.reduce((sum, text) => sum + text.length + 2, 0)
  return bytes > sizeLimits.headerBytes ? headersTooLarge : null
}

/**
 * Counts what stands between the ampersands of the query string, empty names included; nothing between two is nothing.
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
 * Tells which part of a request overflowed the parser: its first line when the packet begins one that never ends.
 * @param {Buffer | undefined} packet what was being parsed
 * @returns {Refusal}
 */
export function refusalOfOverflow(packet) {
  if (packet === undefined || !requestLine.test(packet.toString("latin1", 0, 24))) return headersTooLarge
  const end = packet.indexOf("\n")
  return end === -1 || end > sizeLimits.addressBytes + 64 ? addressTooLong : headersTooLarge
}
