import { membersManagingSinks, type OrganizationRef } from "@/lib/access/principal"
import { dateText } from "@/lib/database/instant"
import { log } from "@/lib/log"
import { sinkTroubleMail } from "@/lib/mail/messages/sink"
import { enqueueMail } from "@/lib/mail/queue"
import { inOrganization, type JobPlatform, type JobWork } from "@/lib/operations/core/job-work"
import { type ServerSink, serverSink } from "@/lib/sinks/server-sink"
import { type News, needsSomebody, newsOf, patienceMs, type ToldCursor } from "./news"
import { newsEvent, type ToldSink } from "./news-events"

/** How much was told. */
export interface Told {
  readonly events: number
  readonly mails: number
}

/** The job whose name its events have. */
export const tellingJob = "tell-sinks"

interface Candidate {
  readonly cursorId: string
  readonly sinkId: string
  readonly organization: OrganizationRef
}

// Positions and counters only: the names are read within the organization.
const candidates = `
  SELECT c.id::text AS "cursorId", c.sink_id::text AS "sinkId", o.id::text, o.slug, o.name
  FROM sink_cursor c JOIN organization o ON o.id = c.organization_id
  WHERE c.past IS NULL AND (
    c.told_at IS NULL AND c.failures > 0 AND (c.first_failure_at <= $2::timestamptz OR c.last_error_kind <> 'later')
    OR c.told_at IS NULL AND c.due_at IS NULL AND (c.failures > 0 OR c.refused > 0 OR c.last_error_kind <> 'later')
    OR c.told_at IS NOT NULL AND c.failures = 0 AND c.last_success_at > c.told_at
    OR c.missed > c.missed_told
    OR c.refused <> c.refused_told AND (c.refused_told_at IS NULL OR c.refused_told_at <= $1::timestamptz - interval '1 hour'))
  ORDER BY c.id LIMIT 1000`

/**
 * Writes what has happened to sinks into the logs of their organizations, and mails their administrators about those that do not deliver.
 * Each thing is told once: what was told is stored in the transaction that tells it.
 */
export async function tellSinkNews(platform: JobPlatform, at: Date): Promise<Told> {
  const rows = await platform.database.queryDirectly<Omit<Candidate, "organization"> & OrganizationRef>(
    candidates,
    [at.toISOString(), new Date(at.getTime() - patienceMs).toISOString()],
  )
  const told = { events: 0, mails: 0 }
  for (const { cursorId, sinkId, ...organization } of rows) {
    const { events, mails } = await tellOf(platform, { cursorId, sinkId, organization }, at)
    told.events += events
    told.mails += mails
  }
  return told
}

async function tellOf(platform: JobPlatform, candidate: Candidate, at: Date): Promise<Told> {
  const { organization, cursorId } = candidate
  const server = serverSink(platform.env.capture.adapter)
  const requestId = `${tellingJob}:${cursorId}`
  return inOrganization(platform, { job: tellingJob, organization, at, requestId }, async work => {
    const found = await lockCursor(work, candidate, server)
    if (found === null) return { events: 0, mails: 0 }
    const news = newsOf(found.cursor, at)
    for (const each of news) work.record(newsEvent(each, found.sink, found.cursor))
    await storeTold(work, found.cursor, { cursorId, news, at })
    const mails = news.includes("fail") ? await tellPeople(platform, work, { ...found, organization, at }) : 0
    return { events: news.length, mails }
  })
}

interface Found {
  readonly cursor: ToldCursor & { readonly behind: number }
  readonly sink: ToldSink
}

interface Row {
  readonly failures: number
  readonly firstFailureAt: string | null
  readonly lastErrorKind: string | null
  readonly lastError: string | null
  readonly lastSuccessAt: string | null
  readonly toldAt: string | null
  readonly missed: number
  readonly missedTold: number
  readonly refused: number
  readonly refusedTold: number
  readonly refusedToldAt: string | null
  readonly behind: number
  readonly name: string | null
  readonly pausedReason: string | null
}

