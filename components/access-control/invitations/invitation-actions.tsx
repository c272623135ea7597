"use client"

import { ConfirmAction } from "@/components/form/confirm-action"
import type { Submit } from "@/components/form/use-submit"
import { Button } from "@/components/ui/button"
import { givesText, type InvitationRow } from "./invitation"

export interface InvitationActionsProps {
  readonly invitation: InvitationRow
  readonly resend: Submit<unknown, { readonly id: string }>
  readonly revoke: Submit<unknown, { readonly id: string }>
}

/** The actions on an invitation: none for an answered or revoked one. */
export function InvitationActions({ invitation, resend, revoke }: InvitationActionsProps) {
  const { id, email, state, expiresInDays } = invitation
  if (state !== "open" && state !== "expired") return null
  return (
    <div className="flex flex-wrap justify-end gap-1.5 max-sm:justify-start">
      <ConfirmAction
        trigger={
          <Button size="sm" aria-label={`Resend the invitation of ${email}`}>
            Resend
          </Button>
        }
        title={`Send the invitation of ${email} again?`}
        confirmLabel="Resend"
        action={resend}
        input={{ id }}
        done={`Invitation of ${email} sent again`}
      >
        <p>
          They get a new link that works for {expiresInDays === 1 ? "one day" : `${expiresInDays} days`}{" "}
          again, and with it: {givesText(invitation)}. A link that was sent before stops working.
        </p>
      </ConfirmAction>
      {state === "open" ? (
        <ConfirmAction
          trigger={
            <Button size="sm" aria-label={`Revoke the invitation of ${email}`}>
              Revoke
            </Button>
          }
          title={`Revoke the invitation of ${email}?`}
          confirmLabel="Revoke invitation"
          destructive
          action={revoke}
          input={{ id }}
          done={`Invitation of ${email} revoked`}
        >
          <p>
            Its link stops working at once; whoever opens it is not told why. They can be invited anew at any
            time.
          </p>
        </ConfirmAction>
      ) : null}
    </div>
  )
}
