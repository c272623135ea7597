import type { Metadata } from "next"
import { NoPermission } from "@/components/access/no-permission"
import { GroupsList } from "@/components/access-control/groups/groups-list"
import { Refused } from "@/components/navigation/refused"
import { run } from "@/lib/http/run"
import { listGroups } from "@/lib/operations/groups/list"
import { createGroupAction } from "./actions"

export const metadata: Metadata = { title: "Groups" }

interface PageProps {
  readonly params: Promise<{ readonly organization: string }>
}

/** The groups of the organization, and the button that creates one. */
export default async function GroupsPage({ params }: PageProps) {
  const { organization } = await params
  const groups = await run(listGroups, organization, {})
  if (!groups.ok) return groups.code === "forbidden" ? <NoPermission {...groups} /> : <Refused {...groups} />
  return (
    <GroupsList
      slug={organization}
      groups={groups.value}
      createGroup={createGroupAction.bind(null, organization)}
    />
  )
}
