"use client"

import { useState } from "react"
import { Checkbox } from "@/components/ui/checkbox"
import { Field } from "@/components/ui/field"
import { Select } from "@/components/ui/select"
import { Textarea } from "@/components/ui/textarea"
import type { SinkAnswer, SinkKindAnswer, SinkKindsAnswer } from "@/lib/operations/sinks/answers"

export interface ContentFieldsProps {
  readonly kind: SinkKindAnswer
  readonly omittable: SinkKindsAnswer["omittable"]
  /** Null for a new sink. */
  readonly sink: SinkAnswer | null
  readonly wrong: Readonly<Record<string, string>>
}

/** Which events leave, in which format, and without which parts. */
export function ContentFields({ kind, omittable, sink, wrong }: ContentFieldsProps) {
  return (
    <div className="grid gap-4">
      <Field
        label="Only these events"
        error={wrong.query}
        description="Leave it empty to send every event. To send some, filter the audit log and paste the url of the page here. Its range of time and order do not count."
      >
        {control => (
          <Textarea
            {...control}
            name="query"
            rows={2}
            defaultValue={sink?.query ?? ""}
            placeholder="operation=member.*&status=denied"
            className="font-data"
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
          />
        )}
      </Field>
      <FormatField kind={kind} saved={sink?.format ?? null} error={wrong.format} />
      <label htmlFor="redact-identity" className="flex items-start gap-2.5">
        <Checkbox
          id="redact-identity"
          name="redactIdentity"
          defaultChecked={sink?.redactIdentity ?? false}
          className="mt-0.5"
          aria-describedby="redact-identity-note"
        />
        <span className="grid">
          <span className="text-sm">Redact the identity of actors</span>
          <span id="redact-identity-note" className="text-xs text-muted-foreground">
            The copies say what kind of actor it was, and nothing else of it. The log here keeps who it was.
          </span>
        </span>
      </label>
      {omittable.length > 0 ? (
        <OmitFields omittable={omittable} saved={sink?.omit ?? []} error={wrong.omit} />
      ) : null}
    </div>
  )
}

interface FormatFieldProps {
  readonly kind: SinkKindAnswer
  readonly saved: string | null
  readonly error: string | undefined
}

function FormatField({ kind, saved, error }: FormatFieldProps) {
  const [chosen, setChosen] = useState(saved ?? kind.formats[0]?.name ?? "")
  return (
    <Field
      label="Format"
      error={error}
      description={kind.formats.find(({ name }) => name === chosen)?.summary}
    >
      {control => (
        <Select
          {...control}
          name="format"
          value={chosen}
          onChange={event => setChosen(event.target.value)}
          className="max-w-80"
        >
          {kind.formats.map(({ name, label }) => (
            <option key={name} value={name}>
              {label}
            </option>
          ))}
        </Select>
      )}
    </Field>
  )
}

interface OmitFieldsProps {
  readonly omittable: SinkKindsAnswer["omittable"]
  readonly saved: readonly string[]
  readonly error: string | undefined
}

function OmitFields({ omittable, saved, error }: OmitFieldsProps) {
  return (
    <fieldset
      className="grid gap-2"
      data-invalid={error ? true : undefined}
      aria-describedby={error ? "omit-error" : undefined}
    >
      <legend className="mb-1.5 text-sm font-medium">Leave out of the copies</legend>
      <div className="grid gap-x-6 gap-y-2 sm:grid-cols-2">
        {omittable.map(({ name, label }) => (
          <label key={name} htmlFor={`omit-${name}`} className="flex items-center gap-2.5 text-sm">
            <Checkbox id={`omit-${name}`} name="omit" value={name} defaultChecked={saved.includes(name)} />
            {label}
          </label>
        ))}
      </div>
      {error ? (
        <p id="omit-error" className="text-xs text-failure">
          {error}
        </p>
      ) : null}
    </fieldset>
  )
}
