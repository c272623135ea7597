"use client"

import { useRef } from "react"
import { FormFailure, useWait } from "@/components/form/form-failure"
import { PasswordInput } from "@/components/form/password-input"
import { type Submit, useSubmit } from "@/components/form/use-submit"
import { NewPasswordField } from "@/components/sign-in/new-password-field"
import { Button } from "@/components/ui/button"
import { Field } from "@/components/ui/field"
import { toast } from "@/components/ui/toast"

export interface ChangePasswordFormProps {
  readonly changePassword: Submit
  readonly email: string
  readonly minimumCharacters: number
}

const fields = ["currentPassword", "newPassword"] as const

/** Changes the password; the other sessions of the person end with it, this one stays. */
export function ChangePasswordForm({ changePassword, email, minimumCharacters }: ChangePasswordFormProps) {
  const form = useRef<HTMLFormElement>(null)
  const { pending, failure, submit } = useSubmit(changePassword, fields, () => {
    form.current?.reset()
    toast("Password changed. Other sessions were signed out.")
  })
  const waitSeconds = useWait(failure)

  return (
    <form
      ref={form}
      noValidate
      // Should it be sent before the scripts are there, nothing secret gets into an address.
      method="post"
      className="grid gap-4"
      onSubmit={event => {
        event.preventDefault()
        const data = new FormData(event.currentTarget)
        submit({
          currentPassword: String(data.get("currentPassword")),
          newPassword: String(data.get("newPassword")),
        })
      }}
    >
      <FormFailure failure={failure} waitSeconds={waitSeconds} />
      {/* Tells a password manager which account the new password is for. */}
      <input type="text" name="username" autoComplete="username" value={email} readOnly hidden />
      <Field label="Current password" error={failure?.byField.currentPassword}>
        {control => (
          <PasswordInput {...control} name="currentPassword" autoComplete="current-password" required />
        )}
      </Field>
      <NewPasswordField
        name="newPassword"
        label="New password"
        error={failure?.byField.newPassword}
        minimumCharacters={minimumCharacters}
      />
      <Button
        type="submit"
        variant="primary"
        className="justify-self-start"
        pending={pending}
        disabled={waitSeconds > 0}
      >
        Change password
      </Button>
    </form>
  )
}
