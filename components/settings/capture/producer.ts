import type { CaptureProducer as Producer } from "@/lib/operations/capture/producers"
import { counted } from "./words"

export type { Producer }

/** The state of a producer, in a word or two. */
export interface ProducerState {
  readonly tone: "success" | "denied" | "failure" | "unknown"
  readonly words: string
}

const silentAfterMs = 5 * 60_000

/** Returns the state of a producer: what it lost counts most, then whether it is still heard from, then its policy. */
export function stateOf(producer: Producer, policyVersion: number, now: Date): ProducerState {
  if (isLosing(producer, now)) return { tone: "failure", words: "Losing calls" }
  if (now.getTime() - Date.parse(producer.lastSeenAt) > silentAfterMs)
    return { tone: "unknown", words: "Silent" }
  if (producer.policyVersion === null) return { tone: "denied", words: "No policy yet" }
  if (producer.policyVersion < policyVersion) return { tone: "denied", words: "Earlier policy" }
  return { tone: "success", words: "Current" }
}

const recentMs = 24 * 3_600_000

/** Returns whether the producer has reported losses within a day. */
export function isLosing({ droppedAt }: Producer, now: Date): boolean {
  return droppedAt !== null && now.getTime() - Date.parse(droppedAt) < recentMs
}

/** What all producers have lost within a day. */
export interface Losses {
  readonly instances: number
  /** Of those, since they started. */
  readonly dropped: number
}

/** Returns the sentence of the banner about losses; null when no producer lost calls within a day. */
export function lossWords(
  { instances, dropped }: Losses,
  producers: readonly Producer[],
  now: Date,
): string | null {
  if (instances === 0) return null
  const names = [...new Set(producers.filter(each => isLosing(each, now)).map(({ app }) => app.name))]
  const apps = names.length > 3 ? `${names.slice(0, 3).join(", ")} and others` : names.join(", ")
  const who = `${counted(instances, "producer")}${apps === "" ? "" : ` of ${apps}`}`
  return `${who} could not record ${counted(dropped, "call")}.`
}
