import type { Metadata } from "next"
import { notFound } from "next/navigation"
import { cache } from "react"
import {
  addGroupAppsAction,
  addGroupMembersAction,
  addGroupRolesAction,
  deleteGroupAction,
  findPeopleAction,
  removeGroupAppsAction,
  removeGroupMembersAction,
  removeGroupRolesAction,
  updateGroupAction,
} from "@/app/(console)/[organization]/admin/settings/access-control/groups/actions"
import { NoPermission } from "@/components/access/no-permission"
import { type GroupDetail, type GroupTab, groupTabs } from "@/components/access-control/groups/group"
import { GroupApps } from "@/components/access-control/groups/group-apps"
import { GroupHead } from "@/components/access-control/groups/group-head"
import { GroupMembers } from "@/components/access-control/groups/group-members"
import { GroupRoles } from "@/components/access-control/groups/group-roles"
import { GroupTabs } from "@/components/access-control/groups/group-tabs"
import { Refused } from "@/components/navigation/refused"
import { titleOfThing } from "@/components/page-title"
import { run } from "@/lib/http/run"
import { findGroup } from "@/lib/operations/groups/find"
import { listMemberChoices } from "@/lib/operations/members/member-choices"

interface PageProps {
  readonly params: Promise<{ readonly organization: string; readonly group: string }>
  readonly searchParams: Promise<{ readonly tab?: string | readonly string[] }>
}

// Title and page need the same data; it is looked up once per request.
const findGroupOnce = cache((organization: string, id: string) => run(findGroup, organization, { id }))

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { organization, group: id } = await params
  // The page itself responds with not found, or redirects to the sign-in page.
  const found = await findGroupOnce(organization, id).catch(() => null)
  return { title: titleOfThing(found?.ok ? found.value.name : null, "Group") }
}

/** One group: its members, roles and apps. */
export default async function GroupPage({ params, searchParams }: PageProps) {
  const { organization, group: id } = await params
  const { tab = "members" } = await searchParams
  const found = await findGroupOnce(organization, id)
  if (!found.ok) {
    // A url without a valid id names nothing.
    if (found.code === "invalid") notFound()
    return found.code === "forbidden" ? <NoPermission {...found} /> : <Refused {...found} />
  }
  const here = groupTabs.find(each => each === tab)
  if (here === undefined) notFound()
  const listPath = `/${organization}/admin/settings/access-control/groups`
  return (
    <div className="grid gap-4">
      <GroupHead
        listPath={listPath}
        group={found.value}
        updateGroup={updateGroupAction.bind(null, organization)}
        deleteGroup={deleteGroupAction.bind(null, organization)}
      />
      <GroupTabs path={`${listPath}/${id}`} group={found.value} here={here} />
      <Part organization={organization} group={found.value} here={here} />
    </div>
  )
}

interface PartProps {
  readonly organization: string
  readonly group: GroupDetail
  readonly here: GroupTab
}

async function Part({ organization, group, here }: PartProps) {
  if (here === "roles") {
    return (
      <GroupRoles
        slug={organization}
        group={group}
        addRoles={addGroupRolesAction.bind(null, organization)}
        removeRoles={removeGroupRolesAction.bind(null, organization)}
      />
    )
  }
  if (here === "apps") {
    return (
      <GroupApps
        group={group}
        addApps={addGroupAppsAction.bind(null, organization)}
        removeApps={removeGroupAppsAction.bind(null, organization)}
      />
    )
  }
  const people = await run(listMemberChoices, organization, {})
  if (!people.ok) return people.code === "forbidden" ? <NoPermission {...people} /> : <Refused {...people} />
  return (
    <GroupMembers
      slug={organization}
      group={group}
      people={{ ...people.value, find: findPeopleAction.bind(null, organization) }}
      addMembers={addGroupMembersAction.bind(null, organization)}
      removeMembers={removeGroupMembersAction.bind(null, organization)}
    />
  )
}
