"use client"

import { useState } from "react"
import { FormFailure } from "@/components/form/form-failure"
import { type Submit, useSubmit } from "@/components/form/use-submit"
import { Button } from "@/components/ui/button"

export interface SignInFirstProps {
  readonly token: string
  readonly remember: Submit<unknown, string>
}

/** Leads to the sign-in page and back. The link is stored in a cookie, never in a url. */
export function SignInFirst({ token, remember }: SignInFirstProps) {
  const [done, setDone] = useState(false)
  const { pending, failure, submit } = useSubmit(remember, [], () => {
    setDone(true)
    window.location.assign("/sign-in?return=%2Finvitations")
  })
  return (
    <div className="grid gap-4">
      <FormFailure failure={failure} />
      <p className="text-sm text-pretty">
        There is an account for this address. Sign in with it, then accept.
      </p>
      <Button variant="primary" size="lg" pending={pending || done} onClick={() => submit(token)}>
        Sign in to accept
      </Button>
    </div>
  )
}
