import * as fs from "node:fs"
import * as http from "node:http"
import * as https from "node:https"
import type * as net from "node:net"
import * as os from "node:os"
import * as path from "node:path"
import * as tls from "node:tls"
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { Collector } from "@/sdk/test/proxy/collector"
import { type Certificates, type Listening, listen, makeCertificates, Wire } from "@/sdk/test/proxy/peers"
import { type CapturingProxy, createProxy, type ProxyOptions } from "./proxy"

let folder: string
let made: Certificates
let foreign: Certificates
const read = (name: string) => fs.readFileSync(path.join(folder, name), "utf8")

beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "auditorium-proxy-tls-"))
  made = makeCertificates(folder, ["/O=ops/O=admins/CN=ada", "/CN=proxy"])
  fs.mkdirSync(path.join(folder, "foreign"))
  foreign = makeCertificates(path.join(folder, "foreign"), ["/CN=mallory"])
})
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }))

let recorder: Collector
let proxy: CapturingProxy | null = null
let target: Listening | null = null
beforeEach(() => {
  recorder = new Collector()
})
afterEach(async () => {
  await proxy?.close(0)
  await target?.close()
  proxy = null
  target = null
})

async function start(options: Omit<ProxyOptions, "recorder">): Promise<number> {
  proxy = createProxy({ recorder, ...options })
  return proxy.listen({ host: "127.0.0.1", port: 0 })
}

async function plainTarget(): Promise<URL> {
  target = await listen(
    http.createServer((request, response) => response.end(JSON.stringify(request.headers))),
  )
  return new URL(`http://127.0.0.1:${target.port}`)
}

/** A target that serves TLS and says whose certificate it was shown. */
async function secureTarget(clientCa?: string): Promise<URL> {
  const server = https.createServer(
    {
      cert: made.certificate,
      key: made.key,
      ...(clientCa !== undefined && { ca: clientCa, requestCert: true, rejectUnauthorized: true }),
    },
    (request, response) => {
      const socket = request.socket as tls.TLSSocket
      response.end(`from ${socket.getPeerCertificate()?.subject?.CN ?? "nobody"}`)
    },
  )
  target = await listen(server as unknown as net.Server)
  return new URL(`https://localhost:${target.port}`)
}

function ask(options: https.RequestOptions): Promise<{ status: number; text: string }> {
  const client = options.protocol === "http:" ? http : https
  return new Promise((resolve, reject) => {
    const request = client.request({ host: "127.0.0.1", agent: false, ...options }, response => {
      let text = ""
      response.setEncoding("utf8").on("data", chunk => {
        text += chunk
      })
      response.once("end", () => resolve({ status: response.statusCode ?? 0, text }))
    })
    request.once("error", reject).end()
  })
}

describe("TLS of clients", () => {
  const serving = () => ({ certificate: made.certificate, key: made.key })

  it("is served, and a client with a certificate is who its subject names", async () => {
    const port = await start({
      target: { url: await plainTarget() },
      tls: { ...serving(), clientCa: made.ca },
    })
    const { status } = await ask({ port, ca: made.ca, cert: read("ada.pem"), key: read("ada-key.pem") })
    expect(status).toBe(200)
    const [call] = await recorder.atLeast(1)
    expect(call?.caller).toMatchObject({
      type: "user",
      id: "ada",
      attributes: { organization: ["ops", "admins"] },
      credential: { type: "client_certificate" },
    })
  })

  it("refuses clients without a certificate of the authority, and passes nothing of them on", async () => {
    const url = await plainTarget()
    const port = await start({ target: { url }, tls: { ...serving(), clientCa: made.ca } })
    const inFolder = (name: string) => fs.readFileSync(path.join(foreign.folder, name), "utf8")
    await expect(ask({ port, ca: made.ca })).rejects.toThrow()
    await expect(
      ask({ port, ca: made.ca, cert: inFolder("mallory.pem"), key: inFolder("mallory-key.pem") }),
    ).rejects.toThrow()
    expect(recorder.starts).toEqual([])
  })

  it("without an authority a certificate names nobody", async () => {
    const port = await start({ target: { url: await plainTarget() }, tls: serving() })
    await ask({ port, ca: made.ca, cert: read("ada.pem"), key: read("ada-key.pem") })
    expect(await recorder.atLeast(1)).toMatchObject([{ caller: null, ip: "127.0.0.1" }])
  })

  it("may end at the client's side while the response is on its way", async () => {
    const port = await start({ target: { url: await plainTarget() }, tls: serving() })
    const wire = new Wire(
      tls.connect({
        port,
        host: "127.0.0.1",
        servername: "localhost",
        ca: made.ca,
        ...{ allowHalfOpen: true },
      }),
    )
    wire.socket.end("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    expect(await wire.ended()).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
  })
})

describe("TLS of the target", () => {
  it("is verified with the named authority", async () => {
    const port = await start({ target: { url: await secureTarget(), ca: made.ca } })
    expect(await ask({ protocol: "http:", port })).toEqual({ status: 200, text: "from nobody" })
  })

  it.each([
    ["an authority that nobody named", () => ({})],
    ["another authority", () => ({ ca: foreign.ca })],
  ])("%s is not trusted: 502, and the request does not leave the proxy", async (_, trusted) => {
    const port = await start({ target: { url: await secureTarget(), ...trusted() } })
    expect((await ask({ protocol: "http:", port })).status).toBe(502)
    expect(await recorder.atLeast(1)).toMatchObject([{ failure: "unreachable" }])
  })

  it("of another name is not trusted", async () => {
    const url = await secureTarget()
    url.hostname = "127.0.0.2"
    const port = await start({ target: { url, ca: made.ca } })
    expect((await ask({ protocol: "http:", port })).status).toBe(502)
  })

  it("gets the proxy's own certificate, also for a connection that asks for another protocol", async () => {
    const own = { certificate: read("proxy.pem"), key: read("proxy-key.pem") }
    const port = await start({ target: { url: await secureTarget(made.ca), ca: made.ca, ...own } })
    expect(await ask({ protocol: "http:", port })).toEqual({ status: 200, text: "from proxy" })
    const asking = { Connection: "Upgrade", Upgrade: "tcp" }
    expect(await ask({ protocol: "http:", port, headers: asking })).toMatchObject({ text: "from proxy" })
  })
})

it("a target may be a socket in the file system", async () => {
  const file = path.join(folder, "daemon.sock")
  const server = http.createServer((request, response) =>
    response.end(`${request.url} ${request.headers.host}`),
  )
  await new Promise<void>(resolve => server.listen(file, resolve))
  const port = await start({ target: { url: new URL(`unix://${file}`) }, rewriteHost: true })
  const answer = await ask({ protocol: "http:", port, path: "/v1.41/info", headers: { host: "docker" } })
  expect(answer).toEqual({ status: 200, text: "/v1.41/info docker" })
  await proxy?.close(0)
  await new Promise(resolve => server.close(resolve))
})

it("the path of a target is put before those of requests", async () => {
  target = await listen(http.createServer((request, response) => response.end(request.url)))
  const port = await start({ target: { url: new URL(`http://127.0.0.1:${target.port}/base/`) } })
  expect(await ask({ protocol: "http:", port, path: "/a?b" })).toEqual({ status: 200, text: "/base/a?b" })
  expect(await recorder.atLeast(1)).toMatchObject([{ path: "/a", query: "b" }])
})
