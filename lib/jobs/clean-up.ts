import { deleteOldAttempts } from "@/lib/access/sign-in/attempts"
import { deleteOldSessions } from "@/lib/access/sign-in/sessions"
import type { Database } from "@/lib/database/database"
import { deleteOldMails } from "@/lib/mail/waiting"
import type { Job, JobOutcome } from "./job"

const everyMs = 15 * 60 * 1000
const linkKeptMs = 30 * 24 * 60 * 60 * 1000
// Long enough to find out what happened to an invitation; recipients are not kept for ever.
const mailKeptMs = 30 * 24 * 60 * 60 * 1000

/** Returns the job that deletes sessions, links, counters and mails that nobody can use any more. */
export function cleanUpJob(database: Database): Job {
  return { name: "clean-up", everyMs, exclusive: true, run: at => cleanUp(database, at) }
}

function cleanUp(database: Database, at: Date): Promise<JobOutcome> {
  return database.withOrganizationPrisma(null, async ({ prisma }) => {
    await deleteOldSessions(prisma, at)
    await deleteOldAttempts(prisma, at)
    const before = new Date(at.getTime() - linkKeptMs)
    const { count: links } = await prisma.signInLink.deleteMany({ where: { expiresAt: { lt: before } } })
    const mails = await deleteOldMails(prisma, new Date(at.getTime() - mailKeptMs))
    return { outcome: "done", links, mails }
  })
}
