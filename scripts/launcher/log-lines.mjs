// @ts-check
// The log of the web process outside of the console's own code: one JSON object per line, whatever its source.
import { AsyncLocalStorage } from "node:async_hooks"
import { format } from "node:util"

/** @typedef {"info" | "warn" | "error"} Level */
/** @typedef {Readonly<Record<string, unknown>>} Fields */

/**
 * What is known about the request that is being worked on. The console's code finds it under the symbol (lib/request-marks.ts).
 * @typedef {object} RequestMarks
 * @property {boolean} isAction Next may take it for a server action
 * @property {boolean} hasBegun code of ours has been reached
 * @property {{ request: import("node:http").IncomingMessage, response: import("node:http").ServerResponse, url: string, beganMs: number }} [exchange]
 */

/** @type {AsyncLocalStorage<RequestMarks>} */
export const requestMarks = new AsyncLocalStorage()
Reflect.set(globalThis, Symbol.for("auditorium.request"), requestMarks)

/**
 * Writes one line: through the console's own log, which hides secrets, as soon as it is loaded.
 * @param {Level} level
 * @param {string} event
 * @param {Fields} fields
 */
export function logLine(level, event, fields) {
  const log = Reflect.get(globalThis, Symbol.for("auditorium.log"))
  if (typeof log?.[level] === "function") return log[level](event, fields)
  const line = JSON.stringify({ time: new Date().toISOString(), level, event, ...fields })
  const stream = level === "info" ? process.stdout : process.stderr
  stream.write(`${line.replace(/[\u007f-\u009f\u2028\u2029]/g, escaped)}\n`)
}

/** @param {string} character */
function escaped(character) {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`
}

/** Turns the output of Next.js and other libraries, and the warnings of Node, into lines like all others. */
export function speakInLines() {
  const say =
    (/** @type {Level} */ level) =>
    (/** @type {unknown[]} */ ...parts) => {
      // A body that is not an action's is the sender's mistake: the response and the counters report it.
      if (isUnreadableAction()) return
      const error = parts.find(part => part instanceof Error)
      const message = format(...parts.map(part => (part instanceof Error ? part.message : part)))
      logLine(level, "next.said", { message: plain(message), ...(error === undefined ? {} : { error }) })
    }
  Object.assign(console, {
    log: say("info"),
    info: say("info"),
    debug: () => {},
    warn: say("warn"),
    error: say("error"),
    trace: say("error"),
  })
  process.removeAllListeners("warning")
  process.on("warning", warning => {
    const code = "code" in warning ? { code: String(warning.code) } : {}
    logLine("warn", "node.warning", { name: warning.name, message: warning.message, ...code })
  })
}

/** Returns whether the current request may be a server action that has not reached our code. */
export function isUnreadableAction() {
  const marks = requestMarks.getStore()
  return marks?.isAction && !marks.hasBegun
}

/** @param {string} text */
function plain(text) {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours for a terminal
  return text.replace(/\u001b\[[\d;]*m/g, "").trim()
}

/**
 * Returns a counter that writes one line for all events of a kind within a second, with the id of the first request.
 * @param {Level} level
 * @param {string} event
 * @param {(write: () => void) => void} [inASecond] for tests
 */
export function countedLine(level, event, inASecond = write => void setTimeout(write, 1_000).unref()) {
  /** @type {{ count: number, requestId: string } | null} */
  let counted = null
  return (/** @type {string} */ requestId) => {
    if (counted !== null) return void counted.count++
    counted = { count: 1, requestId }
    inASecond(() => {
      const { count = 0, ...first } = counted ?? {}
      counted = null
      logLine(level, event, { count, ...first })
    })
  }
}
