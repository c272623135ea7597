import { type ChildProcess, spawn } from "node:child_process"
import * as fs from "node:fs"
import * as http from "node:http"
import * as https from "node:https"
import type * as net from "node:net"
import * as os from "node:os"
import * as path from "node:path"
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest"
import { type Api, readSent, startApi, type Tenant } from "@/app/api/fixtures/api"
import { presets } from "@/lib/audit/capture/policy"
import type { Method } from "@/lib/http/methods"
import { blocksOf } from "@/scripts/launcher/documented-commands.mjs"
import { debianDocker } from "@/sdk/test/proxy/docker-cli"
import { startDaemon } from "@/sdk/test/proxy/docker-daemon"
import { freePort, type Listening, listen, makeCertificates } from "@/sdk/test/proxy/peers"

const root = path.resolve(import.meta.dirname, "../..")
const page = (name: string) => fs.readFileSync(path.join(root, "docs", name), "utf8")
const docker = debianDocker()

let api: Api
let front: Listening
let tenant: Tenant
let key: string
let home: string
const started: ChildProcess[] = []
const targets: Listening[] = []

beforeAll(async () => {
  api = await startApi()
  // The real routes, behind a server of their own.
  front = await listen(
    http.createServer(async (request, response) => {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk)
      const headers = Object.fromEntries(
        Object.entries(request.headers).flatMap(([name, value]) =>
          typeof value === "string" ? [[name, value]] : [],
        ),
      )
      const answer = await api.call((request.method ?? "GET") as Method, request.url ?? "/", {
        key: headers.authorization?.replace("Bearer ", "") ?? null,
        headers,
        body: chunks.length === 0 ? undefined : Buffer.concat(chunks),
      })
      response.writeHead(answer.status, Object.fromEntries(answer.headers))
      response.end(Buffer.from(await answer.arrayBuffer()))
    }),
  )
})
afterAll(async () => {
  await front.close()
  await api.close()
})
beforeEach(async () => {
  tenant = await api.makeTenant()
  key = await tenant.makeKey(["LOG-INGESTION", "LOG-MANAGEMENT", "CAPTURE-MANAGEMENT"])
  home = fs.mkdtempSync(path.join(os.tmpdir(), "auditorium-pages-"))
})
afterEach(async () => {
  for (const child of started.splice(0)) {
    // The shell and what it left running.
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, "SIGTERM")
  }
  for (const one of targets.splice(0)) await one.close()
  fs.rmSync(home, { recursive: true, force: true })
})

async function serve(server: net.Server): Promise<number> {
  const listening = await listen(server)
  targets.push(listening)
  return listening.port
}

/** Runs the commands of a page in their order, with what it writes for something of its reader's replaced. */
async function runPage(
  name: string,
  standsFor: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>>,
): Promise<string> {
  const own = {
    "http://127.0.0.1:3000": `http://127.0.0.1:${front.port}`,
    "aud_...": key,
    // What npm would do beforehand is done.
    "npm run capture --": `"${process.execPath}" --import tsx scripts/capture.ts`,
  }
  const blocks = blocksOf(page(name)).filter(({ reason }) => reason === null)
  let script = blocks.map(({ line, text }) => `echo "@ line ${line}"\n${text}`).join("\n")
  for (const [written, here] of Object.entries({ ...own, ...standsFor })) {
    expect(script, `the page mentions ${written}`).toContain(written)
    script = script.replaceAll(written, here)
  }
  const strict = 'set -euo pipefail\ncurl() { command curl --fail-with-body "$@"; }\n'
  // The proxies end before the shell does, so that everything is sent.
  const stop = "\necho '@ end'\nfor job in $(jobs -p); do kill $job; done\nwait || true\n"
  const child = spawn("bash", ["-c", strict + script + stop], {
    cwd: root,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...process.env,
      HOME: home,
      AUDITORIUM_KEY: key,
      AUDITORIUM_SPOOL: path.join(home, "spool"),
      ...env,
    },
  })
  started.push(child)
  let printed = ""
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", chunk => {
      printed += chunk
    })
  }
  const code = await new Promise(resolve => child.once("close", resolve))
  expect(code, printed.slice(-3_000)).toBe(0)
  return printed
}

const secretKey = "Zk3x9qLw8vTn5bRy2mHs6dPc1fGa7jUe4oXi0tBz"

