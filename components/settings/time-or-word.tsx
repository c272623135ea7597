import type { TimeFormat } from "@/components/time/format"
import { OwnTime } from "@/components/zone/own-time"

export interface TimeOrWordProps {
  readonly at: string | null
  readonly word: string
  readonly format?: TimeFormat
}

/** A time on a settings page in the reader's zone, or the word for "not yet". */
export function TimeOrWord({ at, word, format = "minute" }: TimeOrWordProps) {
  if (at === null) return <span className="text-muted-foreground">{word}</span>
  return <OwnTime instant={new Date(at)} format={format} className="text-muted-foreground" />
}
