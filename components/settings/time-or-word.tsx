import { Time, type TimeFormat } from "@/components/time"

export interface TimeOrWordProps {
  readonly at: string | null
  readonly word: string
  readonly format?: TimeFormat
}

/** A moment of a settings page: in UTC, as its column says; or the word for "not yet". */
export function TimeOrWord({ at, word, format = "minute" }: TimeOrWordProps) {
  if (at === null) return <span className="text-muted-foreground">{word}</span>
  return <Time instant={new Date(at)} zone="UTC" format={format} className="text-muted-foreground" />
}
