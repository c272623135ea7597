"use client"

import { useState } from "react"
import { Dialog, DialogContent } from "@/components/ui/dialog"
import { ProofByLink } from "./proof-by-link"
import { ProofByPassword } from "./proof-by-password"
import { ProofByProvider } from "./proof-by-provider"
import type { Submit } from "./use-submit"

export interface ProofDialogProps {
  readonly person: {
    readonly email: string
    readonly hasPassword: boolean
    /** The OpenID provider by which a person without a password signs in. */
    readonly identityProvider: string | null
  }
  readonly prove: Submit<unknown, { readonly password: string }>
  /** Mails a sign-in link that leads back to a page. */
  readonly requestLink: Submit<unknown, { readonly email: string; readonly returnTo: string }>
  readonly onAnswer: (proven: boolean) => void
}

/** Asks for a proof of identity before a dangerous operation; the input behind it stays. */
export default function ProofDialog({ person, prove, requestLink, onAnswer }: ProofDialogProps) {
  const [byLink, setByLink] = useState(!person.hasPassword && person.identityProvider === null)
  return (
    <Dialog open onOpenChange={open => (open ? undefined : onAnswer(false))}>
      <DialogContent
        title="Confirm that it is you"
        guarded={false}
        description="What you are about to do needs a proof of who you are that is at most five minutes old."
      >
        {byLink ? (
          <ProofByLink requestLink={requestLink} email={person.email} onDone={() => onAnswer(true)} />
        ) : person.identityProvider !== null ? (
          <ProofByProvider name={person.identityProvider} onOtherWay={() => setByLink(true)} />
        ) : (
          <ProofByPassword
            prove={prove}
            email={person.email}
            onDone={() => onAnswer(true)}
            onOtherWay={() => setByLink(true)}
          />
        )}
      </DialogContent>
    </Dialog>
  )
}
