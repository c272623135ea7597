// @ts-check
// A child process that should run as long as this one.
import { spawn } from "node:child_process"
import { setTimeout as sleep } from "node:timers/promises"

/**
 * @typedef {object} Work
 * @property {string} name for people ("web server")
 * @property {readonly string[]} args of node
 * @property {NodeJS.ProcessEnv} env
 * @property {string} cwd
 * @property {(message: string) => void} say called when the process ended unexpectedly
 * @property {boolean} [quietStdout] what it writes to its standard output goes to the standard error
 * @property {() => void} [onStart] called after every start of the process
 * @property {number} [firstPauseMs] the first pause that is made before it is started again; doubles with each end in a minute
 * @property {number} [longestPauseMs]
 *
 * @typedef {object} Supervised
 * @property {Promise<void>} ready resolves when the process says `{ type: "ready" }` for the first time, rejects when it ends before
 * @property {() => number | undefined} pid
 * @property {(env: NodeJS.ProcessEnv, graceMs: number) => Promise<void>} renew ends it and starts it with another environment
 * @property {(graceMs: number) => Promise<void>} stop resolves when it has ended; it is killed when the grace is over
 * @property {() => void} kill at once
 */

const minuteMs = 60_000
/** This many ends within a minute count as accidents: each is followed by an immediate restart. */
const accidents = 3
/** A process that became ready each time serves in between, so its pauses are limited to this. */
const longestWhenReadyMs = 1_000

/**
 * Returns how long to wait before the next start: not at all after the first three ends within a minute, then longer with
 * each.
 * @param {readonly number[]} ends when the process ended unexpectedly, in milliseconds; the last one is the present one
 * @param {{ readonly wasReady: boolean, readonly firstPauseMs: number, readonly longestPauseMs: number }} limits
 */
export function pauseAfter(ends, { wasReady, firstPauseMs, longestPauseMs }) {
  const last = ends.at(-1) ?? 0
  const recent = ends.filter(end => last - end < minuteMs).length
  if (recent <= accidents) return 0
  const longestMs = wasReady ? Math.min(longestWhenReadyMs, longestPauseMs) : longestPauseMs
  return Math.min(longestMs, firstPauseMs * 2 ** (recent - accidents - 1))
}

/**
 * Keeps one process running: restarts it at once, with pauses when it ends repeatedly; one that ends before it was ever
 * ready is not restarted.
 * @param {Work} work
 * @returns {Supervised}
 */
export function supervise({
  name,
  args,
  env,
  cwd,
  say,
  quietStdout = false,
  onStart,
  firstPauseMs = 250,
  longestPauseMs = 30_000,
}) {
  const state = {
    env,
    stopping: false,
    wasReady: false,
    /** @type {readonly number[]} */
    ends: [],
    /** @type {import("node:child_process").ChildProcess | undefined} */
    child: undefined,
    /** @type {AbortController | undefined} */
    pause: undefined,
    renewing: false,
  }
  const ready = deferred()
  // The launcher may be awaiting something else when this fails.
  ready.promise.catch(() => {})

  const start = () => {
    let isReady = false
    // A separate process group: Ctrl-C reaches only the launcher, which ends things in order.
    const child = spawn(process.execPath, [...args], {
      cwd,
      env: state.env,
      detached: true,
      stdio: ["ignore", quietStdout ? 2 : "inherit", "inherit", "ipc"],
    })
    state.child = child
    onStart?.()
    child.on("message", message => {
      if (typeof message !== "object" || message === null || !("type" in message) || message.type !== "ready")
        return
      isReady = true
      state.wasReady = true
      ready.resolve(undefined)
    })
    child.once("error", error =>
      ready.reject(new Error(`The ${name} could not be started: ${error.message}`)),
    )
    child.once("exit", (code, signal) => ended(signal ?? `exit code ${code}`, isReady))
  }

  const ended = async (/** @type {string} */ how, /** @type {boolean} */ wasReady) => {
    state.child = undefined
    if (state.stopping || state.renewing) return
    if (!state.wasReady) return ready.reject(new Error(`The ${name} ended before it was ready (${how}).`))
    const now = performance.now()
    state.ends = [...state.ends.filter(end => now - end < minuteMs), now]
    const pauseMs = pauseAfter(state.ends, { wasReady, firstPauseMs, longestPauseMs })
    const when = pauseMs === 0 ? "" : ` in ${(pauseMs / 1000).toFixed(2)} s`
    say(`The ${name} ended unexpectedly (${how}); starting it again${when}.`)
    state.pause = new AbortController()
    await sleep(pauseMs, undefined, { signal: state.pause.signal }).catch(() => {})
    if (!state.stopping && !state.renewing) start()
  }

  const end = async (/** @type {number} */ graceMs) => {
    state.pause?.abort()
    const { child } = state
    if (child === undefined) return
    const gone = new Promise(resolve => child.once("exit", resolve))
    child.kill("SIGTERM")
    const timer = setTimeout(() => child.kill("SIGKILL"), graceMs)
    await gone
    clearTimeout(timer)
  }

  start()
  return {
    ready: ready.promise.then(() => {}),
    pid: () => state.child?.pid,
    renew: async (renewed, graceMs) => {
      state.env = renewed
      state.renewing = true
      await end(graceMs)
      state.renewing = false
      if (!state.stopping) start()
    },
    stop: async graceMs => {
      state.stopping = true
      await end(graceMs)
    },
    kill: () => {
      state.stopping = true
      state.pause?.abort()
      state.child?.kill("SIGKILL")
    },
  }
}

/** A promise with its resolvers; Node 20 has no Promise.withResolvers. */
function deferred() {
  /** @type {(value: unknown) => void} */
  let resolve = () => {}
  /** @type {(reason: Error) => void} */
  let reject = () => {}
  const promise = new Promise((yes, no) => {
    resolve = yes
    reject = no
  })
  return { promise, resolve, reject }
}
