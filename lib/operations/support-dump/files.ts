import { addMicroseconds, instantFromDate } from "@/lib/audit/time/instant"
import { listJobStates, listLateJobs } from "@/lib/delivery/job-states"
import { currentWithin } from "@/lib/operations/capture/current"
import type { ReadContext } from "@/lib/operations/core/operation"
import { version } from "@/lib/operations/core/version"
import { readAnswers } from "@/lib/operations/sinks/read"
import { clockSkew, migrationLevel, writeState } from "@/lib/platform"
import { logDirectory, logNames } from "@/lib/server-log/kept-log"
import { logFileBytes } from "@/lib/server-log/log-file"
import { lastLines } from "@/lib/server-log/tail"
import { recordedCalls } from "@/lib/support-dump/calls"
import { describeDatabase } from "@/lib/support-dump/database"
import { hideInLine } from "@/lib/support-dump/hide-line"
import { shownPolicy } from "@/lib/support-dump/policy"
import { shownSinks } from "@/lib/support-dump/sinks"
import type { ArchiveFile } from "@/lib/support-dump/zip"
import { jsonFile, type LeftOut, linesFile } from "./contents"

/** The name under which UCP's support dump has its audit log. */
const callsFile = "ucp-controller.log"

/** Returns the files about the organization of the call. */
export async function organizationFiles(
  context: ReadContext,
  signal: AbortSignal,
): Promise<{ readonly files: readonly ArchiveFile[]; readonly leftOut: readonly LeftOut[] }> {
  const { organization, capturePolicies, read } = context
  const current = await read(({ tx }) => currentWithin(tx, organization.id, capturePolicies))
  const { version: policyVersion, supportDumpIncludes, policy, stored, locks } = current
  const shown = {
    version: policyVersion,
    supportDumpIncludeAuditLogs: supportDumpIncludes,
    policy: shownPolicy(policy),
    stored: shownPolicy(stored),
    locks: locks.map(({ pointer, variable }) => ({ pointer, variable })),
  }
  const sinks = await read(({ tx }) => readAnswers(tx, context))
  const files = [
    jsonFile("version.json", { auditorium: version }),
    jsonFile("capture-policy.json", shown),
    jsonFile("sinks.json", shownSinks(sinks)),
  ]
  const why = reasonWithoutCalls(context, supportDumpIncludes)
  if (why !== null) return { files, leftOut: [{ name: callsFile, why }] }
  return { files: [...files, callsOf(context, signal)], leftOut: [] }
}

function reasonWithoutCalls({ caller }: ReadContext, isIncluded: boolean): string | null {
  if (!isIncluded) return "supportDumpIncludeAuditLogs is false"
  if (caller.principal.permissions.has("LOG-MANAGEMENT")) return null
  return "whoever created this dump may not read the log"
}

function callsOf({ store, scope, clock, caller }: ReadContext, signal: AbortSignal): ArchiveFile {
  // By the database's clock, to the end of the millisecond: what was recorded just now belongs to it.
  const before = addMicroseconds(instantFromDate(clock.toDatabase(caller.at)), 1_000)
  return linesFile(callsFile, () => recordedCalls({ store, scope, before, signal }))
}

/** Returns the files about the installation as a whole. */
export async function installationFiles({ env, read, store }: ReadContext): Promise<readonly ArchiveFile[]> {
  const found = await read(async ({ tx }) => ({
    database: await describeDatabase(tx.query),
    jobs: await listJobStates(tx.query),
    lateJobs: await listLateJobs(tx.query),
  }))
  const { node, openssl, v8 } = process.versions
  const { platform, arch } = process
  const health = {
    writes: await writeState(),
    clock: clockSkew(),
    textSearch: (await store.searchesWholeTexts()) ? "complete" : "rebuilding",
    lateJobs: found.lateJobs,
    upSeconds: Math.round(process.uptime()),
  }
  const jobs = found.jobs.map(job => ({ ...job, error: job.error && hideInLine(job.error) }))
  return [
    jsonFile("runtime.json", { node, openssl, v8, platform, arch }),
    jsonFile("settings.json", env.shown),
    jsonFile("health.json", health),
    jsonFile("migrations.json", await migrationLevel()),
    jsonFile("database.json", found.database),
    jsonFile("jobs.json", jobs),
    ...logNames.map(name => linesFile(`${name}.log`, () => keptLines(env.dataDirectory, name))),
  ]
}

async function* keptLines(dataDirectory: string, name: string): AsyncGenerator<string> {
  for await (const line of lastLines(logDirectory(dataDirectory), name, logFileBytes)) {
    yield `${hideInLine(line)}\n`
  }
}
