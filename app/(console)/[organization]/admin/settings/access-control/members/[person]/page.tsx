import type { Metadata } from "next"
import Link from "next/link"
import { notFound } from "next/navigation"
import { cache } from "react"
import {
  changeMemberAction,
  endMemberSessionsAction,
  reactivateMemberAction,
  removeMemberAction,
  suspendMemberAction,
} from "@/app/(console)/[organization]/admin/settings/access-control/members/actions"
import { NoPermission } from "@/components/access/no-permission"
import { EndSessions } from "@/components/access-control/members/end-sessions"
import { MemberActions } from "@/components/access-control/members/member-actions"
import { MemberFacts } from "@/components/access-control/members/member-page"
import { MemberStatus } from "@/components/access-control/members/member-status"
import { Refused } from "@/components/navigation/refused"
import { titleOfThing } from "@/components/page-title"
import { Alert } from "@/components/ui/alert"
import { Badge } from "@/components/ui/badge"
import { run } from "@/lib/http/run"
import { findMember } from "@/lib/operations/members/find"
import { listRoleChoicesToHandOut } from "@/lib/operations/roles/role-choices"
import { findUserSession } from "@/lib/operations/sign-in/user-session"

interface PageProps {
  readonly params: Promise<{ readonly organization: string; readonly person: string }>
}

// Title and page need the same data; it is looked up once per request.
const findMemberOnce = cache((organization: string, id: string) =>
  run(findMember, organization, { personId: id }),
)

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { organization, person: id } = await params
  // The page itself responds with not found, or redirects to the sign-in page.
  const found = await findMemberOnce(organization, id).catch(() => null)
  return { title: titleOfThing(found?.ok ? found.value.name : null, "Member") }
}

/** One member: what they hold and why, their sessions, and the actions on them. */
export default async function MemberPage({ params }: PageProps) {
  const { organization: slug, person } = await params
  const found = await findMemberOnce(slug, person)
  if (!found.ok) {
    // A url without a valid id names nobody.
    if (found.code === "invalid") notFound()
    return found.code === "forbidden" ? <NoPermission {...found} /> : <Refused {...found} />
  }
  const session = await run(findUserSession, slug, {})
  if (!session.ok) return <Refused {...session} />
  const { permissions, organization } = session.value
  const givesRoles = permissions.includes("ROLE-MANAGEMENT")
  const choices = givesRoles ? await run(listRoleChoicesToHandOut, slug, {}) : null
  if (choices && !choices.ok) return <Refused {...choices} />
  const member = found.value
  const listPath = `/${slug}/admin/settings/access-control/members`
  const endable = member.sessions.some(({ isThisOne }) => !isThisOne) && member.refusal === null
  return (
    <div className="grid gap-6">
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="grid min-w-0 gap-0.5">
          <Link href={listPath} className="w-fit text-sm text-link hover:underline">
            Members
          </Link>
          <h2 className="flex flex-wrap items-center gap-2 text-lg font-semibold wrap-anywhere">
            {member.name}
            <MemberStatus status={member.status} />
            {member.isSelf ? <Badge tone="outline">You</Badge> : null}
          </h2>
          <p className="text-muted-foreground wrap-anywhere">{member.email}</p>
        </div>
        {member.refusal === null ? (
          <MemberActions
            organizationName={organization?.name ?? slug}
            listPath={listPath}
            member={member}
            roleChoices={choices?.value ?? null}
            changeRoles={changeMemberAction.bind(null, slug)}
            suspend={suspendMemberAction.bind(null, slug)}
            reactivate={reactivateMemberAction.bind(null, slug)}
            remove={removeMemberAction.bind(null, slug)}
          />
        ) : null}
      </div>
      {member.refusal === null ? null : <Alert>{member.refusal}</Alert>}
      <MemberFacts
        slug={slug}
        member={member}
        seesLog={permissions.includes("LOG-MANAGEMENT")}
        endSessions={
          endable ? (
            <EndSessions member={member} endSessions={endMemberSessionsAction.bind(null, slug)} />
          ) : null
        }
      />
    </div>
  )
}
