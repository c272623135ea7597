import type { Metadata } from "next"
import type { ReactNode } from "react"
import { requestSignInLinkAction } from "@/app/(auth)/sign-in/actions"
import { createOrganizationAction } from "@/app/(console)/[organization]/admin/settings/organization/actions"
import { proveAction, rememberZoneAction, signOutAction } from "@/app/(console)/actions"
import { Refused } from "@/components/navigation/refused"
import { Shell } from "@/components/navigation/shell"
import { pageSession } from "@/lib/http/page-session"
import { reservedSlugs } from "@/lib/operations/organizations/create"

interface LayoutProps {
  readonly children: ReactNode
  readonly params: Promise<{ readonly organization: string }>
}

export async function generateMetadata({ params }: LayoutProps): Promise<Metadata> {
  const { organization } = await params
  // The frame below responds with not found, or redirects to the sign-in page; it needs a title all the same.
  const session = await pageSession(organization).catch(() => null)
  if (session === null) return { title: "Auditorium" }
  const name = session.ok ? (session.value.organization?.name ?? organization) : organization
  return { title: { default: name, template: `%s · ${name} · Auditorium` } }
}

/** The frame of an organization's pages. It shows and hides links; each page checks its permission itself. */
export default async function OrganizationLayout({ children, params }: LayoutProps) {
  const { organization } = await params
  const session = await pageSession(organization)
  if (!session.ok) {
    return (
      <main>
        <Refused {...session} />
      </main>
    )
  }
  return (
    <Shell
      {...session.value}
      signOut={signOutAction}
      prove={proveAction}
      rememberZone={rememberZoneAction}
      requestLink={requestSignInLinkAction}
      create={{
        createOrganization: createOrganizationAction.bind(null, organization),
        reservedSlugs: [...reservedSlugs],
      }}
    >
      {children}
    </Shell>
  )
}
