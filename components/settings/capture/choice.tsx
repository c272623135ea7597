"use client"

import { type ReactNode, useId } from "react"
import { Checkbox } from "@/components/ui/checkbox"
import { cn } from "@/components/ui/cn"

export interface ChoiceProps {
  readonly label: string
  readonly note?: ReactNode
  readonly checked: boolean
  readonly disabled?: boolean
  readonly onChange: (checked: boolean) => void
}

/** A check box with its name and a note below. */
export function TickChoice({ label, note, checked, disabled, onChange }: ChoiceProps) {
  const id = useId()
  return (
    <div className="flex items-start gap-2.5">
      <Checkbox
        id={id}
        className="mt-0.5"
        checked={checked}
        disabled={disabled}
        aria-describedby={note ? `${id}-note` : undefined}
        onChange={event => onChange(event.target.checked)}
      />
      <ChoiceText id={id} label={label} note={note} disabled={disabled} />
    </div>
  )
}

export interface RadioChoiceProps extends Omit<ChoiceProps, "onChange"> {
  /** Of the group. */
  readonly name: string
  readonly onChange: () => void
}

/** One of several, with its name and a note below. */
export function RadioChoice({ name, label, note, checked, disabled, onChange }: RadioChoiceProps) {
  const id = useId()
  return (
    <div className="flex items-start gap-2.5">
      <input
        id={id}
        type="radio"
        name={name}
        className="mt-0.5 size-4 shrink-0 accent-primary disabled:opacity-50"
        checked={checked}
        disabled={disabled}
        aria-describedby={note ? `${id}-note` : undefined}
        onChange={onChange}
      />
      <ChoiceText id={id} label={label} note={note} disabled={disabled} />
    </div>
  )
}

interface ChoiceTextProps extends Pick<ChoiceProps, "label" | "note" | "disabled"> {
  readonly id: string
}

function ChoiceText({ id, label, note, disabled }: ChoiceTextProps) {
  return (
    <span className="grid min-w-0">
      <label htmlFor={id} className={cn("text-sm", disabled ? "cursor-not-allowed" : "cursor-pointer")}>
        {label}
      </label>
      {note ? (
        <span id={`${id}-note`} className="text-xs text-muted-foreground text-pretty">
          {note}
        </span>
      ) : null}
    </span>
  )
}
