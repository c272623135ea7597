import type { Metadata } from "next"
import { NoPermission } from "@/components/access/no-permission"
import { InvitationsList } from "@/components/access-control/invitations/invitations-list"
import { InviteMember } from "@/components/access-control/invitations/invite-member"
import { Refused } from "@/components/navigation/refused"
import { run } from "@/lib/http/run"
import { listGroupChoices } from "@/lib/operations/access-control/groups/choices"
import { listInvitations } from "@/lib/operations/access-control/invitations/invitations"
import { listRoleChoices } from "@/lib/operations/access-control/roles/choices"
import { cancelInvitationAction, createInvitationsAction, resendInvitationAction } from "./actions"

export const metadata: Metadata = { title: "Invitations" }

interface PageProps {
  readonly params: Promise<{ readonly organization: string }>
}

/** Who was invited, how far each invitation is, and the way to invite more. */
export default async function InvitationsPage({ params }: PageProps) {
  const { organization } = await params
  const invitations = await run(listInvitations, organization, {})
  if (!invitations.ok)
    return invitations.code === "forbidden" ? <NoPermission {...invitations} /> : <Refused {...invitations} />
  const [roles, groups] = await Promise.all([
    run(listRoleChoices, organization, {}),
    run(listGroupChoices, organization, {}),
  ])
  const inviteMember =
    roles.ok && groups.ok ? (
      <InviteMember
        roles={roles.value}
        groups={groups.value}
        invite={createInvitationsAction.bind(null, organization)}
      />
    ) : null
  return (
    <InvitationsList
      invitations={invitations.value}
      inviteMember={inviteMember}
      resend={resendInvitationAction.bind(null, organization)}
      revoke={cancelInvitationAction.bind(null, organization)}
    />
  )
}
