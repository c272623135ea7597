import type { AppendResult } from "@/lib/audit/event/event"
import { mostFaults } from "@/lib/audit/faults"
import { AppError } from "@/lib/errors"
import type { IngestAnswer, IngestResult, Rejected } from "@/lib/operations/events/ingest"
import { type SentEvents, sendLimits } from "@/lib/operations/events/items"
import { bodyPieces } from "./body"
import { rateOfCaller } from "./body-rate"
import { jsonResponse, rateLimitHeaders } from "./headers"
import { describeFaults, problemResponse } from "./problem"
import type { Incoming } from "./route"

const lineTypes = ["application/x-ndjson", "application/jsonl", "application/ndjson"] as const

/** Returns the body of the request as it comes, within its limit, charged to its key. */
export function readSentEvents({ request, caller }: Incoming): SentEvents {
  const limits = { maximumBytes: sendLimits.batchBytes, mediaTypes: ["application/json", ...lineTypes] }
  const { mediaType, pieces } = bodyPieces(request, limits, rateOfCaller(caller))
  return { form: mediaType === "application/json" ? "json" : "lines", pieces }
}

/**
 * Returns the response of an ingestion. One event: 201 accepted, 200 duplicate, 409 conflict, 422 or 413 rejected. A batch:
 * 201 when any was accepted, 200 when there were only duplicates, 422 when none was stored; always with every result.
 */
export function answerIngestion({ kind, results, rateLimit }: IngestAnswer, { caller }: Incoming): Response {
  const headers = rateLimitHeaders(rateLimit)
  const [first] = results
  if (kind === "single" && first) return answerOne(first, caller.requestId, headers)
  return answerBatch(results, caller.requestId, headers)
}

function answerOne(result: IngestResult, requestId: string, headers: Record<string, string>): Response {
  if (result.outcome === "rejected") return problemResponse(rejection(result), requestId, headers)
  if (result.outcome === "conflict") return problemResponse(conflict(result), requestId, headers)
  return jsonResponse(result, requestId, { status: result.outcome === "accepted" ? 201 : 200, headers })
}

function answerBatch(
  results: readonly IngestResult[],
  requestId: string,
  headers: Record<string, string>,
): Response {
  const count = (outcome: IngestResult["outcome"]) =>
    results.filter(result => result.outcome === outcome).length
  const counts = {
    accepted: count("accepted"),
    duplicates: count("duplicate"),
    conflicts: count("conflict"),
    rejected: count("rejected"),
  }
  const body = { ...counts, results: describeResults(results) }
  if (counts.accepted > 0) return jsonResponse(body, requestId, { status: 201, headers })
  if (counts.duplicates > 0) return jsonResponse(body, requestId, { status: 200, headers })
  const none = new AppError("invalid", "No event of this batch was kept.")
  return problemResponse(none, requestId, headers, body)
}

/** A response lists this many faults, and the first one of each rejected item: nobody would read more. */
function describeResults(results: readonly IngestResult[]): readonly unknown[] {
  let left = mostFaults
  return results.map(result => {
    if (result.outcome !== "rejected") return result
    const errors = describeFaults(result.faults, left)
    left -= errors.length
    return { outcome: result.outcome, code: result.code, errors }
  })
}

function rejection({ code, faults }: Rejected): AppError {
  const message = code === "too-large" ? "The event is too large." : "The event is not acceptable as sent."
  return new AppError(code, message, { faults })
}

function conflict({ id }: Extract<AppendResult, { outcome: "conflict" }>): AppError {
  const message = "names an event that was sent before with another content"
  return new AppError("conflict", `There is another event with the id ${id}.`, {
    faults: [{ pointer: "/id", message }],
  })
}
