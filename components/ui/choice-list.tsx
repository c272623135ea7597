"use client"

import { type ReactNode, useId, useState } from "react"
import { Checkbox } from "./checkbox"
import { cn } from "./cn"
import { SearchField } from "./search-field"

/** One thing to choose. */
export interface ListChoice {
  readonly id: string
  readonly name: string
  /** Additional text below the name, which the search covers too. */
  readonly note?: string
  readonly badge?: ReactNode
  /** Why it cannot be chosen; shown instead of the note. */
  readonly refusal?: string
}

export interface ChoiceListProps {
  /** Names the whole group, for screen readers. */
  readonly label: string
  readonly choices: readonly ListChoice[]
  readonly chosen: readonly string[]
  readonly onChange: (chosen: readonly string[]) => void
  /** Shown when there is nothing to choose. */
  readonly empty: string
  readonly className?: string
}

const searchedFrom = 8

/** Several of many: a list of check boxes, with a search when it is long. */
export function ChoiceList({ label, choices, chosen, onChange, empty, className }: ChoiceListProps) {
  const id = useId()
  const [typed, setTyped] = useState("")
  const shown = choices.filter(({ name, note }) => matches(typed, name, note))
  if (choices.length === 0) return <p className="text-sm text-muted-foreground">{empty}</p>
  const change = (choice: ListChoice, isChosen: boolean) =>
    onChange(isChosen ? [...chosen, choice.id] : chosen.filter(each => each !== choice.id))
  return (
    <fieldset className={cn("grid min-w-0 gap-2", className)}>
      <legend className="sr-only">{label}</legend>
      {choices.length > searchedFrom ? (
        <SearchField label={`Search ${label.toLowerCase()}`} value={typed} onChange={setTyped} />
      ) : null}
      <ul className="grid max-h-64 divide-y overflow-y-auto rounded-md border bg-card">
        {shown.map(choice => (
          <li key={choice.id}>
            <label
              htmlFor={`${id}-${choice.id}`}
              className={cn(
                "flex items-start gap-2.5 px-3 py-2 hover:bg-muted",
                choice.refusal ? "cursor-not-allowed" : "cursor-pointer",
              )}
            >
              <Checkbox
                id={`${id}-${choice.id}`}
                className="mt-0.5"
                checked={chosen.includes(choice.id)}
                disabled={choice.refusal !== undefined}
                onChange={event => change(choice, event.target.checked)}
              />
              <span className="grid min-w-0">
                <span className="font-medium wrap-anywhere">
                  {choice.name}
                  {choice.badge}
                </span>
                {choice.refusal || choice.note ? (
                  <span className="text-sm text-muted-foreground text-pretty">
                    {choice.refusal ?? choice.note}
                  </span>
                ) : null}
              </span>
            </label>
          </li>
        ))}
        {shown.length === 0 ? (
          <li className="px-3 py-2 text-sm text-muted-foreground">Nothing here is called that.</li>
        ) : null}
      </ul>
    </fieldset>
  )
}

/** Returns whether one of the texts contains the typed words, ignoring case. */
export function matches(typed: string, ...texts: readonly (string | undefined)[]): boolean {
  const whole = texts.join(" ").toLowerCase()
  return typed
    .toLowerCase()
    .split(/\s+/)
    .every(word => whole.includes(word))
}
