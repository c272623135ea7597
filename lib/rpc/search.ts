import { authenticateApiKey } from "@/lib/access/keys/authenticate"
import { clarifaiKey } from "@/lib/access/keys/key-scheme"
import type { Principal } from "@/lib/access/principal"
import { checkTags } from "@/lib/clarifai/check-tags"
import { okStatus, refusalStatus } from "@/lib/clarifai/codes"
import type { ClarifaiSearch } from "@/lib/clarifai/messages"
import { readSearch } from "@/lib/clarifai/read-search"
import { responseMessage } from "@/lib/clarifai/response-message"
import { AppError } from "@/lib/errors"
import { reportFailure } from "@/lib/http/failures"
import { toAppError } from "@/lib/http/problem"
import { searchAsClarifai } from "@/lib/operations/clarifai/search"
import { execute } from "@/lib/operations/core/execute"
import { platform } from "@/lib/platform"
import type { RpcCall } from "./call"
import type { Service } from "./service"

/** The largest request. */
export const mostRequestBytes = 1_048_576

/**
 * Returns the response of PostAuditLogSearches. A refusal is a response as well, because programs written for Clarifai look
 * at its status only. Throws AppError `unavailable` for what passes by itself, which clients try again.
 */
export async function answerSearch(call: RpcCall, service: Pick<Service, "decode">): Promise<object> {
  const { origin } = call
  try {
    const at = new Date()
    const caller = { ...origin, principal: await principalOf(call, at), at }
    const answer = await execute(searchAsClarifai, caller, () => readRequest(call, service))
    return responseMessage(okStatus(origin.requestId), answer)
  } catch (thrown) {
    const error = toAppError(thrown)
    reportFailure({ error, operation: searchAsClarifai.name, requestId: origin.requestId })
    if (error.code === "unavailable") throw error
    return responseMessage(refusalStatus(error, origin.requestId))
  }
}

function principalOf({ authorization, origin }: RpcCall, at: Date): Promise<Principal> {
  const credentials = { authorization, scheme: clarifaiKey, ip: origin.source.ip }
  return authenticateApiKey(credentials, platform().keys, at)
}

/** Returns the search in the message, which is looked into only now that the caller is known. */
function readRequest({ bytes, isOver }: RpcCall, { decode }: Pick<Service, "decode">): ClarifaiSearch {
  if (isOver()) throw new AppError("timeout", "The deadline of the call has passed.")
  if (bytes.length > mostRequestBytes) {
    throw new AppError(
      "too-large",
      `A request has at most ${mostRequestBytes} bytes; this one has ${bytes.length}.`,
    )
  }
  checkTags(bytes)
  return readSearch(decode(bytes))
}
