import { membersManagingSinks, type OrganizationRef } from "@/lib/access/principal"
import { captureLossMail } from "@/lib/mail/messages/sink"
import { enqueueMail } from "@/lib/mail/queue"
import { inOrganization, type JobPlatform, type JobWork } from "@/lib/operations/core/job-work"
import { type Told, tellingJob } from "./tell"

const candidates = `
  SELECT id::text, slug, name FROM organization
  WHERE capture_lost_at IS NOT NULL AND (capture_lost_told_at IS NULL OR capture_lost_told_at <= $1::timestamptz - interval '1 hour')
  ORDER BY id LIMIT 1000`

/** Tells the logs and the administrators of organizations that SDKs or proxies have lost calls: at most once an hour. */
export async function tellLosses(platform: JobPlatform, at: Date): Promise<Told> {
  const organizations = await platform.database.queryDirectly<OrganizationRef>(candidates, [at.toISOString()])
  const told = { events: 0, mails: 0 }
  for (const organization of organizations) {
    const mails = await tellOf(platform, organization, at)
    if (mails === null) continue
    told.events += 1
    told.mails += mails
  }
  return told
}

interface Lost {
  readonly dropped: number
  readonly instances: number
  readonly appNames: readonly string[]
}

/** Returns the number of mails; null when there was nothing new to tell. */
function tellOf(platform: JobPlatform, organization: OrganizationRef, at: Date): Promise<number | null> {
  const requestId = `${tellingJob}:${organization.id}`
  return inOrganization(platform, { job: tellingJob, organization, at, requestId }, async work => {
    const lost = await takeLosses(work, organization.id)
    await work.tx.query(
      `UPDATE organization SET capture_lost_at = NULL, capture_lost_told_at = coalesce($2::timestamptz, capture_lost_told_at)
       WHERE id = $1::uuid`,
      [organization.id, lost === null ? null : at.toISOString()],
    )
    if (lost === null) return null
    const { dropped, instances, appNames } = lost
    work.record({
      operation: "capture_producer.lose",
      about: {
        targets: [{ type: "organization", id: organization.id, name: organization.name }],
        description: `${dropped} calls were lost before they were recorded.`,
        details: [`Reported by ${instances} instances of: ${appNames.slice(0, 20).join(", ")}.`],
        metadata: { dropped, instances },
      },
      outcome: {
        status: "failure",
        statusMessage: "SDKs or proxies reported that they could not record calls.",
      },
    })
    const url = `${platform.env.baseUrl}/${organization.slug}/admin/settings/capture`
    const message = captureLossMail({ ...lost, organizationName: organization.name, at, url })
    const people = await membersManagingSinks(work.tx, organization.id)
    for (const { email } of people) {
      await enqueueMail(work.prisma, { purpose: "capture-loss", recipient: email, message, at })
    }
    return people.length
  })
}

/** Returns what was lost and not told yet, and marks it as told. */
async function takeLosses({ tx }: JobWork, organizationId: string): Promise<Lost | null> {
  const rows = await tx.query<{ dropped: number; name: string }>(
    `WITH news AS (
       SELECT app_id, instance, dropped, dropped_told FROM capture_instance
       WHERE organization_id = $1::uuid AND dropped > dropped_told FOR UPDATE
     ), told AS (
       UPDATE capture_instance i SET dropped_told = news.dropped FROM news
       WHERE i.organization_id = $1::uuid AND i.app_id = news.app_id AND i.instance = news.instance
       RETURNING i.app_id, news.dropped - news.dropped_told AS dropped
     )
     SELECT told.dropped, app.name FROM told JOIN app ON app.organization_id = $1::uuid AND app.id = told.app_id ORDER BY app.name`,
    [organizationId],
  )
  if (rows.length === 0) return null
  const dropped = rows.reduce((sum, row) => sum + row.dropped, 0)
  return { dropped, instances: rows.length, appNames: [...new Set(rows.map(({ name }) => name))] }
}
