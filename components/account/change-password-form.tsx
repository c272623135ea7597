"use client"

import { useRef } from "react"
import { Form } from "@/components/form/form"
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

/** Changes the password; the other sessions of the person end, this one stays. */
export function ChangePasswordForm({ changePassword, email, minimumCharacters }: ChangePasswordFormProps) {
  const form = useRef<HTMLFormElement>(null)
  const submission = useSubmit(changePassword, fields, () => {
    form.current?.reset()
    toast("Password changed. Other sessions were signed out.")
  })
  const { pending, failure, submit } = submission
  const waitSeconds = useWait(failure)

  return (
    <Form
      ref={form}
      className="grid gap-4"
      submission={submission}
      check={data =>
        data.get("newPassword") === data.get("currentPassword")
          ? { newPassword: "Use another password than the present one." }
          : {}
      }
      onSend={data =>
        submit({
          currentPassword: String(data.get("currentPassword")),
          newPassword: String(data.get("newPassword")),
        })
      }
    >
      <FormFailure failure={failure} waitSeconds={waitSeconds} />
      {/* Tells a password manager which account the new password is for. */}
      <input type="text" name="username" autoComplete="username" value={email} readOnly hidden />
      <Field label="Current password" error={failure?.byField.currentPassword}>
        {control => (
          <PasswordInput
            {...control}
            name="currentPassword"
            data-missing="Give your present password."
            autoComplete="current-password"
            required
          />
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
    </Form>
  )
}
