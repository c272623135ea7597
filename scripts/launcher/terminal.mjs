// @ts-check
// Shows the progress of long work. Needs only Node: it runs before anything is installed.

/** @typedef {{ write: (text: string) => void, readonly live: boolean }} Terminal */

const heartbeatSeconds = 10
const labelColumns = 44

/**
 * Returns a terminal that never throws, also when the reader of the output has closed it.
 * @param {NodeJS.WriteStream} [stream]
 * @returns {Terminal}
 */
export function terminal(stream = process.stdout) {
  stream.on("error", () => {})
  return { write: text => stream.write(text), live: Boolean(stream.isTTY) && process.env.TERM !== "dumb" }
}

/** @param {number} since milliseconds of `performance.now()` */
export function elapsed(since) {
  const seconds = (performance.now() - since) / 1000
  return seconds < 60
    ? `${seconds.toFixed(1)} s`
    : `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`
}

/**
 * Runs `work` and shows its progress and its duration; a failure is shown and thrown again.
 * @template Result
 * @param {Terminal} out
 * @param {string} label what is being done ("installing packages")
 * @param {string} done what has been done ("packages installed")
 * @param {() => Promise<Result>} work
 * @returns {Promise<Result>}
 */
export async function step(out, label, done, work) {
  const since = performance.now()
  const shownLabel = label.padEnd(labelColumns)
  if (!out.live) out.write(`  - ${label} ...\n`)
  const redraw = () => out.write(`\r  - ${shownLabel} ${elapsed(since).padStart(8)}`)
  const stillGoing = () => out.write(`  - still ${label}: ${elapsed(since)}\n`)
  if (out.live) redraw()
  const timer = setInterval(out.live ? redraw : stillGoing, out.live ? 100 : heartbeatSeconds * 1000)
  const end = (/** @type {string} */ mark, /** @type {string} */ text) => {
    clearInterval(timer)
    out.write(
      `${out.live ? "\r\u001b[K" : ""}  ${mark} ${text.padEnd(labelColumns)} ${elapsed(since).padStart(8)}\n`,
    )
  }
  try {
    const result = await work()
    end("✓", done)
    return result
  } catch (error) {
    end("✗", `${label} failed`)
    throw error
  }
}
