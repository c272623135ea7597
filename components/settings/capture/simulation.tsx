"use client"

import { useEffect, useState } from "react"
import type { Submit } from "@/components/form/use-submit"
import { Skeleton } from "@/components/ui/skeleton"
import type { CapturePolicy } from "@/lib/audit/capture/policy"
import { RadioChoice } from "./choice"
import { type SimulationAnswer, simulationLines } from "./simulation-words"

export interface SimulationProps {
  readonly policy: CapturePolicy
  readonly simulate: Submit<SimulationAnswer, { readonly policy: CapturePolicy; readonly days: number }>
}

const windows = [
  { days: 1, label: "1 day" },
  { days: 7, label: "7 days" },
] as const

/** What a change would have meant for the calls of one day, or of seven. */
export function Simulation({ policy, simulate }: SimulationProps) {
  const [days, setDays] = useState<1 | 7>(1)
  const [answer, setAnswer] = useState<SimulationAnswer | string | null>(null)
  useEffect(() => {
    let isWanted = true
    setAnswer(null)
    simulate({ policy, days }).then(
      result => isWanted && setAnswer(result.ok ? result.value : result.message),
      () =>
        isWanted &&
        setAnswer("The server could not be reached, so this is not known. It can be saved all the same."),
    )
    return () => {
      isWanted = false
    }
  }, [policy, days, simulate])
  return (
    <section aria-labelledby="simulation" className="grid gap-2">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <h3 id="simulation" className="text-sm font-semibold">
          What it would have meant
        </h3>
        <fieldset className="flex gap-4">
          <legend className="sr-only">For the calls of the last</legend>
          {windows.map(window => (
            <RadioChoice
              key={window.days}
              name="simulation-days"
              label={window.label}
              checked={days === window.days}
              onChange={() => setDays(window.days)}
            />
          ))}
        </fieldset>
      </div>
      <div aria-live="polite" className="min-h-44">
        {answer === null ? (
          <Skeleton className="h-44 w-full" />
        ) : typeof answer === "string" ? (
          <p className="text-sm text-muted-foreground">{answer}</p>
        ) : (
          <Answer answer={answer} />
        )}
      </div>
    </section>
  )
}

function Answer({ answer }: { readonly answer: SimulationAnswer }) {
  return (
    <dl className="grid divide-y rounded-md border bg-card text-sm">
      {simulationLines(answer).map(({ label, value, note }) => (
        <div key={label} className="grid gap-x-4 px-3 py-2 sm:grid-cols-[13rem_minmax(0,1fr)]">
          <dt className="text-muted-foreground">{label}</dt>
          <dd className="min-w-0">
            <span className="wrap-anywhere">{value}</span>
            {note ? <span className="block text-xs text-muted-foreground">{note}</span> : null}
          </dd>
        </div>
      ))}
    </dl>
  )
}
