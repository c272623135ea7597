import { type ChildProcess, spawn, spawnSync } from "node:child_process"
import { createHash } from "node:crypto"
import * as fs from "node:fs"
import * as http from "node:http"
import * as os from "node:os"
import * as path from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { WebSocket, WebSocketServer } from "ws"
import { Collector } from "@/sdk/test/proxy/collector"
import { freePort, listen } from "@/sdk/test/proxy/peers"
import { type CapturingProxy, createProxy, type ProxyOptions } from "./proxy"

const hasNginx = spawnSync("nginx", ["-v"]).status === 0
if (!hasNginx)
  process.emitWarning("Skipped: the proxy is not tried with nginx, because nginx is not installed.")

let folder: string
let recorder: Collector
let proxy: CapturingProxy | null = null
const children: ChildProcess[] = []

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "auditorium-proxy-nginx-"))
  recorder = new Collector()
})
afterEach(async () => {
  await proxy?.close(0)
  for (const child of children.splice(0)) {
    const ended = new Promise(resolve => child.once("exit", resolve))
    child.kill("SIGTERM")
    await ended
  }
  fs.rmSync(folder, { recursive: true, force: true })
})

/** Starts nginx with these locations, and resolves with its port when it serves. */
async function nginx(locations: string): Promise<number> {
  const port = await freePort()
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map(name => `${name}_temp_path ${path.join(folder, name)};`)
    .join("\n")
  const file = path.join(folder, "nginx.conf")
  fs.writeFileSync(
    file,
    `daemon off; worker_processes 1; pid ${folder}/pid; error_log ${folder}/error.log;
     ${process.getuid?.() === 0 ? "user root;" : ""}
     events {}
     http { access_log off; ${temporary} client_max_body_size 0; keepalive_timeout 1s;
       server { listen 127.0.0.1:${port}; ${locations} } }`,
  )
  const child = spawn("nginx", ["-c", file, "-p", folder], { stdio: "ignore" })
  children.push(child)
  for (;;) {
    const isUp = await fetch(`http://127.0.0.1:${port}/up`).then(
      () => true,
      () => false,
    )
    if (isUp) return port
    if (child.exitCode !== null) throw new Error(fs.readFileSync(path.join(folder, "error.log"), "utf8"))
    await sleep(20)
  }
}

async function start(targetPort: number, options: Partial<ProxyOptions> = {}): Promise<number> {
  proxy = createProxy({ target: { url: new URL(`http://127.0.0.1:${targetPort}`) }, recorder, ...options })
  return proxy.listen({ host: "127.0.0.1", port: 0 })
}

const digest = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex")

describe.skipIf(!hasNginx)("nginx as the target", () => {
  it("gets and sends bodies unchanged, with the headers that it gives", async () => {
    const body = Buffer.alloc(3_000_000, "0123456789abcdef\n")
    fs.writeFileSync(path.join(folder, "large.bin"), body)
    const port = await start(
      await nginx(`root ${folder};
        location /put/ { dav_methods PUT; create_full_put_path on; }
        location /go { return 302 /elsewhere; }`),
    )
    const base = `http://127.0.0.1:${port}`
    const got = await fetch(`${base}/large.bin`)
    expect(got.headers.get("server")).toMatch(/^nginx/)
    expect(digest(Buffer.from(await got.arrayBuffer()))).toBe(digest(body))
    const part = await fetch(`${base}/large.bin`, { headers: { range: "bytes=5-9" } })
    expect([part.status, await part.text()]).toEqual([206, "56789"])
    const tag = got.headers.get("etag") ?? ""
    expect((await fetch(`${base}/large.bin`, { headers: { "if-none-match": tag } })).status).toBe(304)
    expect((await fetch(`${base}/go`, { redirect: "manual" })).headers.get("location")).toMatch(
      /\/elsewhere$/,
    )
    expect((await fetch(`${base}/missing`)).status).toBe(404)
    expect((await fetch(`${base}/put/up.bin`, { method: "PUT", body })).status).toBe(201)
    expect(digest(fs.readFileSync(path.join(folder, "put", "up.bin")))).toBe(digest(body))
    const calls = await recorder.atLeast(6)
    expect(calls.map(({ status }) => status)).toEqual([200, 206, 304, 302, 404, 201])
    expect(calls[0]).toMatchObject({ responseBytes: body.length, failure: null })
    expect(calls[5]).toMatchObject({ requestBytes: body.length, method: "PUT" })
  })

  it("that closes its kept connections is used all the same", async () => {
    const port = await start(await nginx("location / { keepalive_requests 1; return 200 ok; }"))
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 })
    for (let n = 0; n < 5; n++) {
      const status = await new Promise((resolve, reject) => {
        const request = http.get({ port, host: "127.0.0.1", agent, path: `/${n}` }, response => {
          response.resume().once("end", () => resolve(response.statusCode))
        })
        request.once("error", reject)
      })
      expect(status).toBe(200)
    }
    agent.destroy()
  })
})

describe.skipIf(!hasNginx)("nginx in front", () => {
  it("passes its client's address on, which is believed because nginx is trusted, and WebSockets work through both", async () => {
    const server = http.createServer((request, response) => response.end(request.headers["x-forwarded-for"]))
    const sockets = new WebSocketServer({ server })
    sockets.on("connection", socket => socket.on("message", data => socket.send(`${data}!`)))
    const target = await listen(server)
    const port = await start(target.port, { trustedProxies: ["127.0.0.1/32"] })
    const front = await nginx(`location / {
      proxy_pass http://127.0.0.1:${port}; proxy_http_version 1.1;
      proxy_set_header X-Forwarded-For 203.0.113.7;
      proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection $http_connection; }`)
    expect(await (await fetch(`http://127.0.0.1:${front}/who`)).text()).toBe("203.0.113.7, 127.0.0.1")
    expect(recorder.starts.at(-1)).toMatchObject({ ip: "203.0.113.7", peerIp: "127.0.0.1" })
    const client = new WebSocket(`ws://127.0.0.1:${front}/chat`)
    await new Promise(resolve => client.once("open", resolve))
    client.send("hello")
    const [said] = await new Promise<Buffer[]>(resolve =>
      client.once("message", (...all) => resolve(all as Buffer[])),
    )
    expect(String(said)).toBe("hello!")
    client.close()
    await new Promise(resolve => client.once("close", resolve))
    sockets.close()
    await target.close()
  })
})
