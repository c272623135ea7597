"use client"

import { ChevronRight } from "lucide-react"
import { useId, useState } from "react"
import { ChoiceList } from "@/components/ui/choice-list"
import type { InviteChoice } from "./invitation"

export interface ChoiceSectionProps {
  readonly label: string
  readonly choices: readonly InviteChoice[]
  readonly chosen: readonly string[]
  readonly onChange: (chosen: readonly string[]) => void
  /** Shown while nothing is chosen. */
  readonly none: string
  /** Shown when there is nothing to choose. */
  readonly empty: string
  readonly error: string | undefined
}

/** A collapsible list of choices; its head shows what is chosen. */
export function ChoiceSection({ label, choices, chosen, none, error, ...list }: ChoiceSectionProps) {
  const id = useId()
  const [open, setOpen] = useState(false)
  const names = choices.filter(choice => chosen.includes(choice.id)).map(({ name }) => name)
  return (
    <div className="grid min-w-0 gap-1.5">
      <div className="rounded-md border">
        <button
          type="button"
          aria-expanded={open}
          aria-controls={id}
          aria-label={label}
          aria-describedby={`${id}-chosen`}
          className="flex w-full items-start gap-2 rounded-md px-3 py-2 text-left text-sm hover:bg-muted focus-visible:outline-offset-[-2px]"
          onClick={() => setOpen(!open)}
        >
          <ChevronRight
            aria-hidden="true"
            className={`mt-0.5 size-4 shrink-0 text-muted-foreground transition-transform ${open ? "rotate-90" : ""}`}
          />
          <span className="font-medium">{label}</span>
          <span
            id={`${id}-chosen`}
            className="ml-auto min-w-0 text-right text-muted-foreground wrap-anywhere"
          >
            {names.length === 0 ? none : names.join(", ")}
          </span>
        </button>
        <div id={id} hidden={!open} className="border-t p-2">
          <ChoiceList
            {...list}
            label={label}
            chosen={chosen}
            choices={choices.map(({ id: choiceId, name, description, refusal }) => {
              // A choice that was made before it was refused can still be cleared, so only the reason is shown.
              if (chosen.includes(choiceId)) return { id: choiceId, name, note: refusal ?? description }
              return { id: choiceId, name, note: description, ...(refusal !== null && { refusal }) }
            })}
          />
        </div>
      </div>
      {error ? <p className="text-xs text-failure">{error}</p> : null}
    </div>
  )
}
