import { redirect } from "next/navigation"
import { settingsTabsFor } from "@/components/navigation/places"
import { Refused } from "@/components/navigation/refused"
import { run } from "@/lib/http/run"
import { findUserSession } from "@/lib/operations/sign-in/user-session"

interface PageProps {
  readonly params: Promise<{ readonly organization: string }>
}

/** Settings opens on the first tab that the person may see; who may see none is told so by that of access control. */
export default async function SettingsPage({ params }: PageProps) {
  const { organization } = await params
  const session = await run(findUserSession, organization, {})
  if (!session.ok) return <Refused {...session} />
  const [first] = settingsTabsFor(session.value.permissions)
  redirect(`/${encodeURIComponent(organization)}${first?.path ?? "/admin/settings/access-control/members"}`)
}
