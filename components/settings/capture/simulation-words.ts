import { counted, formatBytes, formatCount, listed } from "./words"

type Part = "request" | "response"

/** What the counters of all calls say about a policy. */
interface CountedCalls {
  readonly calls: number
  readonly recorded: number
  /** Calls whose recording depends on what counters do not say. */
  readonly notKnown: number
}

/** What a policy would have meant for past calls. */
export interface SimulationAnswer {
  readonly days: number
  readonly recorded: {
    readonly calls: number
    readonly kept: number
    readonly dropped: number
    readonly bytesBefore: number
    readonly bytesAfter: number
    readonly hidden: readonly { readonly part: Part; readonly field: string; readonly calls: number }[]
    /** Calls whose body the policy wants and that was never captured. */
    readonly notKnown: Readonly<Record<Part, number>>
    /** False: only the newest were looked at. */
    readonly isWhole: boolean
  }
  readonly counted: { readonly now: CountedCalls; readonly then: CountedCalls }
}

/** A line of the answer. */
export interface SimulationLine {
  readonly label: string
  readonly value: string
  readonly note?: string
}

const mostFields = 8

/** Returns the answer as lines. */
export function simulationLines(answer: SimulationAnswer): readonly SimulationLine[] {
  return [countedLine(answer), ...recordedLines(answer), ...hiddenLine(answer), notKnownLine(answer)]
}

function countedLine({ days, counted: { now, then } }: SimulationAnswer): SimulationLine {
  const label = days === 1 ? "All calls of the last day" : `All calls of the last ${days} days`
  if (then.calls === 0) return { label, value: "None was counted." }
  const note =
    then.notKnown === 0
      ? undefined
      : `For ${counted(then.notKnown, "call")} more, it depends on who called or how it ended, which counters do not say.`
  return {
    label,
    value: `${formatCount(then.recorded)} of ${formatCount(then.calls)} would have been recorded; now it is ${formatCount(now.recorded)}.`,
    ...(note !== undefined && { note }),
  }
}

function recordedLines({ recorded }: SimulationAnswer): readonly SimulationLine[] {
  const { calls, kept, dropped, isWhole, bytesBefore, bytesAfter } = recorded
  if (calls === 0) return [{ label: "Calls in the log", value: "None was recorded." }]
  return [
    {
      label: "Calls in the log",
      value: `${formatCount(kept)} would still be recorded, ${formatCount(dropped)} would not.`,
      ...(!isWhole && { note: `The newest ${counted(calls, "call")} were looked at.` }),
    },
    {
      label: "Their size",
      value: `${formatBytes(bytesAfter)} instead of ${formatBytes(bytesBefore)}.`,
    },
  ]
}

function hiddenLine({ recorded: { hidden } }: SimulationAnswer): readonly SimulationLine[] {
  if (hidden.length === 0) return []
  const fields = hidden
    .slice(0, mostFields)
    .map(({ part, field, calls }) => `${field} of the ${part} (${counted(calls, "call")})`)
  const more = hidden.length - fields.length
  const all = more > 0 ? [...fields, counted(more, "more field", "more fields")] : fields
  return [{ label: "No longer recorded", value: `${listed(all, "and")}.` }]
}

function notKnownLine({ recorded: { notKnown } }: SimulationAnswer): SimulationLine {
  const label = "Bodies never captured"
  const parts = (["request", "response"] as const)
    .filter(part => notKnown[part] > 0)
    .map(part => `${part} data of ${counted(notKnown[part], "call")}`)
  if (parts.length === 0) return { label, value: "None that this policy would record." }
  return {
    label,
    value: `Not known: ${listed(parts, "and")}.`,
    note: "What was not captured cannot be simulated.",
  }
}
