import { ChevronRight } from "lucide-react"
import type { Metadata } from "next"
import Link from "next/link"
import { redirect } from "next/navigation"
import { Page } from "@/components/navigation/page"
import { PageHeader } from "@/components/navigation/page-header"
import { adminPath, type Place, settingsPath } from "@/components/navigation/places"
import { Refused } from "@/components/navigation/refused"
import type { Permission } from "@/lib/access/permissions"
import { run } from "@/lib/http/run"
import { findUserSession } from "@/lib/operations/sign-in/user-session"

export const metadata: Metadata = { title: "Admin" }

/** The tasks of an administrator, in words; the left navigation has the names of the places. */
const tasks: readonly (Place & { readonly about: string })[] = [
  {
    label: "Read what happened",
    about: "Who did what, to what, when, from where, and with which outcome.",
    path: `${adminPath}/audit-logs`,
    permissions: ["LOG-OWN"],
  },
  {
    label: "Create and assign roles",
    about: "What a role lets its holders do, and the groups whose members hold it.",
    path: `${settingsPath}/access-control/roles`,
    permissions: ["ROLE-MANAGEMENT"],
  },
  {
    label: "Invite people and manage members",
    about: "Who belongs to the organization, what they hold and why, and where they are signed in.",
    path: `${settingsPath}/access-control/members`,
    permissions: ["MEMBER-MANAGEMENT"],
  },
  {
    label: "Connect what sends events",
    about: "The systems that write to the log, and their API keys.",
    path: `${settingsPath}/apps`,
    permissions: ["APP-MANAGEMENT"],
  },
  {
    label: "Decide what is recorded of API calls",
    about: "Levels, rules and parts of an entry, the producers that follow them, and who changed what.",
    path: `${settingsPath}/capture`,
    permissions: ["CAPTURE-MANAGEMENT"],
  },
  {
    label: "Change the name and the URL",
    about: "What this organization is called, where people find it, and how to create another one.",
    path: `${settingsPath}/organization`,
    permissions: ["ORGANIZATION-MANAGEMENT"],
  },
]

interface PageProps {
  readonly params: Promise<{ readonly organization: string }>
}

/** The page of Admin: the tasks that the person can do. The audit logs tell a person who can do none. */
export default async function AdminPage({ params }: PageProps) {
  const { organization } = await params
  const session = await run(findUserSession, organization, {})
  if (!session.ok) return <Refused {...session} />
  const open = tasks.filter(task => holdsOne(session.value.permissions, task))
  if (open.length === 0) redirect(`/${encodeURIComponent(organization)}${adminPath}/audit-logs`)
  return (
    <Page>
      <PageHeader title="Admin" description={`What you can do in ${session.value.organization?.name}.`} />
      <ul className="grid max-w-3xl divide-y rounded-md border bg-card">
        {open.map(({ label, about, path }) => (
          <li key={path}>
            <Link
              href={`/${organization}${path}`}
              className="flex items-center gap-3 rounded-md px-4 py-3 focus-inset hover:bg-muted"
            >
              <span className="grid min-w-0 flex-1 gap-0.5">
                <span className="font-medium">{label}</span>
                <span className="text-sm text-muted-foreground text-pretty">{about}</span>
              </span>
              <ChevronRight aria-hidden="true" className="size-4 shrink-0 text-muted-foreground" />
            </Link>
          </li>
        ))}
      </ul>
    </Page>
  )
}

function holdsOne(permissions: readonly Permission[], place: Place): boolean {
  return place.permissions.some(needed => permissions.includes(needed))
}
