"use client"

import { TextField } from "@/components/form/text-field"
import { Checkbox } from "@/components/ui/checkbox"
import { OwnTime } from "@/components/zone/own-time"
import type { SinkAnswer, SinkKindAnswer } from "@/lib/operations/sinks/answers"
import { credentialName } from "./form-input"

export interface CredentialFieldsProps {
  readonly kind: SinkKindAnswer
  /** Null for a new sink. */
  readonly sink: SinkAnswer | null
  readonly wrong: Readonly<Record<string, string>>
}

/** The secrets of a sink: they can be written and replaced, never read. */
export function CredentialFields({ kind, sink, wrong }: CredentialFieldsProps) {
  return (
    <div className="grid gap-4">
      <p className="text-sm text-muted-foreground text-pretty">
        They are stored encrypted and are never shown again. They belong to the host: when it changes, they
        are deleted and have to be entered again.
      </p>
      {sink?.credentialsSetAt ? (
        <p className="text-sm">
          Set by {sink.credentialsSetBy ?? "somebody"} on{" "}
          <OwnTime instant={new Date(sink.credentialsSetAt)} format="minute" card="none" />.
        </p>
      ) : null}
      {kind.credentials.map(({ name, label, required }) => (
        <CredentialInput
          key={name}
          {...{ name, label, required }}
          isSet={sink?.credentials.some(each => each.name === name && each.isSet) ?? false}
          error={wrong[credentialName(name)]}
        />
      ))}
    </div>
  )
}

interface CredentialInputProps {
  readonly name: string
  readonly label: string
  readonly required: boolean
  readonly isSet: boolean
  readonly error: string | undefined
}

function CredentialInput({ name, label, required, isSet, error }: CredentialInputProps) {
  const input = credentialName(name)
  return (
    <div className="grid gap-2">
      <TextField
        label={required ? label : `${label} (optional)`}
        description={
          isSet ? "Set. Leave it empty to keep it, or enter another one to replace it." : undefined
        }
        error={error}
        name={input}
        type="password"
        placeholder={isSet ? "••••••••" : undefined}
        missing="Enter the credential."
        required={required && !isSet}
        autoComplete="new-password"
        className="max-w-md font-data"
        spellCheck={false}
      />
      {isSet && !required ? (
        <label htmlFor={`delete-${input}`} className="flex w-fit items-center gap-2.5 text-sm">
          <Checkbox id={`delete-${input}`} name={`delete-${input}`} />
          Delete {label}
        </label>
      ) : null}
    </div>
  )
}
