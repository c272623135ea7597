// npm run worker, and the second process of npm start: all recurring work.
import { followLogLevel } from "@/lib/capture/log-level"
import type { Database } from "@/lib/database/database"
import { jobRuns } from "@/lib/delivery/job-runs"
import { type SinkDelivery, sinkDelivery } from "@/lib/delivery/sinks/delivery"
import { type Env, EnvError, entriesOnStdout, processEnv } from "@/lib/env/env"
import { captureCleanUpJob } from "@/lib/jobs/capture-clean-up"
import { cleanUpJob } from "@/lib/jobs/clean-up"
import { clockJob } from "@/lib/jobs/clock"
import { deliverMailJob } from "@/lib/jobs/deliver-mail"
import { deliverSinksJob } from "@/lib/jobs/deliver-sinks"
import type { Job } from "@/lib/jobs/job"
import { partitionsJob } from "@/lib/jobs/partitions"
import { runJobs } from "@/lib/jobs/run-jobs"
import { sinkCleanUpJob } from "@/lib/jobs/sink-clean-up"
import { sinkParts } from "@/lib/jobs/sink-parts"
import { tellSinksJob } from "@/lib/jobs/tell-sinks"
import { textJob } from "@/lib/jobs/text"
import { log } from "@/lib/log"
import { mailSender } from "@/lib/mail/transport"
import { tellSinkNews } from "@/lib/operations/sinks/tell"
import { tellLosses } from "@/lib/operations/sinks/tell-losses"
import { platform } from "@/lib/platform"
import { keepLog } from "@/lib/server-log/kept-log"
import { checkDatabase, needsSomebody } from "@/lib/start-serving"
import { StartupError } from "@/lib/startup-checks"

async function main(): Promise<void> {
  const env = processEnv()
  // Libraries that print something must not do it between the entries.
  if (entriesOnStdout()) for (const name of ["log", "info", "debug"] as const) console[name] = console.error
  const { database, clock } = platform()
  keepLog(env.dataDirectory, "worker", error => log.warn("log.not_kept", { error }))
  await checkOnce()
  await followLogLevel(platform(), log)
  const ending = new AbortController()
  const end = () => ending.abort()
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, end)
  // The launcher has ended, and with it the process that would stop us.
  process.on("disconnect", end)

  const parts = sinkParts(platform())
  const now = () => new Date()
  const delivery: SinkDelivery = sinkDelivery({ database, parts, now, random: Math.random, log })
  const jobs = [
    clockJob(clock, log),
    cleanUpJob(database),
    captureCleanUpJob(database),
    mailJob(database, env),
    tellSinksJob([at => tellSinkNews(platform(), at), at => tellLosses(platform(), at)]),
    deliverSinksJob(database, { delivery, hasServerSink: parts.serverSink !== null }),
    sinkCleanUpJob(database),
    ...maintenanceJobs(env.databaseOwnerUrl),
  ]
  log.info("worker.started", { jobs: jobs.map(({ name }) => name) })
  process.send?.({ type: "ready" })
  const runs = jobRuns(database)
  await runJobs(() => jobs, { log, now, runs, signal: ending.signal })
  await delivery.close()
  await database.close()
  log.info("worker.ended")
}

/** An unreachable database comes back and the jobs try again; a problem that a person must fix ends the worker. */
async function checkOnce(): Promise<void> {
  try {
    await checkDatabase(platform())
  } catch (error) {
    if (needsSomebody(error)) throw error
    log.warn("worker.database-away", { error })
  }
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
  if (ownerUrl !== null) return [partitionsJob({ ownerUrl, log }), textJob(ownerUrl)]
  log.warn("worker.without-owner", {
    reason:
      "DATABASE_OWNER_URL is not set: monthly partitions are made, and texts of an earlier version prepared for search, only by npm run migrate",
  })
  return []
}

try {
  await main()
  process.exit(0)
} catch (error) {
  if (error instanceof EnvError || error instanceof StartupError)
    process.stderr.write(`\n${error.message}\n\n`)
  else log.error("worker.failed", { error })
  process.exit(1)
}
