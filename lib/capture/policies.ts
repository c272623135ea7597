import type { CaptureEnvironment } from "@/lib/audit/capture/clearml-environment"
import type { Database } from "@/lib/database/database"
import { databaseTroubleOf } from "@/lib/database/errors"
import { type CurrentPolicy, currentPolicy } from "./current-policy"
import { readStoredPolicy } from "./stored-policy"

/** The policies of the organizations, as this process knows them. A change is known here within five seconds. */
export interface CapturePolicies {
  /**
   * Returns the policy that counts. While the database is away it is the last one that this process has read; without one
   * it throws AppError `unavailable`.
   */
  of(organizationId: string): Promise<CurrentPolicy>
  /** Returns the same without waiting; undefined when it has to be read first, which then happens in the background. */
  known(organizationId: string): CurrentPolicy | undefined
  /** Reads the policy again at its next use: this process has changed it. */
  forget(organizationId: string): void
  /** What the environment of the server sets on top of every policy. */
  readonly environment: CaptureEnvironment
}

interface Kept {
  readonly value: CurrentPolicy
  /** When the database last said that this is the current version. */
  confirmedAtMs: number
}

interface Memory {
  readonly database: Database
  readonly environment: CaptureEnvironment
  readonly now: () => number
  readonly kept: Map<string, Kept>
  readonly reading: Map<string, Promise<CurrentPolicy>>
}

interface PoliciesOptions {
  readonly environment: CaptureEnvironment
  /** In milliseconds. */
  readonly now?: () => number
}

/** A policy is asked for again in the background after the first time, and used unasked until the second one. */
const freshMs = 2_000
const usableMs = 4_000
const mostOrganizations = 10_000

/** Returns the policies of the database, with nothing known yet. */
export function capturePolicies(
  database: Database,
  { environment, now = () => performance.now() }: PoliciesOptions,
): CapturePolicies {
  const memory: Memory = { database, environment, now, kept: new Map(), reading: new Map() }
  return {
    environment,
    async of(organizationId) {
      const kept = memory.kept.get(organizationId)
      if (kept && ageOf(memory, kept) < usableMs) {
        refreshLater(memory, organizationId, kept)
        return kept.value
      }
      return refresh(memory, organizationId)
    },
    known(organizationId) {
      const kept = memory.kept.get(organizationId)
      refreshLater(memory, organizationId, kept)
      return kept && ageOf(memory, kept) < usableMs ? kept.value : undefined
    },
    forget(organizationId) {
      memory.kept.delete(organizationId)
      memory.reading.delete(organizationId)
    },
  }
}

function ageOf({ now }: Memory, { confirmedAtMs }: Kept): number {
  return now() - confirmedAtMs
}

function refreshLater(memory: Memory, organizationId: string, kept: Kept | undefined): void {
  if (kept && ageOf(memory, kept) < freshMs) return
  // The next caller that has to wait gets the error.
  refresh(memory, organizationId).catch(() => {})
}

/** Concurrent callers share one read. */
function refresh(memory: Memory, organizationId: string): Promise<CurrentPolicy> {
  const { reading } = memory
  const underWay = reading.get(organizationId)
  if (underWay) return underWay
  const read: Promise<CurrentPolicy> = readNewer(
    memory,
    organizationId,
    () => reading.get(organizationId) === read,
  )
  reading.set(organizationId, read)
  const end = () => {
    if (reading.get(organizationId) === read) reading.delete(organizationId)
  }
  read.then(end, end)
  return read
}

/** `isWanted`: the policy was not changed by this process while it was read. */
async function readNewer(
  { database, environment, kept, now }: Memory,
  organizationId: string,
  isWanted: () => boolean,
): Promise<CurrentPolicy> {
  const known = kept.get(organizationId)
  // Counted from before the question: a change may follow the answer at once.
  const confirmedAtMs = now()
  try {
    if (known && (await currentVersion(database, organizationId)) === known.value.version) {
      if (isWanted()) known.confirmedAtMs = confirmedAtMs
      return known.value
    }
    const stored = await database.withOrganization(
      organizationId,
      tx => readStoredPolicy(tx, organizationId),
      { readOnly: true },
    )
    const value = currentPolicy(stored, environment)
    if (kept.size >= mostOrganizations) kept.clear()
    if (isWanted()) kept.set(organizationId, { value, confirmedAtMs })
    return value
  } catch (error) {
    if (known && databaseTroubleOf(error) !== undefined) return known.value
    throw error
  }
}

async function currentVersion(database: Database, organizationId: string): Promise<number | undefined> {
  const sql = "SELECT capture_version AS version FROM organization WHERE id = $1::uuid"
  const [row] = await database.queryDirectly<{ readonly version: number }>(sql, [organizationId])
  return row?.version
}
