import type { ReactNode } from "react"
import { Page } from "@/components/navigation/page"
import { PageHeader } from "@/components/navigation/page-header"
import { Refused } from "@/components/navigation/refused"
import { CaptureTabs } from "@/components/settings/capture/capture-tabs"
import { LossBanner } from "@/components/settings/capture/loss-banner"
import { run } from "@/lib/http/run"
import { listCaptureProducers } from "@/lib/operations/capture/producers"
import { findUserSession } from "@/lib/operations/sign-in/user-session"

interface LayoutProps {
  readonly children: ReactNode
  readonly params: Promise<{ readonly organization: string }>
}

/** The frame of Capture, with the banner about lost calls. Each page checks its permission itself. */
export default async function CaptureLayout({ children, params }: LayoutProps) {
  const { organization } = await params
  const session = await run(findUserSession, organization, {})
  if (!session.ok) return <Refused {...session} />
  if (!session.value.permissions.includes("CAPTURE-MANAGEMENT")) return children
  const producers = await run(listCaptureProducers, organization, {})
  return (
    <Page>
      <PageHeader
        title="Capture"
        description="Which API calls are recorded, and how much of them. Secrets never are."
      />
      {producers.ok ? <LossBanner slug={organization} {...producers.value} now={new Date()} /> : null}
      <CaptureTabs slug={organization} />
      {children}
    </Page>
  )
}
