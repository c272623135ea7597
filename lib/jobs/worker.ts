// npm run worker, and the second process of npm start: what has to be done again and again, whoever is looking.
import type { Database } from "@/lib/db"
import { type Env, EnvError, processEnv } from "@/lib/env"
import { log } from "@/lib/log"
import { mailSender } from "@/lib/mail/transport"
import { platform } from "@/lib/platform"
import { cleanUpJob } from "./clean-up"
import { clockJob } from "./clock"
import { deliverMailJob } from "./deliver-mail"
import { type Job, runJobs } from "./job"
import { partitionsJob } from "./partitions"

async function main(): Promise<void> {
  const env = processEnv()
  const { database } = platform()
  const ending = new AbortController()
  const end = () => ending.abort()
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, end)
  // The launcher has gone, and with it whoever would tell us to end.
  process.on("disconnect", end)

  const clock = clockJob(database, { log, now: Date.now })
  const jobs = [clock, cleanUpJob(database), mailJob(database, env), ...maintenanceJobs(env.databaseOwnerUrl)]
  log.info("worker.started", { jobs: jobs.map(({ name }) => name) })
  process.send?.({ type: "ready" })
  await runJobs(jobs, { log, now: () => new Date(), signal: ending.signal })
  await database.close()
  log.info("worker.ended")
}

function mailJob(database: Database, { smtpUrl, mailFrom, secret }: Env): Job {
  if (smtpUrl === null) {
    log.warn("worker.without-mail", {
      reason: "SMTP_URL is not set: mail is queued and does not leave (docs/mail.md)",
    })
  }
  const sender = smtpUrl === null ? null : mailSender({ smtpUrl, from: mailFrom })
  return deliverMailJob(database, { sender, secret, now: () => new Date() })
}

function maintenanceJobs(ownerUrl: string | null): readonly Job[] {
  if (ownerUrl !== null) return [partitionsJob(ownerUrl)]
  log.warn("worker.without-owner", {
    reason: "DATABASE_OWNER_URL is not set: monthly partitions are made only by npm run migrate",
  })
  return []
}

try {
  await main()
  process.exit(0)
} catch (error) {
  if (error instanceof EnvError) process.stderr.write(`\n${error.message}\n\n`)
  else log.error("worker.failed", { error })
  process.exit(1)
}
