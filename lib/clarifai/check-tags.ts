import { FaultList } from "@/lib/audit/faults"
import { invalidRequest } from "./read-search"
import { targetTypes } from "./target-types"
import { type WireField, wireFields } from "./wire-fields"

/** The numbers and wire types of the fields of a message. */
type Known = ReadonlyMap<number, readonly number[]>

const message: readonly number[] = [2]
const varint: readonly number[] = [0]

/** `query` and its list `targets`, by their numbers in the protocol. */
const queryNumber = 2
const targetsNumber = 5
/** Fields of the request that are not here are no filter, and are let through. */
const request: Known = new Map([
  [1, message],
  [queryNumber, message],
  [3, varint],
  [5, message],
])
const query: Known = new Map([
  ...[1, 2, 3, targetsNumber, 6, 7].map(number => [number, message] as const),
  // Numbers may be packed into one field or not.
  [4, [...message, ...varint]] as const,
])
const target: Known = new Map(targetTypes.map(({ field }) => [field, message]))

/**
 * Throws AppError `invalid` for a field in the query or in one of its targets that this protocol does not have: a decoder drops
 * it, and the filter of a newer client would silently find too much. Call it with the bytes of a request, before they are
 * decoded. Throws AppError `malformed` for bytes that are no message.
 */
export function checkTags(bytes: Uint8Array): void {
  const faults = new FaultList()
  let queries = 0
  for (const field of wireFields(bytes)) {
    if (!request.has(field.number) || !isKnown(field, request, "", faults)) continue
    if (field.number !== queryNumber) continue
    // A decoder keeps the last of several.
    if (queries++ > 0) faults.push({ pointer: "/query", message: "was sent more than once" })
    checkQuery(field.bytes, faults)
  }
  if (!faults.isEmpty) throw invalidRequest(faults)
}

function checkQuery(bytes: Uint8Array, faults: FaultList): void {
  let targets = 0
  for (const field of wireFields(bytes)) {
    if (!isKnown(field, query, "/query", faults) || field.number !== targetsNumber) continue
    const pointer = `/query/targets/${targets++}`
    for (const member of wireFields(field.bytes)) isKnown(member, target, pointer, faults)
  }
}

function isKnown({ number, wireType }: WireField, known: Known, pointer: string, faults: FaultList): boolean {
  if (known.get(number)?.includes(wireType)) return true
  faults.push({
    pointer,
    message: `has the field ${number} (wire type ${wireType}), which is not known here`,
  })
  return false
}
