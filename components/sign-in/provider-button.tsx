"use client"

import { KeyRound } from "lucide-react"
import { type ReactNode, useState } from "react"
import { FormFailure, useWait } from "@/components/form/form-failure"
import { useSubmit } from "@/components/form/use-submit"
import { Button, type ButtonProps } from "@/components/ui/button"
import { beginAtProvider, type ProviderWay } from "./provider"
import { keptInBrowser } from "./way-back"

export interface ProviderButtonProps
  extends ProviderWay,
    Pick<ButtonProps, "variant" | "size" | "className"> {
  /** The label of the button. */
  readonly children: ReactNode
}

/** Opens the OpenID provider, which sends the browser back. A failure is shown above the button. */
export function ProviderButton({ purpose, returnTo, children, ...look }: ProviderButtonProps) {
  const [leaving, setLeaving] = useState(false)
  const { pending, failure, submit } = useSubmit(beginAtProvider, [], ({ url }) => {
    setLeaving(true)
    window.location.assign(url)
  })
  const waitSeconds = useWait(failure)
  return (
    <>
      <FormFailure failure={failure} waitSeconds={waitSeconds} />
      <Button
        {...look}
        pending={pending || leaving}
        disabled={waitSeconds > 0}
        onClick={() => submit({ purpose, returnTo: keptInBrowser(returnTo) })}
      >
        <KeyRound aria-hidden="true" />
        {children}
      </Button>
    </>
  )
}
