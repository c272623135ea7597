import * as fs from "node:fs"
import type * as http from "node:http"
import * as https from "node:https"
import * as os from "node:os"
import * as path from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { resolveAddresses, trustNetworks } from "@/lib/http/address"
import { refuseForeignOrigin } from "@/lib/http/origin"
import { exampleOn, freePort, hasNginx, startNginx, writeSelfSigned } from "@/test/nginx"
import { createHttpServer } from "./launcher/http-server.mjs"

const example = (language: string) => exampleOn("docs/deployment.md", language)
const nginxIsThere = hasNginx()

const plainExample = "server { listen 127.0.0.1:443 ssl; location / { proxy_pass http://127.0.0.1:3000; } }"

/** The example unchanged, except for the ports of this test. */
function onPorts(server: string, { tlsPort, port }: { tlsPort: number; port: number }): string {
  return server
    .replace(/listen (?:127\.0\.0\.1:)?443 ssl;/, `listen 127.0.0.1:${tlsPort} ssl;`)
    .replace(/listen 80;/, "listen 127.0.0.1:0;")
    .replace(/server \{\s*listen 127\.0\.0\.1:0;[\s\S]*$/, "")
    .replaceAll("127.0.0.1:3000", `127.0.0.1:${port}`)
}

interface Answer {
  readonly status: number
  readonly text: string
  readonly headers: http.IncomingHttpHeaders
}

/** The backend: our own server, with a stand-in for the console that returns what it received. */
async function behind(server: string) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "auditorium-nginx-"))
  const [tlsPort, port] = [await freePort(), await freePort()]
  const baseUrl = `https://localhost:${tlsPort}`
  let goOn = () => {}
  const made = createHttpServer({
    baseUrl,
    handle: async (request, response) => {
      const to = request.headers["x-redirect-to"]
      if (to !== undefined) return void response.writeHead(307, { location: String(to) }).end()
      if (request.url === "/export") {
        response.write("first line\n")
        await new Promise<void>(resolve => {
          goOn = resolve
        })
        return void response.end("last line\n")
      }
      let bytes = 0
      for await (const chunk of request) bytes += chunk.length
      response.end(JSON.stringify({ bytes, headers: request.headers, url: request.url }))
    },
  })
  await new Promise<void>(resolve => made.server.listen(port, "127.0.0.1", resolve))
  writeSelfSigned(folder)
  const nginx = startNginx(folder, onPorts(server, { tlsPort, port }))

  const ask = (asked: https.RequestOptions & { body?: Buffer }, onData = (_: string) => {}) =>
    new Promise<Answer>((resolve, reject) => {
      const { body, ...options } = asked
      const request = https.request(
        {
          host: "127.0.0.1",
          port: tlsPort,
          servername: "localhost",
          rejectUnauthorized: false,
          ...options,
          headers: { host: `localhost:${tlsPort}`, connection: "close", ...options.headers },
        },
        response => {
          let text = ""
          response.setEncoding("utf8").on("data", chunk => {
            text += chunk
            onData(text)
          })
          response.once("end", () =>
            resolve({ status: response.statusCode ?? 0, text, headers: response.headers }),
          )
        },
      )
      request.once("error", reject).end(body)
    })
  for (;;) {
    const isUp = await ask({ path: "/api/live" }).then(
      ({ status }) => status === 200,
      () => false,
    )
    if (isUp) break
    nginx.refuseEnded()
  }
  return {
    baseUrl,
    ask,
    goOn: () => goOn(),
    async close() {
      await nginx.close()
      await made.drain(0)
      fs.rmSync(folder, { recursive: true, force: true })
    },
  }
}

type Behind = Awaited<ReturnType<typeof behind>>

