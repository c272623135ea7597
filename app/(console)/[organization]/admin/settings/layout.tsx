import type { ReactNode } from "react"
import { Refused } from "@/components/navigation/refused"
import { settingsTabsFor } from "@/components/settings/settings-places"
import { SettingsTabs } from "@/components/settings/settings-tabs"
import { troublesOf } from "@/components/settings/sinks/trouble"
import { TroubleNotice } from "@/components/settings/sinks/trouble-notice"
import { run } from "@/lib/http/run"
import { findUserSession } from "@/lib/operations/sign-in/user-session"
import { listSinks } from "@/lib/operations/sinks/list"

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
      {permissions.includes("SINK-MANAGEMENT") ? <SinkTrouble organization={organization} /> : null}
      {children}
    </>
  )
}

/** Somebody who looks after sinks learns on every page of Settings that one does not deliver. The page of the sinks says why it cannot be read. */
async function SinkTrouble({ organization }: { readonly organization: string }) {
  const found = await run(listSinks, organization, {})
  return found.ok ? (
    <TroubleNotice slug={organization} troubles={troublesOf(found.value.sinks, new Date())} />
  ) : null
}
