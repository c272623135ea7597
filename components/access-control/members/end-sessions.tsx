"use client"

import { ConfirmAction } from "@/components/form/confirm-action"
import type { Submit } from "@/components/form/use-submit"
import { Button } from "@/components/ui/button"
import type { MemberFacts } from "./member"

export interface EndSessionsProps {
  readonly member: Pick<MemberFacts, "personId" | "name" | "isSelf">
  readonly endSessions: Submit<unknown, { readonly personId: string }>
}

/** The button and the dialog that end all sessions of a member. */
export function EndSessions({ member: { personId, name, isSelf }, endSessions }: EndSessionsProps) {
  return (
    <ConfirmAction
      trigger={<Button size="sm">End sessions</Button>}
      title={isSelf ? "End your other sessions?" : `End the sessions of ${name}?`}
      confirmLabel="End sessions"
      destructive
      action={endSessions}
      input={{ personId }}
      done={isSelf ? "Your other sessions ended" : `Sessions of ${name} ended`}
    >
      <p>
        {isSelf
          ? "You are signed out in every other browser at once. This one goes on."
          : `${name} is signed out in every browser at once, and has to sign in again.`}
      </p>
      <p>Nothing else changes; API keys go on working.</p>
    </ConfirmAction>
  )
}
