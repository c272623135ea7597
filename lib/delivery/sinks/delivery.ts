import type { Database } from "@/lib/database/database"
import { createGate } from "@/lib/memory/gate"
import { type ByteBudget, byteBudget } from "./budget"
import { circuits } from "./circuit"
import { type ClaimedCursor, claimCursors } from "./claimed"
import { connections } from "./connections"
import { type Delivering, deliverCursor } from "./deliver"

/** Batches in flight in one worker, and how many of them may be of slow sinks. */
const lanes = 32
const slowLanes = 16
/** Transactions of deliveries at once in one worker: events that come in need the processors of the database more. */
const transactions = 2
/** Memory of all batches together, and of those of slow sinks. */
const budgetBytes = 64 * 1024 * 1024
const slowBudgetBytes = 32 * 1024 * 1024

/** The deliveries of one worker. */
export interface SinkDelivery {
  /** Claims what is due and begins to deliver it, as far as there are lanes. Returns how many cursors that are. */
  tick(at: Date): Promise<number>
  /** Resolves when nothing is in flight. */
  settled(): Promise<void>
  /** Breaks off what is in flight, which another worker repeats, and closes every connection. */
  close(): Promise<void>
  readonly inFlight: number
  readonly budget: ByteBudget
}

type DeliveryOptions = Omit<Delivering, "connections" | "budget" | "circuits" | "signal">

interface Flight {
  readonly isSlow: boolean
  readonly ended: Promise<void>
}

/** Returns the deliveries of this worker: none in flight yet. */
export function sinkDelivery(options: DeliveryOptions): SinkDelivery {
  const ending = new AbortController()
  const budget = byteBudget({ total: budgetBytes, slow: slowBudgetBytes })
  const kept = connections(options.now)
  const delivering: Delivering = {
    ...options,
    database: withTurns(options.database),
    ...{ connections: kept, budget, circuits: circuits(), signal: ending.signal },
  }
  const flights = new Set<Flight>()

  function begin(claimed: ClaimedCursor): void {
    const flight: Flight = {
      isSlow: claimed.isSlow,
      ended: deliverCursor(delivering, claimed).finally(() => flights.delete(flight)),
    }
    flights.add(flight)
  }

  const settled = async () => {
    while (flights.size > 0) await Promise.all([...flights].map(({ ended }) => ended))
  }

  return {
    budget,
    get inFlight() {
      return flights.size
    },
    async tick(at) {
      kept.closeIdle(at)
      const free = lanes - flights.size
      if (free <= 0 || ending.signal.aborted) return 0
      const slow = [...flights].filter(({ isSlow }) => isSlow).length
      const mostSlow = Math.max(0, Math.min(free, slowLanes - slow))
      const claimed = await claimCursors(options.database, { at, most: free, mostSlow })
      for (const cursor of claimed) begin(cursor)
      return claimed.length
    },
    settled,
    async close() {
      ending.abort()
      await settled()
      await kept.closeAll()
    },
  }
}

/** Returns the database with a limited number of transactions at once; further ones wait for their turn. */
function withTurns(database: Database): Database {
  const gate = createGate({ running: transactions, waiting: Number.POSITIVE_INFINITY })
  return {
    ...database,
    withOrganization: (organizationId, work, options) =>
      gate.run(() => database.withOrganization(organizationId, work, options)),
  }
}
