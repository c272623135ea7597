"use client"

import { type ChangeEvent, useState } from "react"
import { Field } from "@/components/ui/field"
import { Input } from "@/components/ui/input"
import { Select } from "@/components/ui/select"
import type { BodyFlag } from "@/lib/audit/capture/policy"
import { SizeCaution } from "./caution"
import { entriesOf } from "./draft"
import type { CaptureFigures } from "./view"

export interface BodyFlagFieldProps {
  readonly label: string
  readonly part: "request" | "response"
  /** Undefined: a rule leaves it to the default. */
  readonly value: BodyFlag | undefined
  /** The words for leaving it to the default; without them it cannot be left. */
  readonly inherited?: string
  readonly disabled?: boolean
  readonly error?: string
  readonly figures: CaptureFigures | null
  readonly onChange: (value: BodyFlag | undefined) => void
}

/** Whether a body is recorded: not at all, whole, or some of its fields. With the caution about large payloads. */
export function BodyFlagField({
  label,
  part,
  value,
  inherited,
  figures,
  onChange,
  ...props
}: BodyFlagFieldProps) {
  const [typed, setTyped] = useState(Array.isArray(value) ? value.join(", ") : "")
  const choice = choiceOf(value)
  const choose = (event: ChangeEvent<HTMLSelectElement>) => {
    const next = event.target.value
    if (next === "default") onChange(undefined)
    else onChange(next === "fields" ? entriesOf(typed) : next === "whole")
  }
  return (
    <Field label={label} error={props.error} className="min-w-0 content-start">
      {control => (
        <span className="grid gap-2">
          <Select
            {...control}
            value={choice}
            disabled={props.disabled}
            onChange={choose}
            className="max-w-72"
          >
            {inherited ? <option value="default">{inherited}</option> : null}
            <option value="none">Not recorded</option>
            <option value="fields">Only these fields</option>
            <option value="whole">Recorded, within the limit</option>
          </Select>
          {choice === "fields" ? (
            <Input
              aria-label={`${label}: names of the fields`}
              aria-invalid={control["aria-invalid"]}
              placeholder="queue, tags, task.id"
              className="font-data"
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              disabled={props.disabled}
              value={typed}
              onChange={event => {
                setTyped(event.target.value)
                onChange(entriesOf(event.target.value))
              }}
            />
          ) : null}
          {choice === "whole" || choice === "fields" ? <SizeCaution part={part} figures={figures} /> : null}
        </span>
      )}
    </Field>
  )
}

function choiceOf(value: BodyFlag | undefined): "default" | "none" | "fields" | "whole" {
  if (value === undefined) return "default"
  if (typeof value === "boolean") return value ? "whole" : "none"
  return "fields"
}
