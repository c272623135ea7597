import type { Metadata } from "next"
import { NoPermission } from "@/components/access/no-permission"
import { RolesList } from "@/components/access-control/roles/roles-list"
import { Refused } from "@/components/navigation/refused"
import { run } from "@/lib/http/run"
import { listRoles } from "@/lib/operations/roles/list"
import { listRoleOptions } from "@/lib/operations/roles/list-options"
import { createRoleAction } from "./actions"

export const metadata: Metadata = { title: "Roles" }

interface PageProps {
  readonly params: Promise<{ readonly organization: string }>
}

/** The roles of the organization, and the button that creates one. */
export default async function RolesPage({ params }: PageProps) {
  const { organization } = await params
  const roles = await run(listRoles, organization, {})
  if (!roles.ok) return roles.code === "forbidden" ? <NoPermission {...roles} /> : <Refused {...roles} />
  const options = await run(listRoleOptions, organization, {})
  if (!options.ok)
    return options.code === "forbidden" ? <NoPermission {...options} /> : <Refused {...options} />
  return (
    <RolesList
      slug={organization}
      roles={roles.value}
      options={options.value}
      createRole={createRoleAction.bind(null, organization)}
    />
  )
}
