"use client"

import { useState } from "react"
import { FormFailure, useWait } from "@/components/form/form-failure"
import { type Submit, useSubmit } from "@/components/form/use-submit"
import { Alert } from "@/components/ui/alert"
import { Button } from "@/components/ui/button"

export interface FirstPasswordProps {
  /** Mails a link to set a password. */
  readonly requestReset: Submit<unknown, { readonly email: string }>
  readonly email: string
}

/** Requests a mail to set a password, for a person without one. */
export function FirstPassword({ requestReset, email }: FirstPasswordProps) {
  const [sent, setSent] = useState(false)
  const { pending, failure, submit } = useSubmit(requestReset, [], () => setSent(true))
  const waitSeconds = useWait(failure)
  if (sent) {
    return (
      <Alert tone="success" role="status" title="Look into your mailbox">
        A link to set a password with is on its way to {email}. It works for an hour.
      </Alert>
    )
  }
  return (
    <div className="grid gap-4">
      <FormFailure failure={failure} waitSeconds={waitSeconds} />
      <p className="text-pretty">You have no password. You can set one with a link that we send you.</p>
      <Button
        className="justify-self-start"
        pending={pending}
        disabled={waitSeconds > 0}
        onClick={() => submit({ email })}
      >
        E-mail me a link
      </Button>
    </div>
  )
}
