import { type ChildProcess, fork, spawn, spawnSync } from "node:child_process"
import * as fs from "node:fs"
import * as http from "node:http"
import * as net from "node:net"
import * as os from "node:os"
import * as path from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { gunzipSync } from "node:zlib"
import { type CapturePolicy, presets } from "@/lib/audit/capture/policy"
import { type Finding, median } from "./measure"

/** Calls before the first one that counts: until then the compiler is measured. */
const warmUp = 5_000
const callsARound = 5_000
const callers = 16
const gigabyte = 1024 ** 3

interface Usage {
  readonly cpuMicroseconds: number
  readonly peakKiB: number
}

/** A server under measurement, in a process of its own. */
interface Peer {
  readonly port: number
  usage(): Promise<Usage>
  stop(): Promise<void>
}

const levels: Readonly<Record<string, Partial<CapturePolicy>>> = {
  "nothing recorded": { enabled: false },
  metadata: { default: { call: true, data: false, resultData: false } },
  request: { default: { call: true, data: true, resultData: false } },
  "request and response": { default: { call: true, data: true, resultData: true } },
}

/** Measures the capturing proxy beside a bare one in Node and beside nginx: CPU a call, and the memory that 1 GiB takes. */
export async function measureProxy(rounds: number): Promise<readonly Finding[]> {
  const target = await forked("target", {})
  const servers = await Promise.all(Object.values(levels).map(startServer))
  const peers: Record<string, Peer> = {}
  try {
    const settings = { targetPort: target.port }
    peers.bare = await forked("bare", settings)
    for (const [at, name] of Object.keys(levels).entries()) {
      peers[name] = await forked("capture", { ...settings, serverUrl: servers[at]?.url })
    }
    const nginx = await startNginx(target.port)
    if (nginx !== null) peers.nginx = nginx
    return [...(await measureCpu(peers, rounds)), ...(await measureMemory(peers))]
  } finally {
    for (const peer of Object.values(peers)) await peer.stop()
    await target.stop()
    for (const { server } of servers) server.closeAllConnections()
    for (const { server } of servers) server.close()
  }
}

async function measureCpu(peers: Readonly<Record<string, Peer>>, rounds: number): Promise<Finding[]> {
  const costs = new Map<string, number[]>(Object.keys(peers).map(name => [name, []]))
  for (const { port } of Object.values(peers)) await callMany(port, warmUp)
  for (let round = 0; round < rounds; round++) {
    for (const [name, peer] of Object.entries(peers)) {
      const before = await peer.usage()
      await callMany(peer.port, callsARound)
      const after = await peer.usage()
      costs.get(name)?.push((after.cpuMicroseconds - before.cpuMicroseconds) / callsARound)
    }
  }
  const costOf = (name: string) => median(costs.get(name) ?? [])
  const bare = costOf("bare")
  return [...costs.keys()]
    .filter(name => name !== "bare")
    .map(name => ({
      goal: "20a",
      what: name === "nginx" ? "a call through nginx" : `a call through the capturing proxy, ${name}`,
      baseline: "through a bare proxy in Node",
      ratio: costOf(name) / bare,
      reach: name === "metadata" ? { kind: "at most", ratio: 1.6 } : null,
      figures: `${costOf(name).toFixed(0)} and ${bare.toFixed(0)} µs of CPU`,
    }))
}

async function measureMemory({
  bare,
  "request and response": capture,
}: Readonly<Record<string, Peer>>): Promise<Finding[]> {
  if (bare === undefined || capture === undefined) return []
  const peaks: number[] = []
  for (const peer of [bare, capture]) {
    await download(peer.port, gigabyte)
    await upload(peer.port, gigabyte)
    peaks.push((await peer.usage()).peakKiB / 1024)
  }
  const [ofBare = 0, ofCapture = 0] = peaks
  return [
    {
      goal: "20b",
      what: "peak memory after 1 GiB down and up, capturing both bodies",
      baseline: "bare proxy in Node, and 40 MiB",
      ratio: ofCapture / (ofBare + 40),
      reach: { kind: "at most", ratio: 1 },
      figures: `${ofCapture.toFixed(0)} and ${ofBare.toFixed(0)} MiB`,
    },
  ]
}

const payload = Buffer.from(JSON.stringify({ name: "n".repeat(40), tags: ["a", "b"], text: "t".repeat(220) }))

/** Makes calls of 300 bytes, by several callers in parallel. */
async function callMany(port: number, count: number): Promise<void> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: callers })
  let left = count
  const caller = async () => {
    while (left-- > 0) await call(port, agent)
  }
  await Promise.all(Array.from({ length: callers }, caller))
  agent.destroy()
}

function call(port: number, agent: http.Agent): Promise<void> {
  const headers = { "content-type": "application/json", "content-length": payload.length }
  return new Promise((resolve, reject) => {
    const request = http.request({
      host: "127.0.0.1",
      port,
      agent,
      method: "POST",
      path: "/tasks.create",
      headers,
    })
    request.once("error", reject)
    request.once("response", response => {
      if (response.statusCode !== 200) reject(new Error(`The proxy answered ${response.statusCode}.`))
      response.resume().once("end", resolve)
    })
    request.end(payload)
  })
}

