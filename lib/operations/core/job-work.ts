import { jobPrincipal, type OrganizationRef } from "@/lib/access/principal"
import type { PrismaTransaction } from "@/lib/database/database"
import type { Tx } from "@/lib/database/tx"
import type { Platform } from "@/lib/platform"
import type { CompanionEvent } from "./operation"
import { appendWithin } from "./own-log"

/** The platform, for work that is no operation: nobody calls it. */
export type JobPlatform = Platform

/** Whose work it is, in which organization, and when. */
export interface JobIn {
  /** The name of the job: the actor of its events. */
  readonly job: string
  readonly organization: OrganizationRef
  readonly at: Date
  readonly requestId: string
}

/** One transaction of a job in one organization, through both clients. */
export interface JobWork {
  readonly prisma: PrismaTransaction
  readonly tx: Tx
  /** Adds an event, which is stored in the same transaction. */
  readonly record: (event: Omit<CompanionEvent, "principal">) => void
}

/** Runs `fn` in one transaction, which also stores its events. Returns its result. */
export async function inOrganization<Result>(
  platform: JobPlatform,
  { job, organization, at, requestId }: JobIn,
  fn: (work: JobWork) => Promise<Result>,
): Promise<Result> {
  const caller = { principal: jobPrincipal(job, organization), source: undefined, requestId, at }
  return platform.database.withOrganizationPrisma(organization.id, async ({ prisma, tx, enter }) => {
    const events: Omit<CompanionEvent, "principal">[] = []
    const result = await fn({ prisma, tx, record: event => events.push(event) })
    const doings = events.map(event => ({ ...event, caller }))
    if (doings.length > 0) await appendWithin({ tx, enter }, doings, platform)
    return result
  })
}
