"use client"

import { useState } from "react"
import { FormFailure, useWait } from "@/components/form/form-failure"
import { useSubmit } from "@/components/form/use-submit"
import { signInWithPassword } from "@/components/sign-in/credentials"
import { NewPasswordField } from "@/components/sign-in/new-password-field"
import { Alert } from "@/components/ui/alert"
import { Button } from "@/components/ui/button"
import { buttonVariants } from "@/components/ui/button-variants"
import { Field } from "@/components/ui/field"
import { Input } from "@/components/ui/input"
import type { Accept } from "./invitation-answer"

export interface AcceptAsNewcomerProps {
  readonly token: string
  readonly email: string
  readonly minimumCharacters: number
  readonly accept: Accept
}

type Accepting = Parameters<Accept>[0]

const fields = ["account/name", "account/password"] as const

/** Name and password make the account; the link has proven the address. Straight into the organization from there. */
export function AcceptAsNewcomer({ token, email, minimumCharacters, accept }: AcceptAsNewcomerProps) {
  const [done, setDone] = useState(false)
  const [obstacle, setObstacle] = useState<string | null>(null)
  const acceptAndSignIn = async (input: Accepting) => {
    const accepted = await accept(input)
    if (!accepted.ok || !input.account) return accepted
    // The link is spent now: whatever keeps the sign-in back, the way on is the sign-in page, not this form.
    try {
      const signedIn = await signInWithPassword({ email, password: input.account.password })
      if (!signedIn.ok) setObstacle(signedIn.message)
      return signedIn.ok ? accepted : signedIn
    } catch (error) {
      setObstacle("The server could not be reached.")
      throw error
    }
  }
  const { pending, failure, submit } = useSubmit(acceptAndSignIn, fields, ({ slug }) => {
    setDone(true)
    // The link is spent: it must not come back with the browser's button.
    window.location.replace(`/${slug}`)
  })
  const waitSeconds = useWait(failure)
  if (obstacle !== null) return <AccountIsMade obstacle={obstacle} />
  return (
    <form
      noValidate
      className="grid gap-4"
      onSubmit={event => {
        event.preventDefault()
        const data = new FormData(event.currentTarget)
        const name = String(data.get("name")).trim()
        submit({ token, account: { name, password: String(data.get("password")) } })
      }}
    >
      <FormFailure failure={failure} waitSeconds={waitSeconds} />
      {/* Tells a password manager which account the password is for. */}
      <input type="text" name="username" autoComplete="username" value={email} readOnly hidden />
      <Field
        label="Your name"
        error={failure?.byField["account/name"]}
        description="As colleagues should read it beside what you did."
      >
        {control => <Input {...control} name="name" autoComplete="name" maxLength={100} required autoFocus />}
      </Field>
      <NewPasswordField
        name="password"
        label="Password"
        error={failure?.byField["account/password"]}
        minimumCharacters={minimumCharacters}
      />
      <Button type="submit" variant="primary" size="lg" pending={pending || done} disabled={waitSeconds > 0}>
        Accept
      </Button>
    </form>
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
