import { execFileSync } from "node:child_process"
import * as fs from "node:fs"
import * as net from "node:net"
import * as path from "node:path"

/** A server of a test, and everything that is connected to it. */
export interface Listening {
  readonly port: number
  close(): Promise<void>
}

/** Starts a server on a free port; closing it breaks every connection. */
export async function listen(server: net.Server): Promise<Listening> {
  const sockets = new Set<net.Socket>()
  server.on("connection", (socket: net.Socket) => {
    sockets.add(socket)
    socket.on("error", () => {})
    socket.once("close", () => sockets.delete(socket))
  })
  await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve))
  const address = server.address()
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    close() {
      const closed = new Promise<void>(resolve => server.close(() => resolve()))
      for (const socket of sockets) socket.destroy()
      return closed
    },
  }
}

/** Returns a port that nobody listened at a moment ago. */
export async function freePort(): Promise<number> {
  const { port, close } = await listen(net.createServer())
  await close()
  return port
}

/** A connection whose bytes are written and read as they are. */
export class Wire {
  readonly socket: net.Socket
  text = ""
  isEnded = false
  isClosed = false
  private readonly waiting: (() => void)[] = []

  constructor(socket: net.Socket) {
    this.socket = socket
    socket.setEncoding("latin1")
    socket.on("data", chunk => {
      this.text += chunk
      this.wake()
    })
    socket.once("end", () => {
      this.isEnded = true
      this.wake()
    })
    socket.once("close", () => {
      this.isClosed = true
      this.wake()
    })
    socket.on("error", () => {})
  }

  static to(port: number): Wire {
    return new Wire(net.connect({ port, host: "127.0.0.1", allowHalfOpen: true }))
  }

  write(text: string): void {
    this.socket.write(text, "latin1")
  }

  /** Resolves when what was received holds the text. Throws when the connection ends without it. */
  async until(text: string): Promise<string> {
    while (!this.text.includes(text)) {
      if (this.isClosed || this.isEnded)
        throw new Error(`Ended without ${JSON.stringify(text)}: ${this.text}`)
      await this.change()
    }
    return this.text
  }

  /** Resolves with everything received when the other side has ended. */
  async ended(): Promise<string> {
    while (!this.isEnded && !this.isClosed) await this.change()
    return this.text
  }

  async closed(): Promise<void> {
    while (!this.isClosed) await this.change()
  }

  private change(): Promise<void> {
    return new Promise(resolve => this.waiting.push(resolve))
  }

  private wake(): void {
    for (const wake of this.waiting.splice(0)) wake()
  }
}

/** A target that speaks by hand: the test gets each connection. */
export async function rawTarget(): Promise<Listening & { next(): Promise<Wire> }> {
  const wires: Wire[] = []
  const waiting: ((wire: Wire) => void)[] = []
  const server = net.createServer({ allowHalfOpen: true }, socket => {
    const wire = new Wire(socket)
    const taker = waiting.shift()
    if (taker === undefined) wires.push(wire)
    else taker(wire)
  })
  const { port, close } = await listen(server)
  return {
    port,
    close,
    next: () => {
      const wire = wires.shift()
      return wire === undefined ? new Promise(resolve => waiting.push(resolve)) : Promise.resolve(wire)
    },
  }
}

export interface Certificates {
  readonly ca: string
  readonly certificate: string
  readonly key: string
  readonly folder: string
}

/** Makes an authority, a certificate for localhost, and one for each named client, as files of the folder. */
export function makeCertificates(folder: string, clients: readonly string[] = []): Certificates {
  const openssl = (...args: string[]) => execFileSync("openssl", args, { cwd: folder, stdio: "ignore" })
  const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
  openssl(
    "req",
    "-x509",
    ...curve,
    "-days",
    "1",
    "-subj",
    "/CN=Test CA",
    "-keyout",
    "ca-key.pem",
    "-out",
    "ca.pem",
  )
  fs.writeFileSync(path.join(folder, "names"), "subjectAltName=DNS:localhost,IP:127.0.0.1\n")
  const issue = (name: string, subject: string) => {
    openssl("req", ...curve, "-subj", subject, "-keyout", `${name}-key.pem`, "-out", `${name}.csr`)
    openssl(
      ...["x509", "-req", "-in", `${name}.csr`, "-CA", "ca.pem", "-CAkey", "ca-key.pem", "-CAcreateserial"],
      ...["-days", "1", "-extfile", "names", "-out", `${name}.pem`],
    )
  }
  issue("server", "/CN=localhost")
  for (const subject of clients) issue(/CN=([\w-]+)/.exec(subject)?.[1] ?? "client", subject)
  const read = (name: string) => fs.readFileSync(path.join(folder, name), "utf8")
  return { ca: read("ca.pem"), certificate: read("server.pem"), key: read("server-key.pem"), folder }
}
