"use client"

import { useState } from "react"
import { RadioChoice } from "@/components/settings/capture/choice"
import { Input } from "@/components/ui/input"
import { useOwnZone } from "@/components/zone/zone-context"

const choices = [
  { value: "now", label: "Now", note: "The first event that is sent is the next one that is recorded." },
  { value: "time", label: "At a time", note: "Events that were recorded since then are sent first." },
  {
    value: "beginning",
    label: "From the beginning of the log",
    note: "Every event of the log is sent once, the oldest first.",
  },
] as const

/** Where a new sink begins to read the log. */
export function BeginField({ error }: { readonly error: string | undefined }) {
  const { zone } = useOwnZone()
  const [chosen, setChosen] = useState<(typeof choices)[number]["value"]>("now")
  return (
    <fieldset className="grid gap-2.5" data-invalid={error ? true : undefined}>
      <legend className="mb-1.5 text-sm font-medium">Begin</legend>
      <input type="hidden" name="begin" value={chosen} />
      {choices.map(({ value, label, note }) => (
        <RadioChoice
          key={value}
          name="begin-choice"
          label={label}
          note={note}
          checked={chosen === value}
          onChange={() => setChosen(value)}
        />
      ))}
      {chosen === "time" ? (
        <span className="grid gap-1 pl-6.5">
          <Input
            name="beginTime"
            required
            data-field="begin"
            data-missing="Write a time."
            aria-label={`Time, in ${zone.replaceAll("_", " ")}`}
            aria-invalid={error ? true : undefined}
            aria-describedby={error ? "begin-help begin-error" : "begin-help"}
            placeholder="2026-03-31 14:05"
            className="max-w-60 font-data"
            autoComplete="off"
          />
          <span id="begin-help" className="text-xs text-muted-foreground">
            A day, or a day and a time, in {zone.replaceAll("_", " ")}.
          </span>
          {error ? (
            <span id="begin-error" className="text-xs text-failure">
              {error}
            </span>
          ) : null}
        </span>
      ) : null}
    </fieldset>
  )
}
