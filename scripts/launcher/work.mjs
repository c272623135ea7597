// @ts-check
// How many requests are worked on at once, and how fast new ones are begun.
//
// A request begins with a stretch of work that nothing interrupts. When hundreds arrive together, beginning them all at once
// keeps everybody else waiting, those included who could be answered at once. So one is begun in each turn of the event loop:
// between two of them connections are accepted and what is ready is answered.

/**
 * @typedef {object} Job
 * @property {() => void} begin
 * @property {import("node:http").IncomingMessage} request
 * @property {import("node:http").ServerResponse} response
 */

/**
 * Returns a line of work that takes at most `most` requests at once: those that wait their turn and those whose answer has
 * not begun. A request that waits for the rest of its body costs us nothing and does not count, else a few slow senders would
 * keep everybody out; nor does one whose answer is being read.
 * @param {number} most
 * @param {(next: () => void) => void} [onNextTurn] for tests
 */
export function createWork(most, onNextTurn = setImmediate) {
  /** @type {Job[]} */
  let waiting = []
  let first = 0
  let inWork = 0
  let isScheduled = false

  function schedule() {
    if (isScheduled || first === waiting.length) return
    isScheduled = true
    onNextTurn(() => {
      isScheduled = false
      const job = waiting[first++]
      if (first > 1_000) {
        waiting = waiting.slice(first)
        first = 0
      }
      // Who has gone meanwhile is waiting for nothing.
      if (job && !job.response.destroyed && !job.request.socket.destroyed) job.begin()
      schedule()
    })
  }

  /** @param {Job} job */
  function count({ request, response }) {
    let isCounted = false
    let isOver = false
    const enter = () => {
      if (isCounted || isOver) return
      isCounted = true
      inWork++
    }
    const pause = () => {
      if (isCounted) inWork--
      isCounted = false
    }
    const leave = () => {
      isOver = true
      pause()
    }
    const writeHead = response.writeHead
    response.writeHead = /** @type {typeof writeHead} */ (
      (/** @type {any[]} */ ...parts) => {
        leave()
        return writeHead.apply(response, /** @type {any} */ (parts))
      }
    )
    response.once("close", leave)
    enter()
    if (!hasBody(request)) return
    // From the first look at a body that is not there yet to its end we wait for the sender.
    request.on("newListener", name => {
      if ((name === "data" || name === "readable") && !request.complete) pause()
    })
    request.once("end", enter)
  }

  return {
    /**
     * Takes a request in, or returns false when there is no room. `exempt` ones are always taken: whoever watches over this
     * process must learn that it is busy, not take it for dead.
     * @param {Job} job
     * @param {boolean} [exempt]
     */
    take(job, exempt = false) {
      if (!exempt && inWork >= most) return false
      count(job)
      waiting.push(job)
      schedule()
      return true
    },
    inWork: () => inWork,
  }
}

/** @param {import("node:http").IncomingMessage} request */
function hasBody({ headers }) {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0
}
