import { clarifaiKey } from "@/lib/access/keys/key-scheme"
import { clarifaiStatusOf, okStatus, refusalStatus } from "@/lib/clarifai/codes"
import type { ClarifaiAnswer, ClarifaiSearch, ClarifaiStatus } from "@/lib/clarifai/messages"
import { readSearch } from "@/lib/clarifai/read-search"
import { requestOfJson } from "@/lib/clarifai/request-json"
import { responseJson } from "@/lib/clarifai/response-json"
import { AppError } from "@/lib/errors"
import { callerOf } from "./caller"
import type { Dialect } from "./dialect"
import { answerHeaders, jsonResponse } from "./headers"
import { readJsonBody } from "./json-body"
import { refusalHeaders } from "./problem"
import type { Incoming } from "./route"

const contentType = "application/json; charset=utf-8"
/** Browsers and curl name another media type, or none. No body is a search for everything. */
const limits = { maximumBytes: 1024 * 1024, values: 10_000, unsaid: {} } as const

/** Clarifai's audit log over HTTP. Every response has a `status`: its clients look at that, and not at the one of HTTP. */
export const clarifaiDialect: Dialect = {
  scheme: clarifaiKey,
  answer: (_, requestId) => jsonResponse({ status: okStatus(requestId) }, requestId),
  refuse: (error, requestId) => {
    const headers = refusalHeaders(error, { contentType, requestId, scheme: clarifaiKey })
    return written(refusalStatus(error, requestId), clarifaiStatusOf(error).httpStatus, headers)
  },
  refuseMethod: (allowed, requestId) => {
    const error = new AppError("not-found", `This address answers ${allowed.join(", ")} only.`)
    const headers = answerHeaders(contentType, requestId, { allow: allowed.join(", ") })
    return written(refusalStatus(error, requestId), 405, headers)
  },
}

function written(status: ClarifaiStatus, httpStatus: number, headers: Headers): Response {
  return new Response(JSON.stringify({ status, entries: [] }), { status: httpStatus, headers })
}

/** Returns the search in the body, for the user that the path names: what the body says of the user does not count. */
export async function readSentSearch(incoming: Incoming): Promise<ClarifaiSearch> {
  const sent = requestOfJson(await readJsonBody(incoming, limits))
  return readSearch({ ...sent, user_app_id: { user_id: userOf(incoming.url) } })
}

/** The segment after /v2/users as it was sent, decoded once. */
function userOf({ pathname }: URL): string {
  const [, , , user = ""] = pathname.split("/")
  try {
    return decodeURIComponent(user)
  } catch {
    // No user has a name that is not text.
    return ""
  }
}

/** Returns the response with the entries that were found. */
export function answerSearch(answer: ClarifaiAnswer, { caller: { requestId } }: Incoming): Response {
  return jsonResponse(responseJson(okStatus(requestId), answer), requestId)
}

/** Responds to a path below /v2 that is not ours. */
export const answerUnknownToClarifai = async (request: Request): Promise<Response> =>
  clarifaiDialect.refuse(
    new AppError(
      "not-found",
      "There is nothing at this address: only the search of the audit log is offered.",
    ),
    callerOf(request.headers).requestId,
  )
