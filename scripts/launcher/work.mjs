// @ts-check
// Limits how many requests are handled at once, and how fast new ones are started.
//
// The first part of handling a request runs without interruption. When hundreds arrive together, starting all of them at
// once delays everybody, including requests that could be answered immediately. So one is started in each turn of the event
// loop: between two of them connections are accepted and finished responses are sent. Callers take turns: the request of one
// who sends a few does not wait behind the hundreds of another.

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
  /**
   * What waits, by its caller, the one first whose turn is next.
   * @type {Map<string, Job[]>}
   */
  const waiting = new Map()
  let inWork = 0
  let isScheduled = false

  function schedule() {
    if (isScheduled || waiting.size === 0) return
    isScheduled = true
    onNextTurn(() => {
      isScheduled = false
      const job = takeNext()
      // A client that has disconnected meanwhile needs no response.
      if (job && !job.response.destroyed && !job.request.socket.destroyed) job.begin()
      schedule()
    })
  }

  function takeNext() {
    for (const [caller, jobs] of waiting) {
      waiting.delete(caller)
      const job = jobs.shift()
      // Behind all others.
      if (jobs.length > 0) waiting.set(caller, jobs)
      return job
    }
    return undefined
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
      const caller = callerOf(job.request)
      const jobs = waiting.get(caller)
      if (jobs) jobs.push(job)
      else waiting.set(caller, [job])
      schedule()
      return true
    },
    inWork: () => inWork,
  }
}

/**
 * Returns what distinguishes the callers before anybody has looked at who they are. A caller who invents credentials gets more turns,
 * but no more than by opening connections.
 * @param {import("node:http").IncomingMessage} request
 */
function callerOf({ headers, socket }) {
  return headers.authorization ?? headers.cookie ?? socket.remoteAddress ?? ""
}

/** @param {import("node:http").IncomingMessage} request */
function hasBody({ headers }) {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0
}
