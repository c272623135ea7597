"use client"

import { useState } from "react"
import { Form } from "@/components/form/form"
import { FormFailure, useWait } from "@/components/form/form-failure"
import { TextField } from "@/components/form/text-field"
import { useSubmit } from "@/components/form/use-submit"
import { signInWithPassword } from "@/components/sign-in/credentials"
import { NewPasswordField } from "@/components/sign-in/new-password-field"
import { Alert } from "@/components/ui/alert"
import { Button } from "@/components/ui/button"
import { buttonVariants } from "@/components/ui/button-variants"
import type { Accept } from "./accept"

export interface AcceptAsNewcomerProps {
  readonly token: string
  readonly email: string
  readonly minimumCharacters: number
  readonly accept: Accept
}

type Accepting = Parameters<Accept>[0]

const fields = ["account/name", "account/password"] as const

/** Name and password create the account; the link has proven the email. Continues straight to the organization. */
export function AcceptAsNewcomer({ token, email, minimumCharacters, accept }: AcceptAsNewcomerProps) {
  const [done, setDone] = useState(false)
  const [obstacle, setObstacle] = useState<string | null>(null)
  const acceptAndSignIn = async (input: Accepting) => {
    const accepted = await accept(input)
    if (!accepted.ok || !input.account) return accepted
    // The link is used now: if the sign-in fails, continue at the sign-in page, not at this form.
    try {
      const signedIn = await signInWithPassword({ email, password: input.account.password })
      if (!signedIn.ok) setObstacle(signedIn.message)
      return signedIn.ok ? accepted : signedIn
    } catch (error) {
      setObstacle("The server could not be reached.")
      throw error
    }
  }
  const submission = useSubmit(acceptAndSignIn, fields, ({ slug }) => {
    setDone(true)
    // The link is used: the browser's back button must not return to it.
    window.location.replace(`/${slug}`)
  })
  const { pending, failure, submit } = submission
  const waitSeconds = useWait(failure)
  if (obstacle !== null) return <AccountIsMade obstacle={obstacle} />
  return (
    <Form
      className="grid gap-4"
      submission={submission}
      onSend={data => {
        const name = String(data.get("account/name")).trim()
        submit({ token, account: { name, password: String(data.get("account/password")) } })
      }}
    >
      <FormFailure failure={failure} waitSeconds={waitSeconds} />
      {/* Tells a password manager which account the password is for. */}
      <input type="text" name="username" autoComplete="username" value={email} readOnly hidden />
      <TextField
        label="Your name"
        error={failure?.byField["account/name"]}
        description="As colleagues should read it beside what you did."
        name="account/name"
        autoComplete="name"
        limit={100}
        missing="Give a name."
        required
        autoFocus
      />
      <NewPasswordField
        name="account/password"
        label="Password"
        error={failure?.byField["account/password"]}
        minimumCharacters={minimumCharacters}
      />
      <Button type="submit" variant="primary" size="lg" pending={pending || done} disabled={waitSeconds > 0}>
        Accept
      </Button>
    </Form>
  )
}

function AccountIsMade({ obstacle }: { readonly obstacle: string }) {
  const action = (
    <a href="/sign-in" className={buttonVariants({ size: "sm" })}>
      Sign in
    </a>
  )
  return (
    <Alert tone="success" role="status" title="You are a member now" action={action}>
      Signing in did not work yet: {obstacle}
    </Alert>
  )
}
