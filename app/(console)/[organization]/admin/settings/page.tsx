import { redirect } from "next/navigation"
import { Refused } from "@/components/navigation/refused"
import { settingsTabsFor } from "@/components/settings/settings-places"
import { run } from "@/lib/http/run"
import { findUserSession } from "@/lib/operations/sign-in/user-session"

interface PageProps {
  readonly params: Promise<{ readonly organization: string }>
}

/** Redirects to the first tab that the person may see; without any, access control shows the missing permission. */
export default async function SettingsPage({ params }: PageProps) {
  const { organization } = await params
  const session = await run(findUserSession, organization, {})
  if (!session.ok) return <Refused {...session} />
  const [first] = settingsTabsFor(session.value.permissions)
  redirect(`/${encodeURIComponent(organization)}${first?.path ?? "/admin/settings/access-control/members"}`)
}
