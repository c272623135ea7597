"use client"

import Link from "next/link"
import { useState } from "react"
import { Form } from "@/components/form/form"
import { FormFailure, useWait } from "@/components/form/form-failure"
import { PasswordInput } from "@/components/form/password-input"
import { useSubmit } from "@/components/form/use-submit"
import { Button } from "@/components/ui/button"
import { Field } from "@/components/ui/field"
import { signInWithPassword } from "./credentials"
import { EmailField } from "./email-field"

export interface SignInFormProps {
  /** A path of this site. */
  readonly returnTo: string
}

const fields = ["email", "password"] as const

/** Email and password. A refusal never reveals whether the email is known. */
export function SignInForm({ returnTo }: SignInFormProps) {
  const [done, setDone] = useState(false)
  const submission = useSubmit(signInWithPassword, fields, () => {
    setDone(true)
    // A full page load: nothing that was rendered while signed out is kept.
    window.location.assign(returnTo)
  })
  const { pending, failure, submit, clear } = submission
  const waitSeconds = useWait(failure)

  return (
    <Form
      className="grid gap-4"
      submission={submission}
      onSend={data =>
        submit({ email: String(data.get("email")).trim(), password: String(data.get("password")) })
      }
    >
      <FormFailure failure={failure} waitSeconds={waitSeconds} />
      <EmailField
        error={failure?.byField.email}
        // The wait is for one account; another may sign in meanwhile.
        onChange={waitSeconds > 0 ? clear : undefined}
      />
      <Field label="Password" error={failure?.byField.password}>
        {control => (
          <PasswordInput
            {...control}
            name="password"
            data-missing="Give your password."
            autoComplete="current-password"
            required
          />
        )}
      </Field>
      <Button type="submit" variant="primary" size="lg" pending={pending || done} disabled={waitSeconds > 0}>
        Sign in
      </Button>
      <Link
        href="/sign-in/reset"
        className="justify-self-center rounded-sm text-sm text-link hover:underline"
      >
        Forgot password?
      </Link>
    </Form>
  )
}
