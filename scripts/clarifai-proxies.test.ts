import { type ChildProcess, fork } from "node:child_process"
import { randomBytes } from "node:crypto"
import { once } from "node:events"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import * as http2 from "node:http2"
import * as https from "node:https"
import { tmpdir } from "node:os"
import path from "node:path"
import * as tls from "node:tls"
import { credentials } from "@grpc/grpc-js"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { type Api, anEvent, startApi } from "@/app/api/fixtures/api"
import { jobPrincipal } from "@/lib/access/principal"
import { createApiKey } from "@/lib/operations/api-keys/create"
import { execute } from "@/lib/operations/core/execute"
import { compiledScript } from "@/test/compiled"
import { exampleOn, freePort, hasNginx, type Nginx, startNginx, writeSelfSigned } from "@/test/nginx"
import { encodeRequest, type RpcClient, rpcClient } from "@/test/rpc/client"
import { rawCall } from "@/test/rpc/raw-call"

const page = "docs/clarifai-grpc.md"
const nginxIsThere = hasNginx()

interface WebProcess {
  readonly port: number
  readonly grpcPort: number
  /** The authorisations of the calls that it has got. */
  readonly got: { transport: string; authorization: string | null }[]
  readonly child: ChildProcess
}

let api: Api
let folder: string
let webs: readonly WebProcess[]
let nginx: Nginx
let tlsPort: number
let ca: Buffer
const clients: RpcClient[] = []

async function startWeb(secret: string): Promise<WebProcess> {
  const [port, grpcPort] = [await freePort(), await freePort()]
  const script = await compiledScript("test/rpc/web-process.ts")
  const env = {
    ...process.env,
    DATABASE_URL: api.db.applicationUrl,
    DATABASE_PATIENCE_SECONDS: "60",
    SECRET: secret,
    PORT: String(port),
    GRPC_PORT: String(grpcPort),
    BASE_URL: `https://localhost:${tlsPort}`,
    TRUSTED_PROXIES: "127.0.0.1",
    CLARIFAI_RATE: "100000",
  }
  const child = fork(script, { env, stdio: ["ignore", "ignore", "inherit", "ipc"] })
  const got: WebProcess["got"] = []
  await new Promise<void>((resolve, reject) => {
    child.once("exit", code => reject(new Error(`The web process ended with ${code}.`)))
    child.on("message", (message: { ready?: true; transport: string; authorization: string | null }) => {
      if (message.ready) resolve()
      else got.push(message)
    })
  })
  return { port, grpcPort, got, child }
}

/** The example unchanged, except for the addresses and ports of this test. */
function onPorts(example: string): string {
  const [first, second] = webs
  return example
    .replace("listen 443 ssl http2;", `listen 127.0.0.1:${tlsPort} ssl http2;`)
    .replaceAll("10.0.0.11:3000", `127.0.0.1:${first?.port}`)
    .replaceAll("10.0.0.12:3000", `127.0.0.1:${second?.port}`)
    .replaceAll("10.0.0.11:50051", `127.0.0.1:${first?.grpcPort}`)
    .replaceAll("10.0.0.12:50051", `127.0.0.1:${second?.grpcPort}`)
}

beforeAll(async () => {
  if (!nginxIsThere) return
  tlsPort = await freePort()
  api = await startApi()
  const secret = randomBytes(48).toString("base64")
  webs = await Promise.all([startWeb(secret), startWeb(secret)])
  folder = mkdtempSync(path.join(tmpdir(), "auditorium-nginx-"))
  writeSelfSigned(folder)
  ca = readFileSync(path.join(folder, "certificate.pem"))
  nginx = startNginx(folder, onPorts(exampleOn(page, "nginx")))
  for (;;) {
    const isUp = await overHttps({ user_id: "me" }, "Basic none").then(
      () => true,
      () => false,
    )
    if (isUp) break
    nginx.refuseEnded()
  }
})
afterAll(async () => {
  for (const client of clients) client.close()
  await nginx?.close()
  for (const { child } of webs ?? []) {
    const ended = once(child, "exit")
    child.disconnect()
    await ended
  }
  await api?.close()
  if (folder) rmSync(folder, { recursive: true, force: true })
})

interface Answer {
  readonly status: { readonly code: number }
  readonly entries?: readonly { readonly req_id: string }[]
}

/** Asks for a search over HTTP, behind nginx or at one process. */
function overHttps(body: object, authorization: string, port?: number): Promise<Answer> {
  const options = {
    host: "127.0.0.1",
    port: tlsPort,
    servername: "localhost",
    ca,
    method: "POST",
    path: "/v2/users/me/audit_log/searches",
    headers: { host: `localhost:${tlsPort}`, authorization },
    agent: false as const,
  }
  if (port !== undefined) return overHttp(body, authorization, port)
  return new Promise((resolve, reject) => {
    const request = https.request(options, response => {
      let text = ""
      response.setEncoding("utf8").on("data", chunk => {
        text += chunk
      })
      response.once("end", () => {
        try {
          resolve(JSON.parse(text))
        } catch {
          reject(new Error(`${response.statusCode}: ${text.slice(0, 200)}`))
        }
      })
    })
    request.once("error", reject).end(JSON.stringify(body))
  })
}

async function overHttp(body: object, authorization: string, port: number): Promise<Answer> {
  const answer = await fetch(`http://127.0.0.1:${port}/v2/users/me/audit_log/searches`, {
    method: "POST",
    headers: { authorization, "x-forwarded-host": `localhost:${tlsPort}` },
    body: JSON.stringify(body),
  })
  return answer.json()
}

