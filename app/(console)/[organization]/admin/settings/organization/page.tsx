import type { Metadata } from "next"
import { NoPermission } from "@/components/access/no-permission"
import { SettingsSection } from "@/components/account/settings-section"
import { Page } from "@/components/navigation/page"
import { PageHeader } from "@/components/navigation/page-header"
import { Refused } from "@/components/navigation/refused"
import { ClarifaiUserIds } from "@/components/organization/clarifai-user-ids"
import { CreateOrganization } from "@/components/organization/create-organization"
import { JobsSection } from "@/components/organization/jobs-section"
import { JobsTable } from "@/components/organization/jobs-table"
import { OrganizationForm } from "@/components/organization/organization-form"
import { SupportDump } from "@/components/organization/support-dump"
import { CopyButton } from "@/components/ui/copy-button"
import { OwnTime } from "@/components/zone/own-time"
import { run } from "@/lib/http/run"
import { listClarifaiUserIds } from "@/lib/operations/clarifai/user-ids"
import { findOrganization } from "@/lib/operations/organizations/change"
import { reservedSlugs } from "@/lib/operations/organizations/create"
import { listJobs } from "@/lib/operations/organizations/jobs"
import {
  createClarifaiUserIdAction,
  createOrganizationAction,
  deleteClarifaiUserIdAction,
  updateOrganizationAction,
} from "./actions"

export const metadata: Metadata = { title: "Organization" }

interface PageProps {
  readonly params: Promise<{ readonly organization: string }>
}

/** The name and the slug of the organization, its Clarifai user ids, the jobs of the installation, and the button that creates another one. */
export default async function OrganizationPage({ params }: PageProps) {
  const { organization: slug } = await params
  const [found, jobs, userIds] = await Promise.all([
    run(findOrganization, slug, {}),
    run(listJobs, slug, {}),
    run(listClarifaiUserIds, slug, {}),
  ])
  if (!found.ok) return found.code === "forbidden" ? <NoPermission {...found} /> : <Refused {...found} />
  const { id, name, createdAt } = found.value
  return (
    <Page narrow>
      <PageHeader title="Organization" description="What it is called, and where people find it." />
      <SettingsSection
        id="name-and-address"
        title="Name and URL"
        description="Events that are recorded already keep the names of their time."
      >
        <OrganizationForm
          key={slug}
          name={name}
          slug={slug}
          updateOrganization={updateOrganizationAction.bind(null, slug)}
        />
      </SettingsSection>
      <SettingsSection id="identity" title="Identity" description="The id never changes, whatever the name.">
        <dl className="grid grid-cols-[auto_minmax(0,1fr)] items-center gap-x-6 gap-y-2">
          <dt className="text-muted-foreground">Id</dt>
          <dd className="flex min-w-0 items-center gap-1">
            <code className="font-data wrap-anywhere">{id}</code>
            <CopyButton value={id} label="Organization id" />
          </dd>
          <dt className="text-muted-foreground">Created</dt>
          <dd>
            <OwnTime instant={new Date(createdAt)} format="minute" />
          </dd>
        </dl>
      </SettingsSection>
      <SettingsSection
        id="clarifai-user-ids"
        title="Clarifai user ids"
        description="By which programs for Clarifai’s audit-log API call this organization, besides its URL name and its id."
      >
        {userIds.ok ? (
          <ClarifaiUserIds
            userIds={userIds.value}
            add={createClarifaiUserIdAction.bind(null, slug)}
            remove={deleteClarifaiUserIdAction.bind(null, slug)}
          />
        ) : (
          <p className="text-sm">{userIds.message}</p>
        )}
      </SettingsSection>
      <JobsSection>
        {jobs.ok ? <JobsTable jobs={jobs.value} /> : <p className="text-sm">{jobs.message}</p>}
      </JobsSection>
      <SettingsSection
        id="support-dump"
        title="Support dump"
        description="For somebody who helps you: versions, settings and state as a zip file. Secrets are shown as set or not set."
      >
        <SupportDump address={`/${slug}/admin/settings/organization/support-dump`} />
      </SettingsSection>
      <SettingsSection
        id="another"
        title="Another organization"
        description="For another tenant, another company, another trial: its log is apart from this one."
      >
        <CreateOrganization
          createOrganization={createOrganizationAction.bind(null, slug)}
          reservedSlugs={[...reservedSlugs]}
        />
      </SettingsSection>
    </Page>
  )
}
