import { cn } from "@/components/ui/cn"
import { type Instant, instantFromDate } from "@/lib/audit/time/instant"
import { formatInstant, formatOffset, type TimeFormat } from "./format"
import { TimeCard } from "./time-card"

export interface TimeProps {
  readonly instant: Instant | Date
  /** IANA name; passed by the server or the url, so that server and browser render the same text. */
  readonly zone: string
  readonly format?: TimeFormat
  /** Adds the offset ("UTC+02:00"); omit it only where the zone is shown nearby, as in the heading of a column. */
  readonly withOffset?: boolean
  /**
   * The card with the same time in UTC, local time, since 1970 and relative to now. `hover` shows it to the mouse, `press`
   * makes the time a button for everybody (not inside another button).
   */
  readonly card?: "none" | "hover" | "press"
  readonly className?: string
}

/** A time as text: absolute, in the named zone, with other forms on hover. */
export function Time({ instant, zone, format = "second", withOffset, card = "hover", className }: TimeProps) {
  const exact = toInstant(instant)
  const text = withOffset
    ? `${formatInstant(exact, zone, format)} ${formatOffset(exact, zone)}`
    : formatInstant(exact, zone, format)
  const time = (
    <time dateTime={exact} className={cn("font-data whitespace-nowrap max-sm:whitespace-normal", className)}>
      {text}
    </time>
  )
  if (card === "none") return time
  return (
    <TimeCard instant={exact} zone={zone} trigger={card}>
      {time}
    </TimeCard>
  )
}

function toInstant(instant: Instant | Date): Instant {
  return instant instanceof Date ? instantFromDate(instant) : instant
}
