import type { Metadata } from "next"
import { createInvitationsAction } from "@/app/(console)/[organization]/admin/settings/access-control/invitations/actions"
import { NoPermission } from "@/components/access/no-permission"
import { InviteMember } from "@/components/access-control/invitations/invite-member"
import { MembersList } from "@/components/access-control/members/members-list"
import { Refused } from "@/components/navigation/refused"
import { run } from "@/lib/http/run"
import { listGroupChoices } from "@/lib/operations/access-control/groups/choices"
import { listMembers } from "@/lib/operations/access-control/members/list"
import { listRoleChoices } from "@/lib/operations/access-control/roles/choices"

export const metadata: Metadata = { title: "Members" }

interface PageProps {
  readonly params: Promise<{ readonly organization: string }>
  readonly searchParams: Promise<{ readonly search?: string | readonly string[] }>
}

/** The members of the organization, searched by what stands in the address. */
export default async function MembersPage({ params, searchParams }: PageProps) {
  const { organization } = await params
  const { search: given = "" } = await searchParams
  const search = (typeof given === "string" ? given : given.join(" ")).slice(0, 200)
  const found = await run(listMembers, organization, { search })
  if (!found.ok) return found.code === "forbidden" ? <NoPermission {...found} /> : <Refused {...found} />
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
  return <MembersList slug={organization} search={search} {...found.value} action={inviteMember} />
}
