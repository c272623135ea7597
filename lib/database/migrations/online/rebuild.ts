import pg from "pg"
import { areLeft, type Columns, makeColumns } from "./batches"
import { codeColumn, textColumn } from "./columns"
import { addPartitionIndex, isIndex, isValidIndex, type Partition, partitionsBy } from "./partition-indexes"
import { type Patience, usualPatience, withShortLock } from "./short-lock"

/** What is done for existing events, in this order: one after the other for each partition. */
interface Part {
  /** Its name in the log. */
  readonly name: string
  readonly columns: Columns
  /** The index that finds the events that are left. */
  readonly leftIndex: string
  /** The indexes that need the columns. */
  readonly indexes: readonly string[]
}

const parts: readonly Part[] = [
  {
    name: "search texts",
    columns: textColumn,
    leftIndex: "ledger.event_earlier_text_idx",
    indexes: ["ledger.event_organization_text_idx", "ledger.event_organization_target_idx"],
  },
  {
    name: "operation codes",
    columns: codeColumn,
    leftIndex: "ledger.event_missing_code_idx",
    indexes: ["ledger.event_operation_code_idx"],
  },
]
const allIndexes = parts.flatMap(({ leftIndex, indexes }) => [leftIndex, ...indexes])
const formerIndexes = ["ledger.event_search_text_idx", "ledger.event_target_keys_idx"]

const lockName = "auditorium.text"

export interface RebuildOptions {
  /** A direct connection as the owner of the tables: indexes are built outside of transactions. */
  readonly ownerUrl: string
  /** Stops between two steps after this time; absent = continues until nothing is left. */
  readonly budgetMs?: number
  /** Share of the time that is left to others while texts are rebuilt. Default: none. */
  readonly idleShare?: number
  readonly patience?: Patience
  readonly log?: (message: string) => void
  readonly signal?: AbortSignal
}

/** The progress of the work on existing events. `busy`: another process is doing it. */
export interface Rebuilt {
  readonly outcome: "nothing" | "finished" | "unfinished" | "busy"
  /** Events whose columns this run made. */
  readonly events: number
  /** Indexes of partitions that this run built. */
  readonly indexes: number
  /** Partitions that still lack an index at the end of the run. */
  readonly partitionsLeft: number
}

/**
 * Updates the events of an earlier version to this one while the log is read and written: rebuilds their search texts,
 * fills in their codes, gives every partition the indexes that begin with the organization, and drops the former ones when
 * nothing needs them. Progress is visible in the database itself, so it can be stopped at any time and started again; one process works at a
 * time.
 */
export async function rebuildText(options: RebuildOptions): Promise<Rebuilt> {
  const client = new pg.Client({
    connectionString: options.ownerUrl,
    application_name: "auditorium text",
    connectionTimeoutMillis: 10_000,
  })
  // A connection that is lost between two statements fails the next one; without a listener it would end the process.
  client.on("error", () => {})
  await client.connect()
  try {
    const { rows } = await client.query<{ mine: boolean }>(
      "SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS mine",
      [lockName],
    )
    if (!rows[0]?.mine) return { outcome: "busy", events: 0, indexes: 0, partitionsLeft: 0 }
    return await new Run(client, options).work()
  } finally {
    await client.end()
  }
}

/** One run on a connection that holds the lock. */
class Run {
  private events = 0
  private indexes = 0
  private readonly endsAt: number

  constructor(
    private readonly client: pg.Client,
    private readonly options: RebuildOptions,
  ) {
    this.endsAt = performance.now() + (options.budgetMs ?? Number.POSITIVE_INFINITY)
  }

  async work(): Promise<Rebuilt> {
    // A database that is not migrated to this version yet.
    if (!(await isIndex(this.client, "ledger.event_missing_code_idx"))) return this.ended("nothing", 0)
    if (await this.isFinished()) return this.ended("nothing", 0)
    // Building an index has no time limit.
    await this.client.query("SET statement_timeout = 0")
    for (const part of parts) {
      if (!(await this.addIndexes(part.leftIndex))) return this.unfinished()
      if (!(await this.makeAll(part))) return this.unfinished()
      for (const index of part.indexes) if (!(await this.addIndexes(index))) return this.unfinished()
    }
    return (await this.dropFormer()) && (await this.isFinished())
      ? this.ended("finished", 0)
      : this.unfinished()
  }

  /** Nothing of an earlier version is left. */
  private async isFinished(): Promise<boolean> {
    for (const index of allIndexes) if (!(await isValidIndex(this.client, index))) return false
    for (const index of formerIndexes) if (await isIndex(this.client, index)) return false
    for (const { columns } of parts) if (await areLeft(this.client, columns)) return false
    return true
  }

  /**
   * Tries each partition once. The list is read again before each, because it may change meanwhile. Returns whether there
   * was time.
   */
  private async addIndexes(index: string): Promise<boolean> {
    const tried = new Set<number>()
    for (;;) {
      const { lacking } = await partitionsBy(this.client, index)
      const partition = lacking.find(({ oid }) => !tried.has(oid))
      if (!partition) return true
      if (this.isOver()) return false
      tried.add(partition.oid)
      await this.addIndex(index, partition)
    }
  }

  private async addIndex(index: string, partition: Partition): Promise<void> {
    this.say(`Building the index ${nameOf(index)} of ${nameOf(partition.name)}.`)
    const { patience = usualPatience } = this.options
    if (await addPartitionIndex(this.client, index, partition, patience)) this.indexes += 1
    else this.say(`The index of ${nameOf(partition.name)} is built and waits for a reader to end.`)
  }

  /** Returns whether all are done. The index that finds them exists by then, or its partition is left for the next run. */
  private async makeAll({ name, columns, leftIndex }: Part): Promise<boolean> {
    const { having, lacking } = await partitionsBy(this.client, leftIndex)
    const { idleShare = 0 } = this.options
    for (const partition of having) {
      const work = { isOver: () => this.isOver(), idleShare }
      const { events, done } = await makeColumns(this.client, partition, columns, work)
      this.events += events
      if (events > 0) {
        this.say(
          `Made ${events} ${name} of ${nameOf(partition.name)} anew (${this.events} events in this run).`,
        )
      }
      if (!done) return false
      // Their former versions are vacuumed now, so that counts find a clean index.
      if (events > 0) await this.client.query(`VACUUM (ANALYZE) ${partition.name}`)
    }
    return lacking.length === 0
  }

  private async dropFormer(): Promise<boolean> {
    for (const index of allIndexes) if (!(await isValidIndex(this.client, index))) return false
    const { patience = usualPatience } = this.options
    for (const index of formerIndexes) {
      if (!(await isIndex(this.client, index))) continue
      this.say(`Dropping the former index ${nameOf(index)}.`)
      if (!(await withShortLock(this.client, `DROP INDEX ${index}`, patience))) return false
    }
    return true
  }

  private isOver(): boolean {
    return performance.now() >= this.endsAt || this.options.signal?.aborted === true
  }

  private async unfinished(): Promise<Rebuilt> {
    const left = new Set<number>()
    for (const index of allIndexes) {
      for (const { oid } of (await partitionsBy(this.client, index)).lacking) left.add(oid)
    }
    return this.ended("unfinished", left.size)
  }

  private ended(outcome: Rebuilt["outcome"], partitionsLeft: number): Rebuilt {
    return { outcome, events: this.events, indexes: this.indexes, partitionsLeft }
  }

  private say(message: string): void {
    this.options.log?.(message)
  }
}

function nameOf(qualified: string): string {
  return qualified.replace(/^ledger\./, "")
}
