import type { Metadata } from "next"
import type { ReactNode } from "react"
import { proveAction, signOutAction } from "@/app/(console)/actions"
import { Refused } from "@/components/navigation/refused"
import { Shell } from "@/components/navigation/shell"
import { run } from "@/lib/http/run"
import { findUserSession } from "@/lib/operations/sign-in/user-session"

interface LayoutProps {
  readonly children: ReactNode
  readonly params: Promise<{ readonly organization: string }>
}

export async function generateMetadata({ params }: LayoutProps): Promise<Metadata> {
  const { organization } = await params
  return { title: { default: organization, template: `%s · ${organization} · Auditorium` } }
}

/** The frame of an organization's pages. It shows and hides links; each page asks for its permission itself. */
export default async function OrganizationLayout({ children, params }: LayoutProps) {
  const { organization } = await params
  const session = await run(findUserSession, organization, {})
  if (!session.ok) {
    return (
      <main>
        <Refused {...session} />
      </main>
    )
  }
  return (
    <Shell {...session.value} signOut={signOutAction} prove={proveAction}>
      {children}
    </Shell>
  )
}
