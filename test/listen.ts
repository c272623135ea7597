import { once } from "node:events"
import type { Server, Socket } from "node:net"

/** A server of a test. */
export interface Listening {
  readonly port: number
  /** How many connections there have been. */
  connections(): number
  /** Ends the server and every connection. */
  close(): Promise<void>
}

/** Starts a server (TCP, TLS or HTTP) on a loopback ip; port 0 is a free one. */
export async function listen(server: Server, { host = "127.0.0.1", port = 0 } = {}): Promise<Listening> {
  const open = new Set<Socket>()
  let count = 0
  server.on("connection", (socket: Socket) => {
    count++
    open.add(socket)
    socket.on("error", () => {})
    socket.once("close", () => open.delete(socket))
  })
  server.listen(port, host)
  await once(server, "listening")
  const address = server.address()
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    connections: () => count,
    async close() {
      const closed = once(server, "close")
      server.close()
      for (const socket of open) socket.destroy()
      await closed
    },
  }
}
