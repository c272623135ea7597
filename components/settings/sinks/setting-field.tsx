"use client"

import { TextField } from "@/components/form/text-field"
import { Checkbox } from "@/components/ui/checkbox"
import { Field } from "@/components/ui/field"
import { Select } from "@/components/ui/select"
import { Textarea } from "@/components/ui/textarea"
import type { JsonValue } from "@/lib/audit/json/value"
import type { SinkKindAnswer } from "@/lib/operations/sinks/answers"
import { settingName } from "./form-input"

export interface SettingInputProps {
  readonly field: SinkKindAnswer["fields"][number]
  /** What is saved; undefined for a new sink. */
  readonly saved: JsonValue | undefined
  readonly isNew: boolean
  readonly error: string | undefined
}

/** The input of one setting, in the way that the kind of the sink asks for it. */
export function SettingInput({ field, saved, isNew, error }: SettingInputProps) {
  const value = saved ?? (isNew ? field.initial : undefined)
  const name = settingName(field.name)
  if (field.input === "switch") return <Switch {...{ field, name, error }} isOn={value === true} />
  const text = value === undefined || value === null ? "" : String(value)
  if (field.input === "choice") return <Choice {...{ field, name, error, text }} />
  if (field.input === "pem") return <Pem {...{ field, name, error, text }} />
  return (
    <TextField
      label={field.label}
      description={field.help}
      error={error}
      name={name}
      defaultValue={text}
      placeholder={field.placeholder}
      inputMode={field.input === "number" ? "numeric" : field.input === "url" ? "url" : "text"}
      className={field.input === "number" ? "max-w-40" : "font-data"}
      autoComplete="off"
      autoCapitalize="none"
      spellCheck={false}
    />
  )
}

interface InputProps extends Pick<SettingInputProps, "field" | "error"> {
  readonly name: string
  readonly text: string
}

function Choice({ field, name, error, text }: InputProps) {
  return (
    <Field label={field.label} description={field.help} error={error}>
      {control => (
        <Select {...control} name={name} defaultValue={text} className="max-w-80">
          {(field.choices ?? []).map(({ value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </Select>
      )}
    </Field>
  )
}

function Pem({ field, name, error, text }: InputProps) {
  return (
    <Field label={field.label} description={field.help} error={error}>
      {control => (
        <Textarea
          {...control}
          name={name}
          rows={4}
          defaultValue={text}
          placeholder={field.placeholder ?? "-----BEGIN CERTIFICATE-----"}
          className="font-data text-xs"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
        />
      )}
    </Field>
  )
}

function Switch({ field, name, error, isOn }: Omit<InputProps, "text"> & { readonly isOn: boolean }) {
  const about = [field.help ? `${name}-help` : "", error ? `${name}-error` : ""].filter(Boolean).join(" ")
  return (
    <div className="flex items-start gap-2.5" data-invalid={error ? true : undefined}>
      <Checkbox
        id={name}
        name={name}
        defaultChecked={isOn}
        className="mt-0.5"
        aria-invalid={error ? true : undefined}
        aria-describedby={about || undefined}
      />
      <span className="grid min-w-0">
        <label htmlFor={name} className="w-fit cursor-pointer text-sm">
          {field.label}
        </label>
        {field.help ? (
          <span id={`${name}-help`} className="text-xs text-muted-foreground text-pretty">
            {field.help}
          </span>
        ) : null}
        {error ? (
          <span id={`${name}-error`} className="text-xs text-failure">
            {error}
          </span>
        ) : null}
      </span>
    </div>
  )
}
