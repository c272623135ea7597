import { InviteMember } from "@/components/access-control/invitations/invite-member"
import { run } from "@/lib/http/run"
import { listGroupChoices } from "@/lib/operations/groups/group-choices"
import { listInvitationAppChoices } from "@/lib/operations/invitations/app-choices"
import { listRoleChoices } from "@/lib/operations/roles/role-choices"
import { createInvitationsAction } from "./actions"

/** The button that invites members, on every tab of access control; nothing when the choices cannot be read. */
export async function InviteMemberAction({ organization }: { readonly organization: string }) {
  const [roles, groups, apps] = await Promise.all([
    run(listRoleChoices, organization, {}),
    run(listGroupChoices, organization, {}),
    run(listInvitationAppChoices, organization, {}),
  ])
  if (!roles.ok || !groups.ok || !apps.ok) return null
  return (
    <InviteMember
      roles={roles.value}
      groups={groups.value}
      apps={apps.value}
      invite={createInvitationsAction.bind(null, organization)}
    />
  )
}
