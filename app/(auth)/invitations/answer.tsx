import { headers } from "next/headers"
import { notFound } from "next/navigation"
import { InvitationAnswer } from "@/components/invitation/invitation-answer"
import { Alert } from "@/components/ui/alert"
import { attempt } from "@/lib/http/attempt"
import { findInvitation } from "@/lib/operations/invitations/find"
import { minimumPasswordCharacters } from "@/lib/operations/sign-in/user-session"
import { acceptInvitationAction, declineInvitationAction, rememberInvitationAction } from "./actions"

/** The page for the holder of a link; every link that cannot be used gives the same not-found page. */
export async function Answer({ token }: { readonly token: string }) {
  const found = await attempt(findInvitation, { headers: await headers(), organization: null }, { token })
  if (found.ok) {
    return (
      <InvitationAnswer
        token={token}
        invitation={found.value}
        minimumCharacters={minimumPasswordCharacters}
        accept={acceptInvitationAction}
        decline={declineInvitationAction}
        remember={rememberInvitationAction}
      />
    )
  }
  const { code, message } = found.error
  if (code === "not-found" || code === "invalid") notFound()
  if (code === "internal") throw found.error
  return (
    <>
      <h1 className="mb-4 text-xl font-semibold">Invitation</h1>
      <Alert tone="warning">{message}</Alert>
    </>
  )
}
