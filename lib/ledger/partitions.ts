import type pg from "pg"
import { sqlState } from "@/lib/database/errors"

interface Maintenance {
  /** The instant that decides which months are near. */
  readonly at: Date
  /** How often a step tries to get the lock of the whole table, 300 ms each time, before it is left for the next run. */
  readonly attempts: number
}

interface Step {
  readonly name: string
  readonly call: string
  /** True when it needs the lock that blocks all readers and writers of events. */
  readonly stopsTraffic: boolean
}

/** In this order; each is explained at its function in the migration `partitions_beside_traffic`. */
export const partitionSteps: readonly Step[] = [
  { name: "add-partitions", call: "ledger.add_partitions($1::timestamptz)", stopsTraffic: false },
  { name: "bound-past", call: "ledger.bound_past()", stopsTraffic: false },
  { name: "check-past", call: "ledger.check_past()", stopsTraffic: false },
  { name: "move-future", call: "ledger.move_future($1::timestamptz, $2::integer)", stopsTraffic: true },
  { name: "drop-former-future", call: "ledger.drop_former_future()", stopsTraffic: false },
  { name: "fold-past", call: "ledger.fold_past($1::timestamptz, $2::integer)", stopsTraffic: true },
]

const lockNotAvailable = "55P03"

/**
 * Keeps a partition for each month from 25 months back to 3 ahead, while events are read and written. Each step is its own
 * transaction. Returns the names of the steps that did not get their lock: nothing is lost, and a later run does them.
 */
export async function maintainPartitions(
  client: pg.ClientBase,
  { at, attempts }: Maintenance,
): Promise<{ readonly delayed: readonly string[] }> {
  const delayed: string[] = []
  let isBusy = false
  for (const { name, call, stopsTraffic } of partitionSteps) {
    // What kept one step from the lock keeps the next one too, and every attempt makes others wait.
    if (stopsTraffic && isBusy) {
      delayed.push(name)
      continue
    }
    const isDone = await tryStep(client, call, [at.toISOString(), attempts])
    if (isDone) continue
    delayed.push(name)
    isBusy ||= stopsTraffic
  }
  return { delayed }
}

async function tryStep(client: pg.ClientBase, call: string, values: readonly unknown[]): Promise<boolean> {
  const used = values.filter((_, position) => call.includes(`$${position + 1}`))
  try {
    await client.query(`SELECT ${call}`, used)
    return true
  } catch (error) {
    if (sqlState(error) !== lockNotAvailable) throw error
    return false
  }
}
