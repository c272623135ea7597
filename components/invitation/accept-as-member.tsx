"use client"

import { useState } from "react"
import { FormFailure, useWait } from "@/components/form/form-failure"
import { useSubmit } from "@/components/form/use-submit"
import { Button } from "@/components/ui/button"
import type { Accept } from "./accept"

export interface AcceptAsMemberProps {
  readonly token: string
  readonly accept: Accept
}

/** Accepts as the signed-in person: the invitation is theirs, or they would not see it. */
export function AcceptAsMember({ token, accept }: AcceptAsMemberProps) {
  const [done, setDone] = useState(false)
  const { pending, failure, submit } = useSubmit(accept, [], ({ slug }) => {
    setDone(true)
    window.location.replace(`/${slug}`)
  })
  const waitSeconds = useWait(failure)
  return (
    <div className="grid gap-4">
      <FormFailure failure={failure} waitSeconds={waitSeconds} />
      <Button
        variant="primary"
        size="lg"
        pending={pending || done}
        disabled={waitSeconds > 0}
        onClick={() => submit({ token })}
      >
        Accept
      </Button>
    </div>
  )
}
