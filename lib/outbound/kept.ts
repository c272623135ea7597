import type { Socket } from "node:net"

/** Connections that stay open between the requests of one user of the guard. Each was judged when it was made. */
export interface KeptConnections {
  /** Returns the open connection to a place and forgets it; null when there is none that may still be used. */
  take(place: string): Socket | null
  /** Keeps a connection that is free again; at most one for each place. `idleMs`: how long the other side keeps it. */
  give(place: string, socket: Socket, idleMs: number | null): void
  close(): void
}

interface Options {
  /** An unused connection is closed after this time. */
  readonly idleMs?: number
  /** After this time a place is connected again: its name may lead elsewhere by then, which is judged once more. */
  readonly longestMs?: number
  readonly now?: () => number
}

interface Idle {
  readonly socket: Socket
  readonly until: number
  readonly leave: () => void
}

/** Returns connections that are kept: none yet. Who asks for them closes them. */
export function keptConnections({
  idleMs: longestIdleMs = 30_000,
  longestMs = 300_000,
  now = Date.now,
}: Options = {}): KeptConnections {
  const idle = new Map<string, Idle>()
  const firstKeptAt = new WeakMap<Socket, number>()
  let isClosed = false

  function forget(place: string): Idle | undefined {
    const found = idle.get(place)
    idle.delete(place)
    found?.leave()
    return found
  }

  return {
    take(place) {
      const found = forget(place)
      if (found === undefined) return null
      const { socket, until } = found
      if (now() < until && !socket.destroyed && socket.readable && socket.writable) {
        socket.ref()
        return socket
      }
      socket.destroy()
      return null
    },
    give(place, socket, idleMs) {
      const at = now()
      const since = firstKeptAt.get(socket) ?? at
      firstKeptAt.set(socket, since)
      // A little before the other side closes it.
      const until = Math.min(
        at + Math.min(longestIdleMs, Math.max(0, (idleMs ?? longestIdleMs) - 1_000)),
        since + longestMs,
      )
      if (isClosed || until <= at || socket.destroyed) return void socket.destroy()
      forget(place)?.socket.destroy()
      // Nothing is expected now: the end of the connection, or an answer to nothing.
      const end = () => {
        forget(place)
        socket.destroy()
      }
      const timer = setTimeout(end, until - at)
      timer.unref()
      const events = ["data", "end", "close", "error"] as const
      for (const event of events) socket.on(event, end)
      const leave = () => {
        clearTimeout(timer)
        for (const event of events) socket.off(event, end)
      }
      // An idle connection keeps no process from ending.
      socket.unref()
      idle.set(place, { socket, until, leave })
    },
    close() {
      isClosed = true
      for (const place of [...idle.keys()]) forget(place)?.socket.destroy()
    },
  }
}

/** Returns how long the other side keeps a connection, by the header `Keep-Alive: timeout=5`; null when it does not say. */
export function keptFor(header: string | undefined): number | null {
  const seconds = /(?:^|[\s,;])timeout=(\d{1,6})/i.exec(header ?? "")?.[1]
  return seconds === undefined ? null : Number(seconds) * 1_000
}
