import { setTimeout as sleep } from "node:timers/promises"
import type { SinkConnection } from "@/lib/sinks/sink"

/** An open connection that nobody uses is closed after this time. */
const idleMs = 60_000
/** A connection that does not close by itself must not keep the worker from ending. */
const closingMs = 3_000

/** Connections that stay open between the batches of a cursor. */
export interface Connections {
  /**
   * Runs `use` with the connection of that name, which nobody else uses meanwhile, and keeps it. It is closed when `use` throws, when the
   * signal aborts, and when it is of an earlier version.
   */
  use<Result>(
    name: ConnectionName,
    open: () => Promise<SinkConnection>,
    use: (connection: SinkConnection) => Promise<Result>,
    signal: AbortSignal,
  ): Promise<Result>
  /** Closes those that have not been used for a while. */
  closeIdle(at: Date): void
  closeAll(): Promise<void>
}

/** A cursor has one connection at a time. */
export interface ConnectionName {
  readonly cursorId: string
  /** What it was opened with; another one needs another connection. */
  readonly version: number
}

interface Kept {
  readonly version: number
  readonly connection: SinkConnection
  readonly usedAt: number
}

/** Returns no connections yet. */
export function connections(now: () => Date): Connections {
  const kept = new Map<string, Kept>()
  const closing = new Set<Promise<void>>()

  function close(connection: SinkConnection): void {
    const closed: Promise<void> = connection
      .close()
      .catch(() => {})
      .finally(() => closing.delete(closed))
    closing.add(closed)
  }

  function take({ cursorId, version }: ConnectionName): SinkConnection | null {
    const found = kept.get(cursorId)
    kept.delete(cursorId)
    if (found === undefined || found.version === version) return found?.connection ?? null
    close(found.connection)
    return null
  }

  return {
    async use(name, open, use, signal) {
      const connection = take(name) ?? (await openWithin(open, close, signal))
      try {
        const result = await within(use(connection), signal)
        kept.set(name.cursorId, { version: name.version, connection, usedAt: now().getTime() })
        return result
      } catch (error) {
        close(connection)
        throw error
      }
    },
    closeIdle(at) {
      for (const [name, { connection, usedAt }] of kept) {
        if (at.getTime() - usedAt < idleMs) continue
        kept.delete(name)
        close(connection)
      }
    },
    async closeAll() {
      for (const { connection } of kept.values()) close(connection)
      kept.clear()
      await Promise.race([Promise.all(closing), sleep(closingMs, undefined, { ref: false })])
    },
  }
}

/** A connection that opens after nobody waits for it any more is closed. */
function openWithin(
  open: () => Promise<SinkConnection>,
  close: (connection: SinkConnection) => void,
  signal: AbortSignal,
): Promise<SinkConnection> {
  const opening = open()
  opening.then(
    connection => {
      if (signal.aborted) close(connection)
    },
    () => {},
  )
  return within(opening, signal)
}

/** Rejects when the signal aborts, also when the work does not notice it. */
async function within<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  let leave = () => {}
  const aborted = new Promise<never>((_, reject) => {
    leave = () => reject(signal.reason)
    if (signal.aborted) leave()
    else signal.addEventListener("abort", leave, { once: true })
  })
  try {
    return await Promise.race([work, aborted])
  } finally {
    signal.removeEventListener("abort", leave)
  }
}
