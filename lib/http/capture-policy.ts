import { AppError } from "@/lib/errors"
import type { PolicyAnswer } from "@/lib/operations/capture/policy"
import { invalidInput } from "@/lib/operations/core/input"
import { answerHeaders, jsonResponse } from "./headers"
import { readJsonBody } from "./json-body"
import type { Incoming } from "./route"

const limits = { maximumBytes: 256 * 1024, values: 10_000 }

/** Returns the policy that was sent, and what the caller expects to change. */
export async function readSentPolicy(incoming: Incoming): Promise<unknown> {
  const body = await readJsonBody(incoming, limits)
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    throw invalidInput([{ pointer: "", message: "must be an object with the member policy" }])
  }
  if ("ifMatch" in body) throw invalidInput([{ pointer: "/ifMatch", message: "is a header: If-Match" }])
  return { ...body, ...expectedOf(incoming) }
}

/** Returns the header If-Match, which an operation compares with what is there. */
export function expectedOf({ request }: Pick<Incoming, "request">): { readonly ifMatch?: string } {
  const ifMatch = request.headers.get("if-match")
  if (ifMatch === null) return {}
  if (ifMatch.length > 2_000) throw new AppError("precondition-failed", "The header If-Match is too long.")
  return { ifMatch }
}

/** Returns the policy as a response, or 304 when the caller has this one already. */
export function answerPolicy({ etag, ...policy }: PolicyAnswer, incoming: Incoming): Response {
  const { requestId } = incoming.caller
  if (isKnown(incoming, etag)) return notModified(etag, requestId)
  return jsonResponse(policy, requestId, { headers: { etag } })
}

/** Returns whether a reading names the entity tag of what is there. */
export function isKnown({ request }: Pick<Incoming, "request">, etag: string): boolean {
  if (request.method !== "GET" && request.method !== "HEAD") return false
  const known = request.headers.get("if-none-match")
  // A cache on the way may have made the tag a weak one; for a reading that is the same.
  return known?.split(",").some(tag => ["*", etag].includes(tag.trim().replace(/^W\//, ""))) ?? false
}

/** Returns 304: what the caller has is what there is. */
export function notModified(etag: string, requestId: string): Response {
  const headers = answerHeaders("application/json; charset=utf-8", requestId, { etag })
  headers.delete("content-type")
  return new Response(null, { status: 304, headers })
}
