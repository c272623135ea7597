import { createHash } from "node:crypto"
import { z } from "zod"
import { entryOf } from "@/lib/clarifai/entry"
import type { ClarifaiAnswer, ClarifaiSearch } from "@/lib/clarifai/messages"
import { tooDeep } from "@/lib/clarifai/too-deep"
import { AppError } from "@/lib/errors"
import { operation, type ReadContext } from "@/lib/operations/core/operation"
import { actorsOf } from "./actors"
import { readPage } from "./page"
import { selectionOf } from "./selection"
import { refuseUnknownUser } from "./user"

/** A page begins after at most so many entries: skipping more takes longer than a request should. */
export const deepest = 100_000

/**
 * Answers one page of a search as Clarifai's audit-log API asks it. Throws AppError `not-found` for a user that is not the
 * organization of the caller, `rate-limited` for too many requests of one key, and `tooDeep` for a page that lies too far back or
 * that could not be filled by a bounded search.
 */
export const searchAsClarifai = operation({
  name: "event.search_as_clarifai",
  // A refusal is the same to a reader of the log, whichever API was used.
  eventName: "event.search",
  summary: "Searches the audit log as Clarifai's API does, and answers one page of entries.",
  permission: "LOG-OWN",
  effect: "read",
  input: z.custom<ClarifaiSearch>(value => typeof value === "object" && value !== null, "must be a search"),
  run: async (context, search): Promise<ClarifaiAnswer> => {
    refuseHaste(context)
    await refuseUnknownUser(context, search.user)
    const skip = (search.page - 1) * search.perPage
    if (skip > deepest)
      throw tooDeep(`A page begins after at most ${deepest} entries, this one after ${skip}.`)
    const selection = selectionOf(search, await actorsOf(context, search.userIds))
    if (selection === null) return { entries: [] }
    const { page, perPage } = search
    const name = { owner: ownerOf(context), query: nameOf(context, search) }
    return { entries: await readPage(context, { selection, name, page, perPage, skip }, entryOf) }
  },
})

function refuseHaste(context: ReadContext): void {
  const nowMs = context.caller.at.getTime()
  const limit = context.rates.clarifai
  const owner = ownerOf(context)
  const state = limit.look(owner, nowMs)
  if (state.resetSeconds > 0) {
    throw new AppError("rate-limited", "Too many requests at once.", { rateLimit: state })
  }
  limit.take(owner, 1, nowMs)
}

/** The caller whose requests are counted and whose pages are remembered. */
function ownerOf({ caller: { principal } }: ReadContext): string {
  switch (principal.kind) {
    case "api-key":
      return principal.keyId
    case "person":
      return principal.personId
    default:
      return principal.kind
  }
}

/** What a reading belongs to: what is asked but the page, and what the caller may see. */
function nameOf({ scope }: ReadContext, { page: _, ...search }: ClarifaiSearch): string {
  return createHash("sha256")
    .update(JSON.stringify([scope, search]))
    .digest("base64url")
}
