// npx tsx bench/sdk.ts [--calls 20000] [--rounds 5]
// What the SDK costs an application: CPU time for each call beside the same application without it, in turns of the same run.
import { type ChildProcess, fork } from "node:child_process"
import * as fs from "node:fs"
import * as http from "node:http"
import type { AddressInfo } from "node:net"
import * as os from "node:os"
import * as path from "node:path"
import { parseArgs } from "node:util"
import { gunzipSync } from "node:zlib"
import { presets } from "@/lib/audit/capture/policy"
import { buildSdk } from "@/scripts/build-sdk.mjs"
import { median } from "./measure"

/** Before so many calls the compiler is measured. */
const warmUpCalls = 5_000
const connections = 8

const body = JSON.stringify({
  name: "Ada",
  items: Array.from({ length: 20 }, (_, at) => ({ at, note: "x".repeat(24) })),
})

interface Load {
  readonly name: string
  readonly level: "metadata" | "request"
  readonly framework: "bare" | "express"
  readonly body: string | null
  /** The goal in microseconds more for each call. */
  readonly goal: number | null
}

const loads: readonly Load[] = [
  { name: "bare handler, metadata", level: "metadata", framework: "bare", body: null, goal: 25 },
  { name: "bare handler, request with 1 KB", level: "request", framework: "bare", body, goal: 60 },
  {
    name: "Express with express.json(), metadata",
    level: "metadata",
    framework: "express",
    body,
    goal: null,
  },
  { name: "Express with express.json(), request", level: "request", framework: "express", body, goal: null },
]

/** Takes events as the server does, and says nothing else. */
async function startCollector(
  level: Load["level"],
): Promise<{ url: string; events: () => number; stop: () => void }> {
  let events = 0
  const flags = { call: true, data: level === "request", resultData: false }
  const policy = { version: 1, policy: { ...presets.ours, default: flags } }
  const server = http.createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    if (request.url !== "/api/v1/events") return void response.end(JSON.stringify(policy))
    const lines = gunzipSync(Buffer.concat(chunks)).toString().split("\n").filter(Boolean)
    events += lines.length
    response.writeHead(201, { "content-type": "application/json" })
    response.end(JSON.stringify({ results: lines.map(() => ({ outcome: "accepted" })) }))
  })
  await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve))
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, events: () => events, stop: () => server.close() }
}

interface Application {
  readonly url: string
  readonly child: ChildProcess
}

async function startApplication(
  load: Load,
  capture: "none" | "sdk",
  url: string,
  spool: string,
): Promise<Application> {
  const child = fork(path.join(import.meta.dirname, "sdk-server.mjs"), [load.framework, capture], {
    execArgv: [],
    env: {
      ...process.env,
      AUDITORIUM_URL: url,
      AUDITORIUM_KEY: "bench",
      AUDITORIUM_SPOOL: spool,
      NODE_ENV: "production",
    },
  })
  const { port } = await messageOf<{ readonly port: number }>(child)
  return { url: `http://127.0.0.1:${port}`, child }
}

function messageOf<Message>(child: ChildProcess): Promise<Message> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null) => reject(new Error(`An application ended with ${code}.`))
    child.once("exit", ended)
    child.once("message", message => {
      child.off("exit", ended)
      resolve(message as Message)
    })
  })
}

async function cpuOf({ child }: Application): Promise<number> {
  child.send("cpu")
  return (await messageOf<{ readonly microseconds: number }>(child)).microseconds
}

async function callMany(application: Application, load: Load, calls: number): Promise<void> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: connections })
  const one = () =>
    new Promise<void>((resolve, reject) => {
      const headers =
        load.body === null ? {} : { "content-type": "application/json", "content-length": load.body.length }
      const method = load.body === null ? "GET" : "POST"
      const request = http.request(`${application.url}/orders/1`, { agent, method, headers }, response => {
        response.resume()
        response.on("end", resolve)
      })
      request.on("error", reject)
      request.end(load.body ?? undefined)
    })
  let left = calls
  await Promise.all(
    Array.from({ length: connections }, async () => {
      while (left-- > 0) await one()
    }),
  )
  agent.destroy()
}

/** Returns the microseconds of CPU that the application used for each call, what it sends afterwards included. */
async function costOf(application: Application, load: Load, calls: number): Promise<number> {
  const before = await cpuOf(application)
  await callMany(application, load, calls)
  await new Promise(resolve => setTimeout(resolve, 1_500))
  return ((await cpuOf(application)) - before) / calls
}

async function measure(load: Load, calls: number, rounds: number, folder: string): Promise<void> {
  const collector = await startCollector(load.level)
  const without = await startApplication(load, "none", collector.url, folder)
  const withSdk = await startApplication(load, "sdk", collector.url, folder)
  for (const application of [without, withSdk]) await callMany(application, load, warmUpCalls)
  const costs: { readonly without: number[]; readonly with: number[] } = { without: [], with: [] }
  for (let round = 0; round < rounds; round++) {
    costs.without.push(await costOf(without, load, calls))
    costs.with.push(await costOf(withSdk, load, calls))
  }
  const [base, all] = [median(costs.without), median(costs.with)]
  const more = all - base
  const verdict =
    load.goal === null ? "" : more <= load.goal ? ` (goal: ${load.goal})` : ` (goal: ${load.goal}, MISSED)`
  console.log(
    `${load.name}: ${base.toFixed(1)} µs without, ${all.toFixed(1)} with: +${more.toFixed(1)} µs${verdict}, ` +
      `+${((more / base) * 100).toFixed(0)} %; ${collector.events()} events arrived of ${warmUpCalls + rounds * calls} calls`,
  )
  without.child.kill()
  withSdk.child.kill()
  collector.stop()
}

const { values } = parseArgs({
  options: { calls: { type: "string", default: "20000" }, rounds: { type: "string", default: "5" } },
})
await buildSdk()
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "bench-sdk-"))
try {
  for (const load of loads)
    await measure(load, Number(values.calls), Number(values.rounds), path.join(folder, load.level))
} finally {
  fs.rmSync(folder, { recursive: true, force: true })
}