/** Asks for a search over gRPC, each time on a connection of its own, as programs that run by a timer do. */
async function overGrpc(body: object, authorization: string, port?: number): Promise<Answer> {
  const how = port === undefined ? credentials.createSsl(ca) : credentials.createInsecure()
  const client = rpcClient(port ?? tlsPort, how)
  clients.push(client)
  const sent = { user_app_id: { user_id: "me" }, ...body }
  const { grpc, details, response } = await client.search(sent, { metadata: { authorization } })
  client.close()
  if (grpc !== "OK") throw new Error(`${grpc}: ${details}`)
  return response as Answer
}

type Ask = (body: object, authorization: string, port?: number) => Promise<Answer>

describe.skipIf(!nginxIsThere).each([
  ["HTTP", overHttps as Ask],
  ["gRPC", overGrpc as Ask],
])("over %s", (transport, ask) => {
  const makeKey = async (allowedNetworks: string[] = []) => {
    const caller = {
      principal: jobPrincipal("test", api.tenant.organization),
      source: undefined,
      requestId: "test",
      at: new Date(),
    }
    const input = {
      app: "billing",
      name: "pages",
      scopes: ["LOG-MANAGEMENT"],
      expiresAt: null,
      allowedNetworks,
    }
    return (await execute(createApiKey, caller, input)).key
  }
  const insert = async (requestIds: readonly string[]) => {
    const body = JSON.stringify(
      requestIds.map(requestId => anEvent({ requestId, occurredAt: new Date().toISOString() })),
    )
    expect((await api.call("POST", "/api/v1/events", { body })).status).toBe(201)
  }

  test.each([
    ["one process", true],
    ["two processes behind nginx, as the page configures it", false],
  ])(
    "with %s, 50 events between two pages move no entry: none is twice, none is missing",
    async (_, isDirect) => {
      const name = randomBytes(4).toString("hex")
      const authorization = `Key ${await makeKey()}`
      const first = Array.from({ length: 60 }, (__, at) => `${name}-${at}`)
      await insert(first)
      const port = transport === "HTTP" ? webs[0]?.port : webs[0]?.grpcPort
      const seen: string[] = []
      for (let page = 1; page <= 3; page++) {
        const body = { pagination: { page, per_page: 20 } }
        const { status, entries = [] } = await ask(body, authorization, isDirect ? port : undefined)
        expect(status.code).toBe(10_000)
        seen.push(...entries.map(({ req_id }) => req_id))
        await insert(Array.from({ length: 50 }, (__, at) => `${name}-later-${page}-${at}`))
      }
      expect(seen).toHaveLength(60)
      expect([...seen].sort()).toEqual([...first].sort())
    },
  )

  test("one key reaches one process, and different keys reach both", async () => {
    const counts = () => webs.map(({ got }) => got.filter(one => one.transport === transport).length)
    const reached = new Set<number>()
    for (let round = 0; round < 200 && reached.size < 2; round++) {
      const before = counts()
      for (let time = 0; time < 4; time++) await ask({}, `Basic ${transport}-${round}`)
      const growth = () => counts().map((count, at) => count - (before[at] ?? 0))
      // A process tells what it got by a message, which may come after its answer.
      await expect.poll(() => growth().reduce((sum, one) => sum + one, 0), { timeout: 60_000 }).toBe(4)
      const grown = growth()
      expect([...grown].sort()).toEqual([0, 4])
      reached.add(grown.indexOf(4))
    }
    expect(reached.size).toBe(2)
  })

  test("the ip of the client is the one that came to nginx, whatever the client writes", async () => {
    const cases = [
      [await makeKey(["127.0.0.2/32"]), 10_000],
      [await makeKey(["203.0.113.9/32"]), 11_009],
    ] as const
    for (const [key, code] of cases) {
      const headers = { authorization: `Key ${key}`, "x-forwarded-for": "203.0.113.9" }
      expect(await codeFrom("127.0.0.2", transport, headers)).toBe(code)
    }
  })
})

/** Returns the code of a search that is asked from another ip of this machine. */
async function codeFrom(localAddress: string, transport: string, headers: Record<string, string>) {
  if (transport === "gRPC") {
    const place = { host: "127.0.0.1", port: tlsPort, servername: "localhost", localAddress, ca }
    const session = http2.connect(`https://localhost:${tlsPort}`, {
      createConnection: () => tls.connect({ ...place, ALPNProtocols: ["h2"] }),
    })
    const body = encodeRequest({ user_app_id: { user_id: "me" } })
    return (await rawCall(session, { body, headers })).code
  }
  return new Promise<number>((resolve, reject) => {
    const request = https.request(
      {
        ...{ host: "127.0.0.1", port: tlsPort, servername: "localhost", ca, localAddress, method: "POST" },
        path: "/v2/users/me/audit_log/searches",
        headers: { host: `localhost:${tlsPort}`, ...headers },
        agent: false,
      },
      response => {
        let text = ""
        response.setEncoding("utf8").on("data", chunk => {
          text += chunk
        })
        response.once("end", () => resolve(JSON.parse(text).status.code))
      },
    )
    request.once("error", reject).end("{}")
  })
}

describe("the example for Caddy", () => {
  test("says the same: where each transport is, and that one key reaches one process", () => {
    const text = exampleOn(page, "caddyfile")
    expect(text).toMatch(/reverse_proxy h2c:\/\/10\.0\.0\.11:50051 h2c:\/\/10\.0\.0\.12:50051/)
    expect(text.match(/lb_policy header Authorization/g)).toHaveLength(2)
    expect(text).toMatch(/path \/clarifai\.api\.V2\/\*/)
    expect(text).toMatch(/path \/v2\/\*/)
    expect(text).toMatch(/flush_interval -1/)
  })
})
