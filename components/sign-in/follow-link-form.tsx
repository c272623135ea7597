"use client"

import Link from "next/link"
import { useState } from "react"
import { Form } from "@/components/form/form"
import { FormFailure, useWait } from "@/components/form/form-failure"
import { useSubmit } from "@/components/form/use-submit"
import { Button } from "@/components/ui/button"
import { signInWithLink } from "./credentials"

export interface FollowLinkFormProps {
  readonly token: string
  /** A path of this site. */
  readonly returnTo: string
  /** The same in the form of a url parameter (`carryPath`). */
  readonly carried: string
}

/** The button of a mailed link: pressing it signs in, opening the page does not. */
export function FollowLinkForm({ token, returnTo, carried }: FollowLinkFormProps) {
  const [done, setDone] = useState(false)
  const submission = useSubmit(signInWithLink, [], () => {
    setDone(true)
    // The link is used: the browser's back button must not return to it.
    window.location.replace(returnTo)
  })
  const { pending, failure, submit } = submission
  const waitSeconds = useWait(failure)
  const query = carried === "/" ? "" : `?return=${encodeURIComponent(carried)}`
  return (
    <Form className="grid gap-4" submission={submission} onSend={() => submit({ token })}>
      <FormFailure failure={failure} waitSeconds={waitSeconds} />
      <Button
        type="submit"
        variant="primary"
        size="lg"
        pending={pending || done}
        disabled={waitSeconds > 0}
        autoFocus
      >
        Sign in
      </Button>
      {failure ? (
        <Link
          href={`/sign-in/e-mail${query}`}
          className="justify-self-start rounded-sm text-sm text-link hover:underline"
        >
          E-mail me another link
        </Link>
      ) : null}
    </Form>
  )
}