it("the commands of the page about ClearML work as written, and the secret key of the answer is not in the log", async () => {
  const port = await serve(
    http.createServer((request, response) => {
      const endpoint = request.url?.slice(1)
      const meta = {
        id: "c9be3d7b4b914e2ea3eef53ccbd449e3",
        result_code: 200,
        result_subcode: 0,
        result_msg: "OK",
      }
      const credentials = {
        access_key: "EGRTCO8JMSIGI6S39GTP43NFWXDQOW",
        secret_key: secretKey,
        label: "marker-label",
      }
      const data = endpoint === "auth.create_credentials" ? { credentials } : {}
      response.writeHead(200, { "Content-Type": "application/json" })
      response.end(
        JSON.stringify({ meta: { ...meta, endpoint: { name: endpoint, actual_version: "2.31" } }, data }),
      )
    }),
  )
  await api.call("PUT", "/api/v1/capture/policy", {
    key,
    body: JSON.stringify({ policy: { ...presets.ours, rules: [] } }),
  })
  const printed = await runPage(
    "capture-clearml.md",
    {
      "http://clearml-apiserver:8008": `http://127.0.0.1:${port}`,
      "127.0.0.1:8018": `127.0.0.1:${await freePort()}`,
    },
    { APISERVER_KEY: "7NK2Q4PZ5WJXD3M8", APISERVER_SECRET: "s3cr3tOfTheKey0123456789" },
  )
  // What the caller gets is what ClearML answered.
  expect(printed).toContain(secretKey)
  const events = await readSent(api, tenant)
  const event = events.find(({ operation }) => operation === "auth.create_credentials")
  expect(event).toMatchObject({
    status: "success",
    statusMessage: "OK",
    actor: {
      id: "7NK2Q4PZ5WJXD3M8",
      onBehalfOf: { id: "<USER_ID>" },
      credential: { type: "basic_unverified" },
    },
    metadata: { call: { endpoint: "auth.create_credentials", profile: "clearml" } },
  })
  const stored = JSON.stringify(events)
  expect(stored).toContain("marker-label")
  expect(stored).not.toContain(secretKey)
  expect(stored).not.toContain("s3cr3tOfTheKey0123456789")
})

it("the commands of the page about Clarifai work as written: the action is recorded, other calls and the token are not", async () => {
  const token = "5f0c3d2e1b4a69788796a5b4c3d2e1f0"
  const port = await serve(
    http.createServer(async (request, response) => {
      let body = ""
      for await (const chunk of request) body += chunk
      const status = { code: 10_000, description: "Ok", req_id: "c0c3788f56734a07ac468cffc9f96b82" }
      response.writeHead(200, { "Content-Type": "application/json" })
      response.end(JSON.stringify({ status, ...(body === "" ? {} : JSON.parse(body)) }))
    }),
  )
  await runPage(
    "capture-clarifai.md",
    {
      "https://api.clarifai.com --rewrite-host": `http://127.0.0.1:${port} --rewrite-host`,
      "127.0.0.1:8018": `127.0.0.1:${await freePort()}`,
    },
    { CLARIFAI_PAT: token },
  )
  const events = await readSent(api, tenant)
  expect(events.filter(({ operation }) => operation !== "capture_policy.update")).toMatchObject([
    {
      operation: "application.create",
      operationCode: 600,
      description: "Applications created",
      status: "success",
      statusCode: "10000",
      targets: [{ type: "app", id: "testapp1" }],
      requestId: "c0c3788f56734a07ac468cffc9f96b82",
      metadata: { call: { endpoint: "PostApps", profile: "clarifai", rule: "Actions of Clarifai" } },
    },
  ])
  expect(JSON.stringify(events)).not.toContain(token)
})

it.skipIf("missing" in docker)(
  "the commands of the page about Docker and Kubernetes work as written",
  async () => {
    const daemon = await startDaemon()
    targets.push(daemon)
    const made = makeCertificates(home)
    fs.copyFileSync(path.join(home, "ca.pem"), path.join(home, "cluster-ca.pem"))
    const cluster = await serve(
      https.createServer({ cert: made.certificate, key: made.key }, async (request, response) => {
        let body = ""
        for await (const chunk of request) body += chunk
        response.writeHead(body === "" ? 200 : 201, { "Content-Type": "application/json" })
        const object = body === "" ? {} : JSON.parse(body)
        const uid = "0b9c4e9e-6f5c-4f0e-9a53-3a3f6c1d2e4f"
        response.end(JSON.stringify({ ...object, metadata: { ...object.metadata, uid } }))
      }) as unknown as net.Server,
    )
    await api.call("PUT", "/api/v1/capture/policy", { key, body: JSON.stringify({ policy: presets.ucp }) })
    const bin = path.join(home, "bin")
    fs.mkdirSync(bin)
    if ("command" in docker) fs.symlinkSync(docker.command, path.join(bin, "docker"))
    await runPage(
      "capture-docker-kubernetes.md",
      {
        "unix:///var/run/docker.sock": `http://127.0.0.1:${daemon.port}`,
        "127.0.0.1:2375": `127.0.0.1:${await freePort()}`,
        "https://kubernetes.example:6443": `https://localhost:${cluster}`,
        "127.0.0.1:8001": `127.0.0.1:${await freePort()}`,
      },
      { PATH: `${bin}:${process.env.PATH}`, TOKEN: "a.b.c", DOCKER_CONFIG: home },
    )
    const events = await readSent(api, tenant)
    expect(events.map(({ operation }) => operation)).toEqual(
      expect.arrayContaining(["containers.create", "exec.start", "rolebindings.create"]),
    )
    expect(events.map(event => event.http?.path)).not.toEqual(expect.arrayContaining(["/_ping"]))
    expect(JSON.stringify(events)).not.toContain("DB_PASSWORD=example")
  },
)
