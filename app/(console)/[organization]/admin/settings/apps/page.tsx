import type { Metadata } from "next"
import { NoPermission } from "@/components/access/no-permission"
import { Page } from "@/components/navigation/page"
import { PageHeader } from "@/components/navigation/page-header"
import { Refused } from "@/components/navigation/refused"
import { withKeys } from "@/components/settings/apps/app-row"
import { AppsList } from "@/components/settings/apps/apps-list"
import { run } from "@/lib/http/run"
import { listApiKeys } from "@/lib/operations/api-keys/list"
import { listApps } from "@/lib/operations/apps/list"
import { createAppAction } from "./actions"

export const metadata: Metadata = { title: "Apps" }

interface PageProps {
  readonly params: Promise<{ readonly organization: string }>
}

/** The apps of the organization, and the button that creates one. */
export default async function AppsPage({ params }: PageProps) {
  const { organization } = await params
  const apps = await run(listApps, organization, {})
  if (!apps.ok) return apps.code === "forbidden" ? <NoPermission {...apps} /> : <Refused {...apps} />
  const keys = await run(listApiKeys, organization, {})
  if (!keys.ok) return keys.code === "forbidden" ? <NoPermission {...keys} /> : <Refused {...keys} />
  return (
    <Page>
      <PageHeader title="Apps" description="The systems that send events into this organization's log." />
      <AppsList
        slug={organization}
        apps={withKeys(apps.value, keys.value)}
        createApp={createAppAction.bind(null, organization)}
      />
    </Page>
  )
}
