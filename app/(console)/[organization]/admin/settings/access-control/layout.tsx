import type { ReactNode } from "react"
import { AccessControlTabs } from "@/components/access-control/access-control-tabs"
import { Page } from "@/components/navigation/page"
import { PageHeader } from "@/components/navigation/page-header"
import { Refused } from "@/components/navigation/refused"
import { run } from "@/lib/http/run"
import { findUserSession } from "@/lib/operations/sign-in/user-session"
import { InviteMemberAction } from "./invitations/invite-member-action"

interface LayoutProps {
  readonly children: ReactNode
  readonly params: Promise<{ readonly organization: string }>
}

/** The frame of access control. It shows and hides tabs; each page checks its permission itself. */
export default async function AccessControlLayout({ children, params }: LayoutProps) {
  const { organization } = await params
  const session = await run(findUserSession, organization, {})
  if (!session.ok) return <Refused {...session} />
  const { permissions } = session.value
  const managesMembers = permissions.includes("MEMBER-MANAGEMENT")
  if (!managesMembers && !permissions.includes("ROLE-MANAGEMENT")) return children
  return (
    <Page>
      <PageHeader
        title="Access Control"
        description="Who belongs to this organization, and what they may do in it."
        actions={managesMembers ? <InviteMemberAction organization={organization} /> : null}
      />
      <AccessControlTabs slug={organization} permissions={permissions} />
      {children}
    </Page>
  )
}
