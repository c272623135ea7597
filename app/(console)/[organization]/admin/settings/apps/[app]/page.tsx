import type { Metadata } from "next"
import Link from "next/link"
import { notFound } from "next/navigation"
import { cache } from "react"
import {
  archiveAppAction,
  createKeyAction,
  restoreAppAction,
  revokeKeyAction,
  rotateKeyAction,
  updateAppAction,
  updateKeyAction,
} from "@/app/(console)/[organization]/admin/settings/apps/actions"
import { NoPermission } from "@/components/access/no-permission"
import { Page } from "@/components/navigation/page"
import { PageHeader } from "@/components/navigation/page-header"
import { Refused } from "@/components/navigation/refused"
import { titleOfThing } from "@/components/page-title"
import { AppActions } from "@/components/settings/apps/app-actions"
import { ArchivedNote } from "@/components/settings/apps/archived-note"
import { AppKeys } from "@/components/settings/keys/app-keys"
import { scopeChoices } from "@/components/settings/keys/scopes"
import { Alert } from "@/components/ui/alert"
import { baseUrl } from "@/lib/http/base-url"
import { run } from "@/lib/http/run"
import { listApiKeys } from "@/lib/operations/api-keys/list"
import { findAppUses } from "@/lib/operations/apps/find-uses"
import { listApps } from "@/lib/operations/apps/list"
import { findUserSession } from "@/lib/operations/sign-in/user-session"
import { CollaboratorsSection } from "./collaborators-section"

interface PageProps {
  readonly params: Promise<{ readonly organization: string; readonly app: string }>
}

// Title and page need the same data; it is looked up once per request.
const listAppsOnce = cache((organization: string) => run(listApps, organization, {}))

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { organization, app: slug } = await params
  // The page itself responds with not found, or redirects to the sign-in page.
  const apps = await listAppsOnce(organization).catch(() => null)
  const app = apps?.ok ? apps.value.find(candidate => candidate.slug === slug) : undefined
  return { title: titleOfThing(app?.name ?? null, "App") }
}

/** One app: its actions, its keys, and how it sends its first event. */
export default async function AppPage({ params }: PageProps) {
  const { organization, app: slug } = await params
  const apps = await listAppsOnce(organization)
  if (!apps.ok) return apps.code === "forbidden" ? <NoPermission {...apps} /> : <Refused {...apps} />
  const app = apps.value.find(candidate => candidate.slug === slug)
  if (!app) notFound()
  const keys = await run(listApiKeys, organization, { app: slug })
  if (!keys.ok) return keys.code === "forbidden" ? <NoPermission {...keys} /> : <Refused {...keys} />
  const uses = await run(findAppUses, organization, { app: slug })
  if (!uses.ok) return uses.code === "forbidden" ? <NoPermission {...uses} /> : <Refused {...uses} />
  const session = await run(findUserSession, organization, {})
  const held = session.ok ? session.value.permissions : []
  return (
    <Page>
      <PageHeader
        above={
          <Link
            href={`/${organization}/admin/settings/apps`}
            className="w-fit text-sm text-link hover:underline"
          >
            Apps
          </Link>
        }
        title={app.name}
        description={<code className="font-data">{app.slug}</code>}
        actions={
          app.builtIn ? null : (
            <AppActions
              app={app}
              uses={uses.value}
              updateApp={updateAppAction.bind(null, organization)}
              archiveApp={archiveAppAction.bind(null, organization)}
              restoreApp={restoreAppAction.bind(null, organization)}
            />
          )
        }
      />
      {app.archivedAt === null ? null : (
        <ArchivedNote organization={organization} app={app} at={app.archivedAt} />
      )}
      {app.builtIn ? (
        <Alert>
          This app carries what is done in the console itself: sign-ins, exports, changes. It needs no key and
          takes none.
        </Alert>
      ) : (
        <AppKeys
          app={app}
          baseUrl={baseUrl()}
          keys={keys.value}
          scopes={scopeChoices(held)}
          createKey={createKeyAction.bind(null, organization)}
          updateKey={updateKeyAction.bind(null, organization)}
          rotateKey={rotateKeyAction.bind(null, organization)}
          revokeKey={revokeKeyAction.bind(null, organization)}
        />
      )}
      <CollaboratorsSection organization={organization} app={app} />
    </Page>
  )
}