/** Returns the cursor, locked until the transaction ends, with its sink; null when one of them is gone. */
async function lockCursor(
  { tx }: JobWork,
  { cursorId, sinkId, organization }: Candidate,
  server: ServerSink | null,
): Promise<Found | null> {
  const [row] = await tx.query<Row>(
    `SELECT c.failures, ${dateText("c.first_failure_at")} AS "firstFailureAt", c.last_error_kind AS "lastErrorKind",
       c.last_error AS "lastError", ${dateText("c.last_success_at")} AS "lastSuccessAt", ${dateText("c.told_at")} AS "toldAt",
       c.missed, c.missed_told AS "missedTold", c.refused, c.refused_told AS "refusedTold",
       ${dateText("c.refused_told_at")} AS "refusedToldAt",
       greatest(0, coalesce((SELECT h.size FROM ledger.visible_head h), 0) - c.next_index)::bigint AS behind,
       s.name, s.paused_reason AS "pausedReason"
     FROM sink_cursor c LEFT JOIN sink s ON s.organization_id = c.organization_id AND s.id = c.sink_id
     WHERE c.id = $1::uuid AND c.organization_id = $2::uuid FOR UPDATE OF c`,
    [cursorId, organization.id],
  )
  const isServer = server?.id === sinkId
  const name = isServer ? server.name : row?.name
  if (!row || name == null) return null
  const { firstFailureAt, lastSuccessAt, toldAt, refusedToldAt, lastError, name: _, ...counters } = row
  return {
    cursor: {
      ...counters,
      firstFailureAt: dateOf(firstFailureAt),
      lastSuccessAt: dateOf(lastSuccessAt),
      toldAt: dateOf(toldAt),
      refusedToldAt: dateOf(refusedToldAt),
    },
    sink: { id: sinkId, name, isServer, reason: lastError ?? "" },
  }
}

function dateOf(text: string | null): Date | null {
  return text === null ? null : new Date(text)
}

async function storeTold(
  { tx }: JobWork,
  { toldAt, missed, refused, refusedTold, refusedToldAt }: ToldCursor,
  { cursorId, news, at }: { readonly cursorId: string; readonly news: readonly News[]; readonly at: Date },
): Promise<void> {
  const isRefusalTold = news.includes("dead-letter")
  await tx.query(
    `UPDATE sink_cursor SET told_at = $2::timestamptz, missed_told = $3::bigint, refused_told = $4::bigint,
       refused_told_at = $5::timestamptz WHERE id = $1::uuid`,
    [
      cursorId,
      (news.includes("fail") ? at : news.includes("recover") ? null : toldAt)?.toISOString() ?? null,
      missed,
      isRefusalTold ? refused : Math.min(refused, refusedTold),
      (isRefusalTold ? at : refusedToldAt)?.toISOString() ?? null,
    ],
  )
}

interface Failing extends Found {
  readonly organization: OrganizationRef
  readonly at: Date
}

/** Queues the mails. The sink of the environment belongs to the operator: where several organizations share it, only the log says so. */
async function tellPeople(
  { env }: JobPlatform,
  { prisma, tx }: JobWork,
  { sink, cursor, organization, at }: Failing,
): Promise<number> {
  if (sink.isServer) {
    log.error("sink.failing", { sink: sink.name, organization: organization.slug, reason: sink.reason })
    const [others] = await tx.query("SELECT 1 AS other FROM organization WHERE id <> $1::uuid LIMIT 1", [
      organization.id,
    ])
    if (others) return 0
  }
  const message = sinkTroubleMail({
    sinkName: sink.name,
    organizationName: organization.name,
    since: cursor.firstFailureAt,
    reason: sink.reason,
    waiting: cursor.behind,
    needsSomebody: needsSomebody(cursor),
    url: `${env.baseUrl}/${organization.slug}/admin/settings/sinks/${sink.id}`,
  })
  const people = await membersManagingSinks(tx, organization.id)
  for (const { email } of people) {
    await enqueueMail(prisma, { purpose: "sink-trouble", recipient: email, message, at })
  }
  return people.length
}
