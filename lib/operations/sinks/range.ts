import type { Tx } from "@/lib/database/tx"
import { firstReceivedFrom, logSize } from "@/lib/delivery/sinks/cursors"
import { invalidInput } from "@/lib/operations/core/input"
import type { SinkRangeAnswer } from "./answers"
import type { RangeInput } from "./inputs"

/** Above this, a replay must be confirmed. */
const mostUnconfirmed = 10_000_000

/** Returns the range in numbers of the log. Throws AppError `invalid` for one that is reversed, empty or beyond the end of the log. */
export async function resolveRange(tx: Tx, range: RangeInput): Promise<SinkRangeAnswer> {
  const size = await logSize(tx)
  const { first, past } = "first" in range ? checkedNumbers(range, size) : await numbersOf(tx, range, size)
  const events = past - first
  return { first, past, events, needsConfirmation: events > mostUnconfirmed }
}

function checkedNumbers({ first, past }: { readonly first: number; readonly past: number }, size: number) {
  if (past <= first) throw invalidInput([{ pointer: "/range/past", message: "must be greater than first" }])
  if (past > size) throw invalidInput([{ pointer: "/range/past", message: beyond(size) }])
  return { first, past }
}

async function numbersOf(tx: Tx, range: { readonly from: string; readonly to: string }, size: number) {
  const [from, to] = [new Date(range.from), new Date(range.to)]
  if (to <= from) throw invalidInput([{ pointer: "/range/to", message: "must be later than from" }])
  const first = await firstReceivedFrom(tx, from, size)
  const past = await firstReceivedFrom(tx, to, size)
  if (first >= size)
    throw invalidInput([{ pointer: "/range/from", message: `is later than the last event. ${beyond(size)}` }])
  if (past <= first)
    throw invalidInput([{ pointer: "/range", message: "no event was received between these times" }])
  return { first, past }
}

function beyond(size: number): string {
  return size === 0 ? "the log has no events" : `the log ends at ${size}`
}
