"use client"

import { ChevronLeft, ChevronRight } from "lucide-react"
import { useState } from "react"
import { type DateRange, DayPicker } from "react-day-picker"
import { useMediaQuery } from "@/components/audit-log/use-media-query"
import { formatInstant } from "@/components/time/format"
import { instantFromDate } from "@/lib/audit/time/instant"
import { parseTypedTime } from "@/lib/audit/time/window"

export interface CalendarProps {
  readonly zone: string
  /** The typed ends; an invalid date is not marked. */
  readonly from: string
  readonly to: string
  /** Both days are included; as YYYY-MM-DD. */
  readonly onChoose: (from: string, to: string) => void
}

/** Two months side by side where there is room, otherwise one. A day is a day of the zone, never an instant. */
export default function Calendar({ zone, from, to, onChoose }: CalendarProps) {
  const wide = useMediaQuery("(min-width: 800px)")
  const today = dateOf(formatInstant(instantFromDate(new Date()), zone, "day")) ?? new Date()
  const [first, last] = [dateOf(from), dateOf(to)]
  const [month, setMonth] = useState(() => previousMonth(last ?? today, wide ? 1 : 0))
  const selected: DateRange | undefined = first ? { from: first, to: last ?? undefined } : undefined
  /** The first click starts a range, the second ends it. */
  const [started, setStarted] = useState<Date | null>(null)

  return (
    <DayPicker
      mode="range"
      month={month}
      onMonthChange={setMonth}
      numberOfMonths={wide ? 2 : 1}
      today={today}
      weekStartsOn={1}
      startMonth={new Date(1970, 0)}
      endMonth={today}
      disabled={{ after: today }}
      selected={selected}
      onSelect={(_range, day) => {
        if (!started) {
          setStarted(day)
          onChoose(dayText(day), dayText(day))
          return
        }
        const [start, end] = day < started ? [day, started] : [started, day]
        setStarted(null)
        onChoose(dayText(start), dayText(end))
      }}
      components={{
        Chevron: ({ orientation }) =>
          orientation === "left" ? (
            <ChevronLeft aria-hidden="true" className="size-4" />
          ) : (
            <ChevronRight aria-hidden="true" className="size-4" />
          ),
      }}
      classNames={looks}
    />
  )
}

const arrow = "inline-grid size-7 place-items-center rounded-md hover:bg-accent aria-disabled:opacity-40"
const looks = {
  months: "relative mx-auto flex w-fit items-start gap-6",
  month: "grid content-start gap-2",
  month_caption: "flex h-7 items-center justify-center",
  caption_label: "text-sm font-medium",
  nav: "absolute inset-x-0 top-0 flex justify-between",
  button_previous: arrow,
  button_next: arrow,
  month_grid: "border-collapse",
  weekday: "h-7 w-8 text-xs font-normal text-muted-foreground",
  day: "p-0 text-center text-sm",
  day_button: "size-8 rounded-md hover:bg-accent disabled:pointer-events-none disabled:opacity-40",
  today: "font-semibold text-link",
  outside: "opacity-50",
  hidden: "invisible",
  selected: "",
  range_start: "rounded-l-md bg-primary-soft [&>button]:bg-primary [&>button]:text-primary-foreground",
  range_end: "rounded-r-md bg-primary-soft [&>button]:bg-primary [&>button]:text-primary-foreground",
  range_middle: "bg-primary-soft",
}

/** A calendar day as the Date of the calendar component: midnight on this machine's clock, which is never shown. */
function dateOf(text: string): Date | null {
  if (!parseTypedTime(text.trim())) return null
  const [year = 0, month = 1, day = 1] = text.trim().slice(0, 10).split("-").map(Number)
  return new Date(year, month - 1, day)
}

function dayText(date: Date): string {
  const pad = (part: number, length: number) => String(part).padStart(length, "0")
  return `${pad(date.getFullYear(), 4)}-${pad(date.getMonth() + 1, 2)}-${pad(date.getDate(), 2)}`
}

function previousMonth(date: Date, back: number): Date {
  return new Date(date.getFullYear(), date.getMonth() - back, 1)
}
