// @ts-check
// Limits how many requests are handled at once, and how fast new ones are started.
//
// The first part of handling a request runs without interruption. When hundreds arrive together, starting all of them at
// once delays everybody, including requests that could be answered immediately. So one is started in each turn of the event
// loop: between two of them connections are accepted and finished responses are sent.

/**
 * @typedef {object} Job
 * @property {() => void} begin
 * @property {import("node:http").IncomingMessage} request
 * @property {import("node:http").ServerResponse} response
 */

/**
 * Returns a queue that admits at most `most` requests at once: those that wait for their turn and those whose response has
 * not begun. A request that waits for the rest of its body costs nothing and does not count, otherwise a few slow senders
 * could block everybody; neither does one whose response is being read.
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
      // A client that has disconnected meanwhile needs no response.
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
    // Between the first read of an incomplete body and its end we wait for the sender.
    request.on("newListener", name => {
      if ((name === "data" || name === "readable") && !request.complete) pause()
    })
    request.once("end", enter)
  }

  return {
    /**
     * Accepts a request, or returns false when there is no room. `exempt` ones are always accepted: a monitor of this
     * process must learn that it is busy, and not consider it dead.
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
