import { spawnSync } from "node:child_process"
import * as fs from "node:fs"
import * as net from "node:net"
import * as os from "node:os"
import * as path from "node:path"
import { gzipSync } from "node:zlib"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { presets } from "@/lib/audit/capture/policy"
import { type Packed, packedSdk, type RunningApp, startApp } from "./packed"
import { type StandIn, startStandIn } from "./server"

const frameworks = ["node", "express", "fastify", "hono", "next"] as const

let packed: Packed
let folder: string

beforeAll(async () => {
  packed = await packedSdk()
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "sdk-frameworks-"))
})
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }))

describe("the package", () => {
  it("has under 60 KB for recording, under 80 KB with the client, and nothing to install", () => {
    const installed = path.join(packed.folder, "node_modules/auditorium")
    const recording = packed.files.filter(file => !/\bclient\b/.test(file))
    expect(recording.length).toBeLessThan(packed.files.length)
    const texts = recording.map(file => fs.readFileSync(path.join(installed, file)))
    expect(gzipSync(Buffer.concat(texts)).byteLength).toBeLessThan(60_000)
    expect(packed.archiveBytes).toBeLessThan(80_000)
    const manifest = JSON.parse(fs.readFileSync("sdk/package.json", "utf8"))
    expect(Object.keys(manifest).filter(name => /dependencies/i.test(name))).toEqual([])
  })

  it("contains no test and no source", () => {
    expect(
      packed.files.filter(file => !/^(dist\/.*\.(js|d\.ts)|package\.json|README\.md)$/.test(file)),
    ).toEqual([])
  })

  it("imports nothing but Node's own modules, and for fetch none that needs Node", () => {
    const imported = importsFrom("auditorium.js")
    expect(imported).toContain("node:fs")
    expect(imported.filter(name => !name.startsWith("node:"))).toEqual([])
    expect(importsFrom("fetch.js").sort()).toEqual(["node:buffer", "node:crypto", "node:zlib"])
  })

  function importsFrom(entry: string, seen = new Set<string>()): string[] {
    seen.add(entry)
    const text = fs.readFileSync(path.join(packed.folder, "node_modules/auditorium/dist", entry), "utf8")
    const found = [...text.matchAll(/(?<!["\w.])import(?:[\w*{},$\s]*\bfrom)?"([^"]+)"/g)].map(
      match => match[1] ?? "",
    )
    const below = found
      .filter(name => name.startsWith("./") && !seen.has(name.slice(2)))
      .flatMap(name => importsFrom(name.slice(2), seen))
    return [...new Set([...found.filter(name => !name.startsWith("./")), ...below])]
  }
})

interface Answer {
  readonly status: number
  readonly text: string
}

interface Scenario {
  readonly answers: Readonly<Record<string, Answer>>
  readonly events: Readonly<Record<string, RecordedCall>>
  readonly server: StandIn
  readonly app: RunningApp
}

/** What of a recorded call the tests look at. */
interface RecordedCall {
  readonly operation: string
  readonly status: string
  readonly statusMessage?: string
  readonly actor: { readonly type: string; readonly id?: string }
  readonly source: { readonly ip?: string }
  readonly http: Readonly<Record<string, unknown>>
  readonly metadata: {
    readonly call: Readonly<Record<string, unknown>> & {
      readonly request?: { readonly body?: unknown }
      readonly response?: { readonly body?: unknown }
    }
  }
}

const json = (value: unknown, who?: string): RequestInit => ({
  method: "POST",
  headers: { "content-type": "application/json", ...(who === undefined ? {} : { "x-who": who }) },
  body: JSON.stringify(value),
})

const large = { note: "x".repeat(1_500_000) }
const requests: Readonly<Record<string, readonly [string, RequestInit]>> = {
  user: ["/users/7?page=2", json({ name: "Ada", secret: "s3cr3t-of-ada" }, "ada")],
  large: ["/users/8", json(large)],
  unread: ["/unread", json({ a: "x".repeat(3_000) })],
  late: ["/late", json({ a: "x".repeat(30_000) })],
  pieces: ["/pieces", {}],
  throws: ["/users/9", json({}, "throws")],
  rejects: ["/users/9", json({}, "rejects")],
}

async function play(framework: string): Promise<Scenario> {
  const server = await startStandIn()
  const everything = { call: true, data: true, resultData: true }
  server.policy = { version: 3, policy: { ...presets.ours, default: everything, rules: [] } }
  const app = await startApp(packed, `${framework}.mjs`, environment(server.url, framework))
  // The first report follows on the policy: from then on it holds.
  await server.until(({ received }) => received.some(({ path }) => path === "/api/v1/capture/counts"))
  const answers: Record<string, Answer> = {}
  const ask = async (name: string, [address, init]: readonly [string, RequestInit]) => {
    const headers = { ...(init.headers as Record<string, string>), "x-request-id": name }
    const response = await fetch(`${app.url}${address}`, { ...init, headers })
    answers[name] = { status: response.status, text: await response.text() }
  }
  await Promise.all(Object.entries(requests).map(([name, request]) => ask(name, request)))
  await readSlowly(app.url, "stream")
  await ask("slow", ["/slow", {}])
  await leave(app.url, "left")
  const wanted = [...Object.keys(requests), "stream", "left"]
  await server.until(({ events }) => wanted.every(name => events.some(event => event.requestId === name)))
  const events = Object.fromEntries(server.events.map(event => [String(event.requestId), event]))
  return { answers, events: events as unknown as Scenario["events"], server, app }
}

const environment = (url: string, name: string) => ({
  AUDITORIUM_URL: url,
  AUDITORIUM_KEY: "aud_test",
  AUDITORIUM_SPOOL: path.join(folder, name),
})

/** Takes nothing for a while, so that the writer has to wait, and then everything. */
function readSlowly(url: string, id: string): Promise<void> {
  return withSocket(url, id, (socket, resolve) => {
    socket.pause()
    setTimeout(() => socket.resume(), 100)
    socket.on("close", () => resolve())
  })
}

/** Goes away in the middle of an answer. */
function leave(url: string, id: string): Promise<void> {
  return withSocket(url, id, (socket, resolve) => {
    socket.once("data", () => {
      socket.destroy()
      resolve()
    })
  })
}

function withSocket(
  url: string,
  id: string,
  then: (socket: net.Socket, resolve: () => void) => void,
): Promise<void> {
  return new Promise(resolve => {
    const socket = net.connect(Number(new URL(url).port), "127.0.0.1", () => {
      socket.write(`GET /stream HTTP/1.1\r\nHost: x\r\nX-Request-Id: ${id}\r\nConnection: close\r\n\r\n`)
    })
    then(socket, resolve)
  })
}

describe.each(frameworks)("behind the middleware for %s", framework => {
  let played: Scenario

  beforeAll(async () => {
    played = await play(framework)
  })
  afterAll(async () => {
    played.app.child.kill("SIGKILL")
    await played.server.stop()
  })

  it("a call is recorded with caller, endpoint, source, sizes, outcome and both bodies, without secrets", () => {
    const { user } = played.events
    expect(played.answers.user).toMatchObject({ status: 201 })
    expect(user).toMatchObject({
      status: "success",
      statusCode: "201",
      actor: { type: "user", id: "ada" },
      source: { ip: "127.0.0.1" },
      http: { method: "POST", path: "/users/7", status: 201, requestBytes: 39 },
      metadata: { call: { policyVersion: 3, profile: "generic" } },
    })
    expect(user?.http.responseBytes).toBe(played.answers.user?.text.length)
    const text = JSON.stringify(user)
    expect(text).toContain('"Ada"')
    expect(text).toContain('"page"')
    expect(text).toContain('"u7"')
    expect(text).not.toMatch(/s3cr3t-of-ada|hunter2hunter2/)
  })

  it("a call names the route that the framework knows", () => {
    const route = played.events.user?.http.route
    const known: Record<string, string> = {
      express: "/users/:id",
      fastify: "/users/:id",
      hono: "/users/:id",
      next: "/users/[id]",
    }
    expect(route).toBe(known[framework])
    expect(played.events.user?.metadata.call.endpoint).toBe(
      framework === "node" ? "/users/{id}" : "/users/{id}",
    )
  })

  it("back-pressure is kept: who writes is told to wait, and the answer is complete", () => {
    const slow = JSON.parse(played.answers.slow?.text ?? "")
    expect(slow.faults).toBe(0)
    expect(slow.waits).toBeGreaterThan(0)
    expect(played.events.stream).toMatchObject({
      status: "success",
      http: { responseBytes: 8 * 1024 * 1024 },
    })
  })

  it("all chunks of an answer are recorded, not only the last one", () => {
    expect(played.answers.pieces?.text).toBe('{"first":1,"second":2,"last":3}')
    expect(JSON.stringify(played.events.pieces?.metadata.call.response)).toContain(
      '"first":1,"second":2,"last":3',
    )
  })

  it("a body over the limit reaches the application whole, and is recorded as withheld with its size", () => {
    expect(JSON.parse(played.answers.large?.text ?? "")).toMatchObject({
      length: JSON.stringify(large).length,
    })
    const { call } = played.events.large?.metadata ?? {}
    expect(played.events.large?.http.requestBytes).toBe(JSON.stringify(large).length)
    expect(JSON.stringify(call).length).toBeLessThan(20_000)
    expect(JSON.stringify(call?.withheld)).toContain(String(JSON.stringify(large).length))
  })

  it("a body that the application does not read is left unread, and the call is answered", () => {
    expect(played.answers.unread).toMatchObject({ status: 200 })
    expect(played.events.unread).toMatchObject({ status: "success" })
  })

  it("a body that the application reads late arrives whole", () => {
    const bytes = JSON.stringify({ a: "x".repeat(30_000) }).length
    expect(JSON.parse(played.answers.late?.text ?? "")).toEqual({ bytes })
    expect(played.events.late?.http.requestBytes).toBe(bytes)
  })

  it.each(["throws", "rejects"])("a caller function that %s leaves the call anonymous and answered", name => {
    expect(played.answers[name]).toMatchObject({ status: 201 })
    expect(played.events[name]?.actor).toMatchObject({ type: "anonymous" })
    expect(played.app.errors()).toContain("The function that names the caller failed: no session store")
  })

  it("a client that goes away before the end of the answer is a failure that says so", () => {
    expect(played.events.left).toMatchObject({ status: "failure", statusMessage: "The client went away" })
  })
})

describe("the types of the package", () => {
  it("fit those of the frameworks, and say what an event must have", () => {
    const config = {
      compilerOptions: {
        strict: true,
        noEmit: true,
        target: "es2022",
        lib: ["es2023", "dom"],
        module: "nodenext",
        moduleResolution: "nodenext",
        // Types of this project's packages; those of the frameworks need not be without faults.
        typeRoots: [path.resolve("node_modules/@types")],
        types: ["node"],
        skipLibCheck: true,
      },
      files: ["typed.ts"],
    }
    fs.copyFileSync(path.join(packed.folder, "typed.ts.txt"), path.join(packed.folder, "typed.ts"))
    fs.writeFileSync(path.join(packed.folder, "tsconfig.json"), JSON.stringify(config))
    const compiler = path.resolve("node_modules/typescript/bin/tsc")
    const done = spawnSync(process.execPath, [compiler, "--pretty", "false"], {
      cwd: packed.folder,
      encoding: "utf8",
    })
    expect(done.stdout).toBe("")
    expect(done.status).toBe(0)
  })
})
