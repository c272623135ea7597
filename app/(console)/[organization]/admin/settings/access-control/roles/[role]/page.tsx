import type { Metadata } from "next"
import Link from "next/link"
import { notFound } from "next/navigation"
import { cache } from "react"
import {
  createRoleAction,
  deleteRoleAction,
  updateRoleAction,
} from "@/app/(console)/[organization]/admin/settings/access-control/roles/actions"
import { NoPermission } from "@/components/access/no-permission"
import { RoleActions } from "@/components/access-control/roles/role-actions"
import { RoleFacts } from "@/components/access-control/roles/role-page"
import { Refused } from "@/components/navigation/refused"
import { titleOfThing } from "@/components/page-title"
import { Badge } from "@/components/ui/badge"
import { run } from "@/lib/http/run"
import { findRoleDetail } from "@/lib/operations/roles/find"
import { listRoleOptions } from "@/lib/operations/roles/list-options"
import { listRoleChoicesToHandOut } from "@/lib/operations/roles/role-choices"

interface PageProps {
  readonly params: Promise<{ readonly organization: string; readonly role: string }>
}

// Title and page need the same data; it is looked up once per request.
const findRoleOnce = cache((organization: string, id: string) => run(findRoleDetail, organization, { id }))

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { organization, role: id } = await params
  // The page itself responds with not found, or redirects to the sign-in page.
  const found = await findRoleOnce(organization, id).catch(() => null)
  return { title: titleOfThing(found?.ok ? found.value.name : null, "Role") }
}

/** One role: its permissions, its holders, and the actions on it. */
export default async function RolePage({ params }: PageProps) {
  const { organization, role: id } = await params
  const found = await findRoleOnce(organization, id)
  if (!found.ok) {
    // A url without a valid id names nothing.
    if (found.code === "invalid") notFound()
    return found.code === "forbidden" ? <NoPermission {...found} /> : <Refused {...found} />
  }
  const options = await run(listRoleOptions, organization, {})
  if (!options.ok)
    return options.code === "forbidden" ? <NoPermission {...options} /> : <Refused {...options} />
  const choices = await run(listRoleChoicesToHandOut, organization, {})
  if (!choices.ok)
    return choices.code === "forbidden" ? <NoPermission {...choices} /> : <Refused {...choices} />
  const { holders, ...role } = found.value
  const refusal = choices.value.find(choice => choice.id === id)?.refusal ?? null
  const listPath = `/${organization}/admin/settings/access-control/roles`
  return (
    <div className="grid gap-6">
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="grid min-w-0 gap-0.5">
          <Link href={listPath} className="w-fit text-sm text-link hover:underline">
            Roles
          </Link>
          <h2 className="text-lg font-semibold wrap-anywhere">
            {role.name}
            {role.builtIn ? (
              <Badge tone="outline" className="ml-2">
                Built in
              </Badge>
            ) : null}
          </h2>
          {role.description ? (
            <p className="max-w-prose text-muted-foreground text-pretty">{role.description}</p>
          ) : null}
          {refusal === null || role.builtIn ? null : (
            <p className="max-w-prose text-muted-foreground text-pretty">
              {refusal} So you cannot change or delete it either.
            </p>
          )}
        </div>
        <RoleActions
          listPath={listPath}
          role={role}
          names={choices.value.map(({ name }) => name)}
          replacements={choices.value.filter(choice => choice.id !== id && choice.refusal === null)}
          options={options.value}
          refusal={refusal}
          createRole={createRoleAction.bind(null, organization)}
          updateRole={updateRoleAction.bind(null, organization)}
          deleteRole={deleteRoleAction.bind(null, organization)}
        />
      </div>
      <RoleFacts slug={organization} role={role} holders={holders} />
    </div>
  )
}
