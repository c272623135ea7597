import { counted } from "@/components/settings/capture/words"
import type { SinkAnswer } from "@/lib/operations/sinks/answers"
import { ageWords, stateSentence } from "./words"

/** A sink about which somebody should know, and why. */
export interface Trouble {
  readonly id: string
  readonly name: string
  readonly tone: "failure" | "warning"
  readonly words: string
}

/** A sink that fails for so long is told about, on screen and by mail. */
const patienceMs = 30 * 60_000

/** Returns what is wrong with sinks now, the worst first: not a short failure, and not what a person has paused. */
export function troublesOf(sinks: readonly SinkAnswer[], now: Date): readonly Trouble[] {
  const found = sinks.flatMap(sink => troubleOf(sink, now) ?? [])
  return [
    ...found.filter(({ tone }) => tone === "failure"),
    ...found.filter(({ tone }) => tone === "warning"),
  ]
}

function troubleOf(sink: SinkAnswer, now: Date): Trouble | null {
  const { id, name, state, pausedReason, progress, deadLetters } = sink
  const told = (tone: Trouble["tone"], words: string): Trouble => ({ id, name, tone, words })
  if (state === "paused") return pausedReason === "person" ? null : told("failure", stateSentence(sink))
  if (state === "misconfigured") return told("failure", stateSentence(sink))
  const failingMs = progress.firstFailureAt === null ? 0 : now.getTime() - Date.parse(progress.firstFailureAt)
  if (state === "failing" && failingMs >= patienceMs) {
    return told(
      "failure",
      `It has failed for ${ageWords(failingMs / 1000)}, and ${counted(progress.behindEvents, "event")} ${progress.behindEvents === 1 ? "waits" : "wait"}. Nothing is lost: the same events are sent again.`,
    )
  }
  const parts = [
    ...(progress.missed > 0
      ? [
          `${counted(progress.missed, "event")} expired before ${progress.missed === 1 ? "it" : "they"} could be sent.`,
        ]
      : []),
    ...(deadLetters > 0
      ? [`${counted(deadLetters, "event")} ${deadLetters === 1 ? "is" : "are"} refused.`]
      : []),
  ]
  return parts.length === 0 ? null : told("warning", parts.join(" "))
}
