import type { ChangeEvent } from "react"
import { Field } from "@/components/ui/field"
import { Input } from "@/components/ui/input"

export interface EmailFieldProps {
  readonly error: string | undefined
  readonly onChange?: ((event: ChangeEvent<HTMLInputElement>) => void) | undefined
}

/** The field for the email of the account; it has the initial focus of its page. */
export function EmailField({ error, onChange }: EmailFieldProps) {
  return (
    <Field label="E-mail" error={error}>
      {control => (
        <Input
          {...control}
          type="email"
          name="email"
          data-missing="Give your e-mail address."
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          required
          autoFocus
          onChange={onChange}
        />
      )}
    </Field>
  )
}
