"use client"

import { useState } from "react"
import { Alert } from "@/components/ui/alert"
import { Button } from "@/components/ui/button"
import { DialogBody, DialogClose, DialogFooter } from "@/components/ui/dialog"
import { FormFailure, useWait } from "./form-failure"
import { type Submit, useSubmit } from "./use-submit"

export interface ProofByLinkProps {
  readonly requestLink: Submit<unknown, { readonly email: string; readonly returnTo: string }>
  readonly email: string
  readonly onDone: () => void
}

/** Proves the person's identity by a mailed sign-in link; this page waits for it, with all its input. */
export function ProofByLink({ requestLink, email, onDone }: ProofByLinkProps) {
  const [sent, setSent] = useState(false)
  const { pending, failure, submit } = useSubmit(requestLink, [], () => setSent(true))
  const waitSeconds = useWait(failure)
  return (
    <>
      <DialogBody>
        <FormFailure failure={failure} waitSeconds={waitSeconds} />
        {sent ? (
          <Alert tone="success" role="status" title={`A link is on its way to ${email}`}>
            Open it in this browser and press “Sign in” there. Then come back to this window and go on:
            nothing that you typed is lost.
          </Alert>
        ) : (
          <p className="text-pretty wrap-anywhere">
            We send a link to {email}. Sign in with it in this browser, then go on here.
          </p>
        )}
      </DialogBody>
      <DialogFooter>
        <DialogClose asChild>
          <Button>Cancel</Button>
        </DialogClose>
        {sent ? (
          <Button variant="primary" onClick={onDone}>
            I have signed in
          </Button>
        ) : (
          <Button
            variant="primary"
            pending={pending}
            disabled={waitSeconds > 0}
            onClick={() =>
              submit({ email, returnTo: `${window.location.pathname}${window.location.search}` })
            }
          >
            E-mail me a link
          </Button>
        )}
      </DialogFooter>
    </>
  )
}
