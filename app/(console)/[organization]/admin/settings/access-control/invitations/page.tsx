import type { Metadata } from "next"
import { NoPermission } from "@/components/access/no-permission"
import { InvitationsList } from "@/components/access-control/invitations/invitations-list"
import { Refused } from "@/components/navigation/refused"
import { run } from "@/lib/http/run"
import { listInvitations } from "@/lib/operations/invitations/list"
import { cancelInvitationAction, resendInvitationAction } from "./actions"

export const metadata: Metadata = { title: "Invitations" }

interface PageProps {
  readonly params: Promise<{ readonly organization: string }>
}

/** The invitations with their state, and the button that sends more. */
export default async function InvitationsPage({ params }: PageProps) {
  const { organization } = await params
  const invitations = await run(listInvitations, organization, {})
  if (!invitations.ok)
    return invitations.code === "forbidden" ? <NoPermission {...invitations} /> : <Refused {...invitations} />
  return (
    <InvitationsList
      invitations={invitations.value}
      resend={resendInvitationAction.bind(null, organization)}
      revoke={cancelInvitationAction.bind(null, organization)}
    />
  )
}
