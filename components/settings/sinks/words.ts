import { counted } from "@/components/settings/capture/words"
import type {
  DeliveryAnswer,
  PausedReason,
  ProgressAnswer,
  SinkAnswer,
  SinkState,
} from "@/lib/operations/sinks/answers"

/** What the page of all sinks is for. */
export const sinksPurpose =
  "Where copies of events go: each sink gets every event that it asks for at least once, in the order of the log."

/** A word or two with the colour that repeats them. */
export interface ToneWords {
  readonly tone: "success" | "denied" | "failure" | "unknown" | "neutral"
  readonly words: string
}

const states: Readonly<Record<SinkState, ToneWords>> = {
  delivering: { tone: "success", words: "Delivering" },
  waiting: { tone: "neutral", words: "Waiting" },
  failing: { tone: "failure", words: "Failing" },
  misconfigured: { tone: "failure", words: "Needs a change" },
  paused: { tone: "unknown", words: "Paused" },
}

/** Returns the state of a sink in a word or two. */
export function stateWords(state: SinkState): ToneWords {
  return states[state]
}

const pauses: Readonly<Record<PausedReason, string>> = {
  person: "Paused by an administrator.",
  gone: "Paused: the receiver answered that it takes no more events (410).",
  credentials:
    "Paused: the credentials cannot be opened with the SECRET of this server. Enter them again under Settings.",
  "dead-letters":
    "Paused: more than 100 events were refused within an hour, so the receiver or the settings are probably wrong, not the events.",
}

/** Returns where a sink stands, in a sentence or two: what happens next, and whether somebody must do something. */
export function stateSentence(sink: Pick<SinkAnswer, "state" | "pausedReason" | "progress">): string {
  const { state, pausedReason, progress } = sink
  const waiting = counted(progress.behindEvents, "event")
  if (state === "paused") {
    return `${pauses[pausedReason ?? "person"]} Nothing is lost: when it is resumed, it goes on where it stopped.`
  }
  if (state === "misconfigured") {
    return "The receiver refuses the connection or the credentials, so somebody must change something, here or there. It is tried again in case it was changed there."
  }
  if (state === "failing") {
    return `The last ${counted(progress.failures, "attempt")} failed. Nothing is lost: the same events are sent again.`
  }
  if (progress.behindEvents === 0) return "Everything that was recorded so far has been handled."
  if (state === "waiting")
    return `${waiting} ${progress.behindEvents === 1 ? "waits" : "wait"} for the next batch.`
  return `${waiting} ${progress.behindEvents === 1 ? "is" : "are"} on the way, the oldest ${ageWords(progress.behindSeconds)} old.`
}

/** Returns how far a sink is behind the log: `Up to date`, `1,204 events, 3 min`. */
export function behindWords({ behindEvents, behindSeconds }: ProgressAnswer): string {
  if (behindEvents === 0) return "Up to date"
  const events = counted(behindEvents, "event")
  return behindSeconds === null ? events : `${events}, ${ageWords(behindSeconds)}`
}

const steps = [
  [86_400, "day"],
  [3_600, "h"],
  [60, "min"],
] as const

/** Returns a duration in its largest whole unit: `4 s`, `3 min`, `2 days`. */
export function ageWords(seconds: number | null): string {
  if (seconds === null) return "0 s"
  const step = steps.find(([size]) => seconds >= size)
  if (step === undefined) return `${Math.max(0, Math.floor(seconds))} s`
  const [size, unit] = step
  const count = Math.floor(seconds / size)
  return unit === "day" && count !== 1 ? `${count} days` : `${count} ${unit}`
}

/** Returns the time that an attempt took: `84 ms`, `2.4 s`. */
export function tookWords(milliseconds: number): string {
  return milliseconds < 1000 ? `${milliseconds} ms` : `${(milliseconds / 1000).toFixed(1)} s`
}

const outcomes: Readonly<Record<DeliveryAnswer["outcome"], ToneWords>> = {
  taken: { tone: "success", words: "Taken" },
  partly: { tone: "denied", words: "Partly taken" },
  later: { tone: "failure", words: "Failed" },
  configuration: { tone: "failure", words: "Needs a change" },
  gone: { tone: "failure", words: "Gone" },
  credentials: { tone: "failure", words: "Credentials" },
}

/** Returns the outcome of one attempt in a word or two. */
export function outcomeWords(outcome: DeliveryAnswer["outcome"]): ToneWords {
  return outcomes[outcome]
}

/** Returns the numbers of a range whose end is not included: `12`, `12 to 511`. */
export function rangeWords(first: number, past: number): string {
  const last = past - 1
  const spelled = (index: number) => String(index).replace(/\B(?=(\d{3})+$)/g, ",")
  return last <= first ? spelled(first) : `${spelled(first)} to ${spelled(last)}`
}

/** Returns how far a replay is, in whole percent of its range. */
export function replayPercent({ first, next, past }: { first: number; next: number; past: number }): number {
  return past <= first ? 100 : Math.floor(((next - first) / (past - first)) * 100)
}