function download(port: number, bytes: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = http.get({ host: "127.0.0.1", port, path: `/bytes/${bytes}`, agent: false }, response => {
      let received = 0
      response.on("data", (chunk: Buffer) => {
        received += chunk.length
      })
      response.once("end", () =>
        received === bytes ? resolve() : reject(new Error(`${received} of ${bytes} bytes arrived.`)),
      )
    })
    request.once("error", reject)
  })
}

function upload(port: number, bytes: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "application/octet-stream", "content-length": bytes }
    const request = http.request({
      host: "127.0.0.1",
      port,
      method: "POST",
      path: "/up",
      headers,
      agent: false,
    })
    request.once("error", reject)
    request.once("response", response => response.resume().once("end", resolve))
    const block = Buffer.alloc(1024 ** 2)
    let left = bytes
    const write = () => {
      while (left > 0) {
        left -= block.length
        if (!request.write(block)) {
          request.once("drain", write)
          return
        }
      }
      request.end()
    }
    write()
  })
}

/** A stand-in for the Auditorium server: it has a policy, and takes everything. */
async function startServer(policy: Partial<CapturePolicy>): Promise<{ server: http.Server; url: string }> {
  const body = JSON.stringify({ version: 1, policy: { ...presets.ours, rules: [], ...policy } })
  const server = http.createServer((request, response) => {
    if (request.method === "GET") {
      response.writeHead(200, { "content-type": "application/json", etag: '"1"' }).end(body)
      return
    }
    const chunks: Buffer[] = []
    request.on("data", chunk => chunks.push(chunk))
    request.once("end", () => {
      const lines =
        request.url === "/api/v1/events" ? gunzipSync(Buffer.concat(chunks)).toString().split("\n") : []
      const results = lines.filter(line => line !== "").map(() => ({ outcome: "accepted" }))
      response.writeHead(201, { "content-type": "application/json" }).end(JSON.stringify({ results }))
    })
  })
  await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve))
  const address = server.address()
  return {
    server,
    url: `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`,
  }
}

async function forked(role: string, settings: object): Promise<Peer> {
  const child = fork(path.join(import.meta.dirname, "proxy-peer.ts"), [role, JSON.stringify(settings)], {
    execArgv: ["--import", "tsx"],
  })
  const next = <Message>() =>
    new Promise<Message>((resolve, reject) => {
      const ended = (code: number | null) => reject(new Error(`${role} ended with ${code}.`))
      child.once("exit", ended)
      child.once("message", message => {
        child.off("exit", ended)
        resolve(message as Message)
      })
    })
  const { port } = await next<{ port: number }>()
  return {
    port,
    usage() {
      const answer = next<Usage>()
      child.send("usage")
      return answer
    },
    async stop() {
      const ended = new Promise(resolve => child.once("exit", resolve))
      child.disconnect()
      await ended
    },
  }
}

/** Starts nginx before the target; null where it is not installed. */
async function startNginx(targetPort: number): Promise<Peer | null> {
  if (spawnSync("nginx", ["-v"]).status !== 0) return null
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "auditorium-bench-nginx-"))
  const port = await freePort()
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    name => `${name}_temp_path ${folder}/${name};`,
  )
  fs.writeFileSync(
    path.join(folder, "nginx.conf"),
    `daemon off; master_process off; pid ${folder}/pid; error_log ${folder}/error.log;
     events {}
     http { access_log off; ${temporary.join(" ")} keepalive_requests 1000000;
       upstream target { server 127.0.0.1:${targetPort}; keepalive 64; keepalive_requests 1000000; }
       server { listen 127.0.0.1:${port}; location / {
         proxy_pass http://target; proxy_http_version 1.1; proxy_set_header Connection ""; } } }`,
  )
  const child = spawn("nginx", ["-c", path.join(folder, "nginx.conf"), "-p", folder], { stdio: "ignore" })
  while (!(await isOpen(port))) await sleep(20)
  return {
    port,
    usage: async () => ({ cpuMicroseconds: cpuOf(child), peakKiB: 0 }),
    async stop() {
      const ended = new Promise(resolve => child.once("exit", resolve))
      child.kill("SIGTERM")
      await ended
      fs.rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Reads what a process has used, from the system: in hundredths of a second. */
function cpuOf({ pid }: ChildProcess): number {
  const [, ...fields] = fs.readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? []
  return (Number(fields[10]) + Number(fields[11])) * 10_000
}

function isOpen(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = net.connect(port, "127.0.0.1")
    socket.once("connect", () => {
      socket.destroy()
      resolve(true)
    })
    socket.once("error", () => resolve(false))
  })
}

async function freePort(): Promise<number> {
  const server = net.createServer()
  await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve))
  const address = server.address()
  await new Promise(resolve => server.close(resolve))
  return typeof address === "object" && address !== null ? address.port : 0
}
