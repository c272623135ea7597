"use client"

import { PasswordInput } from "@/components/form/password-input"
import { Field } from "@/components/ui/field"

export interface NewPasswordFieldProps {
  readonly name: string
  readonly label: string
  readonly error: string | undefined
  readonly minimumCharacters: number
  readonly onChange?: (password: string) => void
}

/** A new password, with its one rule shown in advance. */
export function NewPasswordField({ name, label, error, minimumCharacters, onChange }: NewPasswordFieldProps) {
  return (
    <Field
      label={label}
      error={error}
      description={`At least ${minimumCharacters} characters. A few unrelated words make a good one.`}
    >
      {control => (
        <PasswordInput
          {...control}
          name={name}
          autoComplete="new-password"
          data-least={minimumCharacters}
          data-limit={200}
          data-missing="Give a password."
          required
          onChange={event => onChange?.(event.currentTarget.value)}
        />
      )}
    </Field>
  )
}
