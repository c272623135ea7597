"use client"

import { useState } from "react"
import { ConfirmAction } from "@/components/form/confirm-action"
import type { Submit } from "@/components/form/use-submit"
import { Alert } from "@/components/ui/alert"
import { Button } from "@/components/ui/button"
import type { Accept } from "./accept"
import { AcceptAsMember } from "./accept-as-member"
import { AcceptAsNewcomer } from "./accept-as-newcomer"
import { InvitationText, type OpenInvitation } from "./invitation-text"
import { SignInFirst } from "./sign-in-first"

export interface InvitationAnswerProps {
  readonly token: string
  readonly invitation: OpenInvitation
  readonly minimumCharacters: number
  readonly accept: Accept
  readonly decline: Submit<unknown, { readonly token: string }>
  /** Stores the link while the person signs in. */
  readonly remember: Submit<unknown, string>
}

/** An invitation and the ways to answer it: with a new account, after signing in, or at once as the signed-in person. */
export function InvitationAnswer(props: InvitationAnswerProps) {
  const { token, invitation, decline } = props
  const [declined, setDeclined] = useState(false)
  const { organizationName } = invitation
  if (declined) {
    return (
      <>
        <h1 className="mb-4 text-xl font-semibold">Invitation declined</h1>
        <Alert tone="info" role="status">
          You have declined to join {organizationName}. The link does nothing any more; you can close this
          page.
        </Alert>
      </>
    )
  }
  return (
    <>
      <InvitationText invitation={invitation} />
      <Answers {...props} />
      <div className="mt-2 grid">
        <ConfirmAction
          trigger={
            <Button size="lg" variant="ghost">
              Decline
            </Button>
          }
          title={`Decline to join ${organizationName}?`}
          confirmLabel="Decline"
          destructive
          action={decline}
          input={{ token }}
          done="Invitation declined"
          onDone={() => setDeclined(true)}
        >
          <p>
            The link stops working, and {organizationName} sees that you declined. They can invite you anew.
          </p>
        </ConfirmAction>
      </div>
    </>
  )
}

function Answers({ token, invitation, minimumCharacters, accept, remember }: InvitationAnswerProps) {
  if (invitation.isSignedIn) return <AcceptAsMember token={token} accept={accept} />
  if (invitation.hasAccount) return <SignInFirst token={token} remember={remember} />
  return (
    <AcceptAsNewcomer
      token={token}
      email={invitation.email}
      minimumCharacters={minimumCharacters}
      accept={accept}
    />
  )
}
