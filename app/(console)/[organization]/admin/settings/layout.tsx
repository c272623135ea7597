import type { ReactNode } from "react"
import { Refused } from "@/components/navigation/refused"
import { settingsTabsFor } from "@/components/settings/settings-places"
import { SettingsTabs } from "@/components/settings/settings-tabs"
import { run } from "@/lib/http/run"
import { findUserSession } from "@/lib/operations/sign-in/user-session"

interface LayoutProps {
  readonly children: ReactNode
  readonly params: Promise<{ readonly organization: string }>
}

/** The frame of Settings, one page with tabs. It shows and hides tabs; each page checks its permission itself. */
export default async function SettingsLayout({ children, params }: LayoutProps) {
  const { organization } = await params
  const session = await run(findUserSession, organization, {})
  if (!session.ok) return <Refused {...session} />
  const { permissions } = session.value
  if (settingsTabsFor(permissions).length === 0) return children
  return (
    <>
      <SettingsTabs slug={organization} permissions={permissions} />
      {children}
    </>
  )
}
