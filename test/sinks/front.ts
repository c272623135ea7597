import { once } from "node:events"
import * as net from "node:net"

/** `forward`: everything goes to the receiver behind. The others are what a receiver of a bare connection can do wrong. */
export type FrontMode = "forward" | "breaks" | "silent" | "garbage" | "endless"

/** A port before a receiver, which can do wrong what the receiver itself would not. */
export interface Front {
  readonly port: number
  /** Sets what happens with connections from now on. Those that are open are ended. */
  become(mode: FrontMode): Promise<void>
  /** Refuses connections until something else is asked for. */
  goDown(): Promise<void>
  /** Resolves when bytes have arrived since the mode was set. */
  reached(): Promise<void>
  /** The number of connections so far. */
  connections(): number
  close(): Promise<void>
}

/** Starts the front of a port of this machine. `garbage` is what that mode answers. */
export async function startFront(
  behind: number,
  garbage = "HTTP/1.1 400 Bad Request\r\n\r\n",
): Promise<Front> {
  let mode: FrontMode = "forward"
  let count = 0
  let arrived = deferred()
  const open = new Set<net.Socket>()
  const track = (socket: net.Socket) => {
    open.add(socket)
    socket.on("close", () => open.delete(socket))
    socket.on("error", () => socket.destroy())
  }
  const server = net.createServer({ allowHalfOpen: true }, socket => {
    count++
    track(socket)
    if (mode === "forward") {
      const target = net.connect({ port: behind, host: "127.0.0.1", allowHalfOpen: true })
      track(target)
      socket.pipe(target).pipe(socket)
      socket.on("close", () => target.destroy())
      target.on("close", () => socket.destroy())
      return
    }
    const now = mode
    socket.on("data", () => {
      if (now === "breaks") socket.resetAndDestroy()
      if (now === "garbage") socket.write(garbage)
      if (now === "endless") pour(socket)
      arrived.resolve()
    })
  })
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  const { port } = server.address() as net.AddressInfo

  const endAll = () => {
    for (const socket of open) socket.destroy()
  }
  const goDown = async () => {
    endAll()
    if (server.listening) await new Promise(resolve => server.close(resolve))
  }
  return {
    port,
    goDown,
    async become(next) {
      mode = next
      arrived = deferred()
      endAll()
      if (server.listening) return
      server.listen(port, "127.0.0.1")
      await once(server, "listening")
    },
    reached: () => arrived.promise,
    connections: () => count,
    close: goDown,
  }
}

/** Writes zeros for as long as somebody reads: in MessagePack each is a number. */
function pour(socket: net.Socket): void {
  const zeros = Buffer.alloc(16 * 1024)
  const more = () => {
    while (!socket.destroyed && socket.write(zeros));
  }
  socket.on("drain", more)
  more()
}

function deferred() {
  let resolve = () => {}
  const promise = new Promise<void>(done => {
    resolve = done
  })
  return { promise, resolve }
}
