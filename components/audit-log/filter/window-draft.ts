import { formatInstant } from "@/components/time/format"
import type { AuditQuery } from "@/lib/audit/query/query"
import { addMicroseconds, type Instant, instantFromEpochMicroseconds } from "@/lib/audit/time/instant"
import { parseTypedTime, type QueryWindow, resolveWindow } from "@/lib/audit/time/window"

/** The two ends of a time range as typed; an empty one is open. Both are included. */
export interface WindowDraft {
  readonly from: string
  readonly to: string
}

export interface DraftFault {
  readonly end: "from" | "to"
  readonly message: string
}

/** Returns the query's time range as two typed ends to start from: the typed text, or the days of a preset. */
export function draftOf(query: AuditQuery, now: Instant): WindowDraft {
  const { window, zone } = query
  if (window.kind === "all") return { from: "", to: "" }
  if (window.kind === "range") return { from: spell(window.from, zone), to: spell(window.to, zone) }
  const resolved = resolveWindow(window, { zone, excludeToday: false, now })
  if (!resolved) return { from: "", to: "" }
  return {
    from: formatInstant(resolved.from, zone, "day"),
    to: formatInstant(addMicroseconds(resolved.before, -1), zone, "day"),
  }
}

/** Returns the time range of the ends, or the faults of each end. */
export function readDraft(
  draft: WindowDraft,
  zone: string,
  excludeToday: boolean,
  now: Instant,
): { readonly window: QueryWindow } | { readonly faults: readonly DraftFault[] } {
  const [from, to] = [draft.from.trim(), draft.to.trim()]
  const faults = [...unreadable("from", from), ...unreadable("to", to)]
  if (faults.length > 0) return { faults }
  if (from === "" && to === "") return { window: { kind: "all" } }
  const window: QueryWindow = { kind: "range", from: from === "" ? null : from, to: to === "" ? null : to }
  if (resolveWindow(window, { zone, excludeToday: false, now }) === null) {
    return {
      faults: [{ end: "to", message: to === "" ? "Now is before the start" : "Ends before it starts" }],
    }
  }
  if (resolveWindow(window, { zone, excludeToday, now }) === null) {
    return { faults: [{ end: "to", message: "Without today nothing is left" }] }
  }
  return { window }
}

function unreadable(end: "from" | "to", text: string): readonly DraftFault[] {
  if (text === "" || parseTypedTime(text)) return []
  return [{ end, message: "Write 2026-03-31 or 2026-03-31 14:05" }]
}

/** Returns an instant with its own offset as the zone's clocks show it; other text unchanged. */
function spell(text: string | null, zone: string): string {
  if (text === null) return ""
  const typed = parseTypedTime(text)
  if (!typed || typed.offset === null) return text.replace("T", " ")
  const instant = instantFromEpochMicroseconds(BigInt(typed.start - typed.offset))
  return formatInstant(instant, zone, "microsecond")
}
