"use client"

import { ProviderButton } from "@/components/sign-in/provider-button"
import { Button } from "@/components/ui/button"
import { DialogBody, DialogClose, DialogFooter } from "@/components/ui/dialog"

export interface ProofByProviderProps {
  /** The display name of the provider. */
  readonly name: string
  /** For people who cannot sign in there now. */
  readonly onOtherWay: () => void
}

/** Proves the person's identity by signing in again at the OpenID provider, which leads back to this page. */
export function ProofByProvider({ name, onOtherWay }: ProofByProviderProps) {
  return (
    <>
      <DialogBody>
        <p className="text-pretty">
          {`Sign in again with ${name}. You come back to this page; what you typed on it is not kept.`}
        </p>
      </DialogBody>
      <DialogFooter className="flex-wrap">
        <Button variant="link" className="mr-auto" onClick={onOtherWay}>
          Use an e-mail link
        </Button>
        <DialogClose asChild>
          <Button>Cancel</Button>
        </DialogClose>
        <ProviderButton
          purpose="prove"
          returnTo={`${window.location.pathname}${window.location.search}`}
          variant="primary"
        >{`Continue with ${name}`}</ProviderButton>
      </DialogFooter>
    </>
  )
}