describe.skipIf(!nginxIsThere).each([
  ["the complete example for nginx", () => example("nginx")],
  ["nothing but proxy_pass", () => plainExample],
])("behind %s", (name, server) => {
  let nginx: Behind
  beforeAll(async () => {
    nginx = await behind(server())
  })
  afterAll(() => nginx?.close())

  it("forms work: their origin is judged by BASE_URL, by us and by Next", async () => {
    const headers = { origin: nginx.baseUrl, "sec-fetch-site": "same-origin", "next-action": "00" }
    const { status, text } = await nginx.ask({ method: "POST", path: "/acme/admin/settings/apps", headers })
    expect(status).toBe(200)
    const given = new Headers(JSON.parse(text).headers)
    expect(() => refuseForeignOrigin(given, nginx.baseUrl)).not.toThrow()
    // Next.js compares the host of the origin with the first one of these that is present.
    expect(given.get("x-forwarded-host")).toBe(new URL(nginx.baseUrl).host)
    expect(given.get("host")).toBe(new URL(nginx.baseUrl).host)
    expect(given.get("x-forwarded-proto")).toBe("https")
  })

  it("forms of other sites are refused, whatever they claim", async () => {
    const headers = {
      origin: "https://evil.example",
      "x-forwarded-host": "evil.example",
      "next-action": "00",
    }
    expect((await nginx.ask({ method: "POST", path: "/", headers })).status).toBe(403)
  })

  it("browsers are told to stay with https", async () => {
    const { headers } = await nginx.ask({ path: "/" })
    expect(headers["strict-transport-security"]).toMatch(/max-age=\d+/)
  })

  if (name === "nothing but proxy_pass") return

  it("the client's address is the one that came to nginx, whatever the client writes", async () => {
    const headers = { "x-forwarded-for": "203.0.113.9" }
    const { text } = await nginx.ask({ path: "/", localAddress: "127.0.0.2", headers })
    const given = JSON.parse(text).headers
    expect(
      resolveAddresses(given["x-auditorium-peer"], given["x-forwarded-for"], trustNetworks(["127.0.0.1/32"])),
    ).toEqual({ client: "127.0.0.2", peer: "127.0.0.1" })
  })

  it("a batch of 5 MiB gets through", async () => {
    const body = Buffer.alloc(5 * 1024 * 1024, "x")
    const { status, text } = await nginx.ask({ method: "POST", path: "/api/v1/events", body })
    expect([status, JSON.parse(text).bytes]).toEqual([200, body.length])
  })

  it("an address of 8 KiB gets through, and one of a byte more is refused in our words", async () => {
    const address = `/acme/admin/audit-logs?text=${"x".repeat(8_192 - 28)}`
    expect((await nginx.ask({ path: address })).status).toBe(200)
    const { status, text } = await nginx.ask({ path: `${address}x` })
    expect([status, JSON.parse(text).code]).toEqual([414, "address-too-long"])
  })

  it("a redirect to an address of 10 KiB for signing in gets through, and so does that address", async () => {
    const path = `/sign-in?return=${"x".repeat(10 * 1024 - 16)}`
    const { status, headers } = await nginx.ask({ path: "/acme", headers: { "x-redirect-to": path } })
    expect([status, headers.location]).toEqual([307, path])
    expect((await nginx.ask({ path })).status).toBe(200)
  })

  it("an export arrives as it is written, not when it is whole", async () => {
    // The rest is written only after the beginning has arrived: if the proxy buffered it, this would never end.
    const { text } = await nginx.ask({ path: "/export" }, soFar => {
      if (soFar === "first line\n") nginx.goOn()
    })
    expect(text).toBe("first line\nlast line\n")
  })
})

describe("the example for Caddy", () => {
  it("says the same: where the console is, how large bodies may be, and that answers are streams", () => {
    const text = example("caddyfile")
    expect(text).toMatch(/reverse_proxy 127\.0\.0\.1:3000/)
    expect(Number(/max_size (\d+)MB/.exec(text)?.[1]) * 1e6).toBeGreaterThan(5 * 1024 * 1024)
    expect(text).toMatch(/flush_interval -1/)
  })
})
