import { FaultList } from "@/lib/audit/faults"
import type { Instant } from "@/lib/audit/time/instant"
import { AppError } from "@/lib/errors"
import type { ClarifaiSearch, SentQuery, SentRequest, SentTarget, SentTimestamp } from "./messages"
import { type ClarifaiTargetType, targetTypes } from "./target-types"
import { endOfWindow } from "./timestamp"

const usualPerPage = 128
export const mostPerPage = 1_000

/** Returns the refusal of a request with these faults, whose pointers are in the spelling of the protocol. */
export function invalidRequest(faults: FaultList): AppError {
  const listed = faults.all()
  const [first] = listed
  const detail =
    listed.length === 1 && first ? `${first.pointer || "The request"}: ${first.message}.` : "See the notes."
  return new AppError("invalid", `Not acceptable as sent. ${detail}`, { faults: listed })
}

/**
 * Returns the search that was sent, whatever the transport, with everything decided that the protocol leaves to defaults.
 * Throws AppError `invalid` with a pointer for every fault.
 */
export function readSearch(sent: SentRequest): ClarifaiSearch {
  const faults = new FaultList()
  const query = sent.query ?? {}
  const search: ClarifaiSearch = {
    user: sent.user_app_id?.user_id ?? "",
    from: readEnd(query.timestamp_from, "from", faults),
    to: readEnd(query.timestamp_to, "to", faults),
    userIds: readTexts(query, "user_ids", faults),
    operations: readOperations(query.operations ?? []),
    targets: (query.targets ?? []).flatMap((target, at) =>
      readTarget(target, `/query/targets/${at}`, faults),
    ),
    // The wrapper is what is present or absent; the value inside is false when it is not on the wire.
    success: query.success ? (query.success.value ?? false) : null,
    sourceIps: readTexts(query, "source_ips", faults),
    ascending: sent.sort_ascending ?? false,
    page: sent.pagination?.page || 1,
    perPage: sent.pagination?.per_page || usualPerPage,
  }
  if (search.perPage > mostPerPage) {
    faults.push({ pointer: "/pagination/per_page", message: `may be at most ${mostPerPage}` })
  }
  if (!faults.isEmpty) throw invalidRequest(faults)
  return search
}

function readEnd(
  sent: SentTimestamp | null | undefined,
  end: "from" | "to",
  faults: FaultList,
): Instant | null {
  if (!sent) return null
  const read = endOfWindow(sent, end)
  if (read.ok) return read.instant
  faults.push({ pointer: `/query/timestamp_${end}`, message: read.message })
  return null
}

/** The type "not set" alone means every operation. */
function readOperations(sent: readonly number[]): readonly number[] {
  return sent.every(code => code === 0) ? [] : [...new Set(sent)]
}

function readTexts(query: SentQuery, name: "user_ids" | "source_ips", faults: FaultList): readonly string[] {
  const sent = query[name] ?? []
  sent.forEach((text, at) => {
    refuseNul(text, `/query/${name}/${at}`, faults)
  })
  return [...new Set(sent)]
}

/** No text of the log holds it, and the database refuses a query with it. */
function refuseNul(text: string, pointer: string, faults: FaultList): void {
  if (text.includes("\0")) faults.push({ pointer, message: "must not contain the character U+0000" })
}

function readTarget(
  target: SentTarget,
  pointer: string,
  faults: FaultList,
): readonly { readonly type: ClarifaiTargetType; readonly id: string }[] {
  const named = targetTypes.flatMap(({ type }) => {
    const resource = target[type]
    return resource ? [{ type, id: resource.id ?? "" }] : []
  })
  const [only, second] = named
  if (only === undefined || second !== undefined) {
    const message = only === undefined ? "names no target" : "names more than one target"
    faults.push({ pointer, message })
    return []
  }
  if (only.id === "") faults.push({ pointer: `${pointer}/${only.type}/id`, message: "is missing" })
  refuseNul(only.id, `${pointer}/${only.type}/id`, faults)
  return [only]
}
