import * as http from "node:http"
import type { Duplex } from "node:stream"
import { type Listening, listen } from "./peers"

export const ids = {
  container: "4fa6e0f0c6786287e131c3852c58a2e01cc697a68231826813597e4994f1d6e2",
  exec: "f90b42a0c1f8a8b2c6d3e4f5a6b7c8d9e0f1a2b3c4d5e6f708192a3b4c5d6e7f",
  node: "24ifsmvkjbyhk7p9a1b2c3d4e",
  secret: "ktnbjxoalbkvbvedmg1urrz8h",
} as const

const container = {
  Id: ids.container,
  Name: "/web",
  State: { Running: true, Status: "running" },
  Config: { Tty: false, OpenStdin: true },
  HostConfig: {},
}

const answers: Readonly<Record<string, (url: string) => readonly [number, unknown]>> = {
  "GET /version": () => [
    200,
    { Version: "20.10.24", ApiVersion: "1.41", MinAPIVersion: "1.12", Os: "linux" },
  ],
  "GET /info": () => [
    200,
    {
      ID: "D",
      Name: "stand-in",
      OSType: "linux",
      Swarm: { LocalNodeState: "active", ControlAvailable: true },
    },
  ],
  "GET /containers/json": () => [200, []],
  "POST /containers/create": () => [201, { Id: ids.container, Warnings: [] }],
  "GET /containers/web/json": () => [200, container],
  "POST /containers/web/exec": () => [201, { Id: ids.exec }],
  [`GET /exec/${ids.exec}/json`]: () => [200, { ID: ids.exec, Running: false, ExitCode: 0 }],
  "POST /swarm/join": () => [200, undefined],
  "POST /secrets/create": () => [201, { ID: ids.secret }],
  "GET /services/api": () => [404, { message: "no such service: api" }],
}

/** A stand-in for the daemon: it answers what the docker command asks for in the tests, as the Engine API describes it. */
export async function startDaemon(): Promise<Listening> {
  const server = http.createServer(async (request, response) => {
    for await (const _ of request) {
      // The body is not looked at: what the proxy makes of it is what is tested.
    }
    const url = (request.url ?? "").replace(/^\/v[\d.]+(?=\/)/, "")
    const path = url.split("?")[0] ?? ""
    const common = { "Api-Version": "1.41", Ostype: "linux", Server: "Docker/20.10.24 (linux)" }
    if (path === "/_ping")
      return void response.writeHead(200, { ...common, "Content-Type": "text/plain" }).end("OK")
    const [status, body] = answers[`${request.method} ${path}`]?.(url) ?? [404, { message: "page not found" }]
    response.writeHead(status, { ...common, "Content-Type": "application/json" })
    response.end(body === undefined ? undefined : JSON.stringify(body))
  })
  server.on("upgrade", (request, socket: Duplex, head: Buffer) => attach(request, socket, head))
  return listen(server)
}

/** `exec` with standard input: what comes goes back as standard output when the client has ended its side. */
function attach(request: http.IncomingMessage, socket: Duplex, head: Buffer): void {
  const length = Number(request.headers["content-length"] ?? 0)
  let received = head
  socket.on("error", () => socket.destroy())
  socket.on("data", chunk => {
    received = Buffer.concat([received, chunk])
  })
  socket.once("end", () => {
    const output = received.subarray(length)
    const frame = Buffer.alloc(8)
    frame[0] = 1
    frame.writeUInt32BE(output.length, 4)
    socket.end(Buffer.concat([frame, output]))
  })
  socket.write(
    "HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.raw-stream\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n",
  )
}
