"use client"

import { useState } from "react"
import { Form } from "@/components/form/form"
import { FormFailure, useWait } from "@/components/form/form-failure"
import { TextField } from "@/components/form/text-field"
import { type Submit, useSubmit } from "@/components/form/use-submit"
import { Alert } from "@/components/ui/alert"
import { Button } from "@/components/ui/button"
import { buttonVariants } from "@/components/ui/button-variants"
import { signInWithPassword } from "./credentials"
import { NewPasswordField } from "./new-password-field"

export interface RedeemLinkFormProps {
  /** Sets the password and returns the person's email. */
  readonly redeem: Submit<{ readonly email: string }>
  readonly token: string
  /** Asks for the name as well: for a new person. */
  readonly asksName: boolean
  readonly minimumCharacters: number
}

interface Redeeming {
  readonly token: string
  readonly password: string
  readonly name?: string
}

const fields = ["name", "password"] as const

/** The form of a one-time link: the person's name, a password, and then the console. */
export function RedeemLinkForm({ redeem, token, asksName, minimumCharacters }: RedeemLinkFormProps) {
  const [done, setDone] = useState(false)
  const [spent, setSpent] = useState<string | null>(null)
  const redeemAndSignIn = async (input: Redeeming) => {
    const redeemed = await redeem(input)
    if (!redeemed.ok) return redeemed
    // The link is used now: if the sign-in fails, continue at the sign-in page, not at this form.
    try {
      const signedIn = await signInWithPassword({ email: redeemed.value.email, password: input.password })
      if (!signedIn.ok) setSpent(signedIn.message)
      return signedIn
    } catch (error) {
      setSpent("The server could not be reached.")
      throw error
    }
  }
  const submission = useSubmit(redeemAndSignIn, fields, () => {
    setDone(true)
    // The link is used: the browser's back button must not return to it.
    window.location.replace("/")
  })
  const { pending, failure, submit } = submission
  const waitSeconds = useWait(failure)

  if (spent !== null) return <PasswordIsSet obstacle={spent} />
  return (
    <Form
      className="grid gap-4"
      submission={submission}
      onSend={data => {
        const name = String(data.get("name") ?? "").trim()
        submit({ token, password: String(data.get("password")), ...(name !== "" && { name }) })
      }}
    >
      <FormFailure failure={failure} waitSeconds={waitSeconds} />
      {asksName ? (
        <TextField
          label="Your name"
          error={failure?.byField.name}
          description="As colleagues should read it beside what you did. Leave it empty to keep the one you have."
          name="name"
          autoComplete="name"
          limit={100}
          autoFocus
        />
      ) : null}
      <NewPasswordField
        name="password"
        label="New password"
        error={failure?.byField.password}
        minimumCharacters={minimumCharacters}
      />
      <Button type="submit" variant="primary" size="lg" pending={pending || done} disabled={waitSeconds > 0}>
        Set password and sign in
      </Button>
    </Form>
  )
}

function PasswordIsSet({ obstacle }: { readonly obstacle: string }) {
  const action = (
    <a href="/sign-in" className={buttonVariants({ size: "sm" })}>
      Sign in
    </a>
  )
  return (
    <Alert tone="success" role="status" title="Your password is set" action={action}>
      Signing in with it did not work yet: {obstacle}
    </Alert>
  )
}
