"use client"

import Link from "next/link"
import { useState } from "react"
import { Form } from "@/components/form/form"
import { FormFailure, useWait } from "@/components/form/form-failure"
import { type Submit, useSubmit } from "@/components/form/use-submit"
import { Alert } from "@/components/ui/alert"
import { Button } from "@/components/ui/button"
import { EmailField } from "./email-field"

interface Asking {
  readonly email: string
  readonly returnTo?: string
}

export interface AskForMailProps {
  /** Mails a link; the response is the same for known and unknown emails. */
  readonly ask: Submit<unknown, Asking>
  /** A path of this site to continue with. */
  readonly returnTo?: string
  /** The same in the form of a url parameter (`carryPath`). */
  readonly carried?: string
  readonly label: string
  /** What has happened if the email is known. */
  readonly promise: string
}

const fields = ["email"] as const

/** Requests a mail with a link. The text shown afterwards is the same for known and unknown emails. */
export function AskForMail({ ask, returnTo, carried = "/", label, promise }: AskForMailProps) {
  const [sentTo, setSentTo] = useState<string | null>(null)
  const askAndTell = async (input: Asking) => {
    const result = await ask(input)
    if (result.ok) setSentTo(input.email)
    return result
  }
  const submission = useSubmit(askAndTell, fields, () => {})
  const { pending, failure, submit, clear } = submission
  const waitSeconds = useWait(failure)
  const signIn = carried === "/" ? "/sign-in" : `/sign-in?return=${encodeURIComponent(carried)}`

  return (
    <div className="grid gap-5">
      {sentTo === null ? (
        <Form
          className="grid gap-4"
          submission={submission}
          onSend={data => {
            const email = String(data.get("email")).trim()
            submit({ email, ...(returnTo !== undefined && { returnTo }) })
          }}
        >
          <FormFailure failure={failure} waitSeconds={waitSeconds} />
          <EmailField error={failure?.byField.email} onChange={waitSeconds > 0 ? clear : undefined} />
          <Button type="submit" variant="primary" size="lg" pending={pending} disabled={waitSeconds > 0}>
            {label}
          </Button>
        </Form>
      ) : (
        <Alert tone="success" role="status" title="Look into your mailbox">
          If somebody has the address {sentTo}, {promise} Nothing there after a few minutes? Look among the
          unwanted mail, or ask an administrator of your organization.
        </Alert>
      )}
      <Link href={signIn} className="justify-self-start rounded-sm text-sm text-link hover:underline">
        Back to sign-in
      </Link>
    </div>
  )
}
