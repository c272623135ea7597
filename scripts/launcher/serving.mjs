// @ts-check
// From the HTTP server to the console: which requests are accepted, and the response when one fails.
import { refuse } from "./answers.mjs"
import { countedLine, logLine, requestMarks } from "./log-lines.mjs"
import { isAction } from "./own-address.mjs"
import { createWork } from "./work.mjs"

/** @typedef {import("node:http").IncomingMessage} Request */
/** @typedef {import("node:http").ServerResponse} Response */
/** @typedef {(request: Request, response: Response) => Promise<void> | void} Handle */

/** @type {import("./answers.mjs").Refusal} */
const tooMuchWork = {
  status: 503,
  code: "unavailable",
  title: "Temporarily unavailable",
  detail: "More requests are being worked on than this server takes at once. Please try again.",
  headers: { "retry-after": "1" },
}

/**
 * Returns a function that passes a request on, or refuses it with a time to retry, and one that tells whether none is worked on.
 * @param {number} most
 * @param {Handle} handle
 */
export function admission(most, handle) {
  const work = createWork(most)
  const tell = countedLine("warn", "http.overloaded")
  const admit = (
    /** @type {Request} */ request,
    /** @type {Response} */ response,
    /** @type {string} */ requestId,
  ) => {
    const begin = () => serve(handle, request, response)
    const isHealth = /^\/api\/health(?:\?|$)/.test(request.url ?? "")
    if (work.take({ request, response, begin }, isHealth)) return
    tell(requestId)
    refuse(response, tooMuchWork, requestId)
  }
  return { admit, isIdle: () => work.inWork() === 0 }
}

/**
 * @param {Handle} handle
 * @param {Request} request
 * @param {Response} response
 */
async function serve(handle, request, response) {
  const exchange = { request, response, url: request.url ?? "", beganMs: performance.now() }
  const marks = { isAction: isAction(request), hasBegun: false, exchange }
  if (marks.isAction) blameTheSender(response, marks)
  try {
    await requestMarks.run(marks, () => handle(request, response))
  } catch (error) {
    const kind = error instanceof Error ? error.name : typeof error
    logLine("error", "http.unhandled", { kind, requestId: request.headers["x-request-id"] })
    if (response.headersSent) response.destroy()
    else {
      const failure = { status: 500, code: "internal", title: "Something went wrong here." }
      refuse(response, failure, String(request.headers["x-request-id"]))
    }
  }
}

const tellOfUnreadableAction = countedLine("warn", "action.unreadable")

/**
 * Next.js responds with 500 when it cannot read the body of a server action. As long as none of our code was reached, the
 * failure is not ours: the response becomes 400.
 * @param {Response} response
 * @param {import("./log-lines.mjs").RequestMarks} marks
 */
function blameTheSender(response, marks) {
  const writeHead = response.writeHead
  response.writeHead = /** @type {typeof writeHead} */ (
    (/** @type {number} */ status, /** @type {any[]} */ ...rest) => {
      const isUnreadable = status >= 500 && !marks.hasBegun
      if (isUnreadable) tellOfUnreadableAction(String(response.getHeader("x-request-id")))
      return writeHead.call(response, isUnreadable ? 400 : status, .../** @type {[]} */ (rest))
    }
  )
}
