"use client"

import { type ChangeEvent, type ComponentProps, type ReactNode, useState } from "react"
import { cn } from "@/components/ui/cn"
import { Field } from "@/components/ui/field"
import { Input } from "@/components/ui/input"
import { tooLong } from "./faults"

export interface TextFieldProps extends Omit<ComponentProps<"input">, "maxLength"> {
  readonly label: ReactNode
  readonly description?: ReactNode
  readonly error: string | undefined
  /** In characters. A longer text is shown completely and counted, never cut: people see what to leave out. */
  readonly limit?: number
  /** Shown when it is required and empty. */
  readonly missing?: string
}

/** A single-line text with its label and, when it gets long, a character count. */
export function TextField({ label, description, error, limit, missing, onChange, ...props }: TextFieldProps) {
  const [typed, setTyped] = useState(String(props.value ?? props.defaultValue ?? ""))
  const characters = String(props.value ?? typed).trim().length
  const isOver = limit !== undefined && characters > limit
  const change = (event: ChangeEvent<HTMLInputElement>) => {
    setTyped(event.target.value)
    onChange?.(event)
  }
  return (
    <Field
      label={label}
      description={description}
      error={isOver ? tooLong(characters, limit) : error}
      aside={limit !== undefined ? <Count characters={characters} limit={limit} /> : null}
    >
      {control => (
        <Input {...control} {...props} data-limit={limit} data-missing={missing} onChange={change} />
      )}
    </Field>
  )
}

/** Appears when four fifths are used, so that short texts have none. */
function Count({ characters, limit }: { readonly characters: number; readonly limit: number }) {
  if (characters < limit * 0.8) return null
  return (
    <span
      className={cn("text-xs tabular-nums", characters > limit ? "text-failure" : "text-muted-foreground")}
    >
      {characters} of {limit}
    </span>
  )
}
