// One server of the measurements of the proxy, in a process of its own: node --import tsx bench/proxy-peer.ts ROLE JSON.
// It says its port when it listens, and what it has used whenever it is asked.
import * as http from "node:http"
import { pipeline } from "node:stream"
import { connect } from "@/sdk/src/connection"
import { nodePlatform } from "@/sdk/src/node-platform"
import { createProxy } from "@/sdk/src/proxy/proxy"

interface Settings {
  readonly targetPort: number
  readonly serverUrl: string
}

const [role = "", text = "{}"] = process.argv.slice(2)
const settings: Settings = JSON.parse(text)
const answer = Buffer.from(
  JSON.stringify({ meta: { result_code: 200 }, data: { id: "a".repeat(32), text: "b".repeat(200) } }),
)
const block = Buffer.alloc(65_536, "0123456789abcdef")

const roles: Readonly<Record<string, () => Promise<number>>> = {
  /** Answers 290 bytes, or as many as the path says. */
  target: () =>
    listening(
      http.createServer((request, response) => {
        const bytes = Number(/^\/bytes\/(\d+)$/.exec(request.url ?? "")?.[1] ?? 0)
        request.resume().once("end", () => {
          response.setHeader("content-type", bytes > 0 ? "application/octet-stream" : "application/json")
          if (bytes > 0) send(response, bytes)
          else response.end(answer)
        })
      }),
    ),
  /** What a proxy in Node costs that captures nothing: the baseline. */
  bare: () => {
    const agent = new http.Agent({ keepAlive: true, scheduling: "lifo" })
    return listening(
      http.createServer((request, response) => {
        const { method, url, rawHeaders } = request
        const outgoing = http.request({
          ...{ host: "127.0.0.1", port: settings.targetPort, agent, method, path: url, setHost: false },
          // The types know only objects; a list is written in its order.
          headers: endToEnd(rawHeaders) as unknown as http.OutgoingHttpHeaders,
        })
        outgoing.once("response", incoming => {
          response.writeHead(incoming.statusCode ?? 502, endToEnd(incoming.rawHeaders))
          pipeline(incoming, response, () => {})
        })
        outgoing.once("error", () => response.destroy())
        request.pipe(outgoing)
      }),
    )
  },
  capture: () => {
    const connection = connect(
      { url: settings.serverUrl, key: "aud_live_bench", spool: false },
      nodePlatform,
      "proxy",
    )
    if (connection === null) throw new Error("There is no connection.")
    const recorder = connection.recorder("generic")
    const proxy = createProxy({
      target: { url: new URL(`http://127.0.0.1:${settings.targetPort}`) },
      recorder,
    })
    return connection.ready(5_000).then(() => proxy.listen({ host: "127.0.0.1", port: 0 }))
  },
}

function endToEnd(raw: readonly string[]): string[] {
  const kept: string[] = []
  for (let at = 0; at < raw.length; at += 2) {
    const [name, value] = [raw[at] ?? "", raw[at + 1] ?? ""]
    if (!/^(?:connection|keep-alive)$/i.test(name)) kept.push(name, value)
  }
  return kept
}

function send(response: http.ServerResponse, bytes: number): void {
  let left = bytes
  const write = () => {
    while (left > 0) {
      const size = Math.min(left, block.length)
      left -= size
      if (!response.write(size === block.length ? block : block.subarray(0, size))) {
        response.once("drain", write)
        return
      }
    }
    response.end()
  }
  write()
}

function listening(server: http.Server): Promise<number> {
  server.keepAliveTimeout = 65_000
  server.requestTimeout = 0
  return new Promise(resolve => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address()
      resolve(typeof address === "object" && address !== null ? address.port : 0)
    })
  })
}

const start = roles[role]
if (start === undefined) throw new Error(`There is no ${role}.`)
const port = await start()
process.on("message", () => {
  const { user, system } = process.cpuUsage()
  process.send?.({ cpuMicroseconds: user + system, peakKiB: process.resourceUsage().maxRSS })
})
process.once("disconnect", () => process.exit())
process.send?.({ port })
