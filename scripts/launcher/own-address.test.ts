import * as http from "node:http"
import { afterEach, describe, expect, it } from "vitest"
import { refuseForeignOrigin } from "@/lib/http/origin"
import { createHttpServer } from "./http-server.mjs"
import { ownAddress } from "./own-address.mjs"

const running: http.Server[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map(server => new Promise(resolve => server.close(resolve))))
})

interface Asked {
  readonly baseUrl?: (port: number) => string
  readonly method?: string
  readonly path?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** Returns what the console behind the server receives, or the response when it receives nothing. */
async function ask({
  baseUrl = () => "https://audit.example.com",
  method = "GET",
  path = "/",
  headers = {},
}: Asked) {
  const free = http.createServer().listen(0, "127.0.0.1")
  await new Promise(resolve => free.once("listening", resolve))
  const address = free.address()
  const port = typeof address === "object" && address !== null ? address.port : 0
  await new Promise(resolve => free.close(resolve))
  const { server } = createHttpServer({
    baseUrl: baseUrl(port),
    handle: (request, response) => {
      response.end(JSON.stringify(request.headers))
    },
  })
  running.push(server)
  await new Promise<void>(resolve => server.listen(port, "127.0.0.1", resolve))
  return new Promise<{ status: number; location: string | undefined; body: Record<string, unknown> }>(
    (resolve, reject) => {
      const sent = Object.fromEntries(
        Object.entries(headers).map(([name, value]) => [name, value.replace("PORT", String(port))]),
      )
      const request = http.request(
        { host: "127.0.0.1", port, method, path, headers: { connection: "close", ...sent } },
        async response => {
          let text = ""
          for await (const chunk of response.setEncoding("utf8")) text += chunk
          const body = text === "" ? {} : JSON.parse(text)
          resolve({ status: response.statusCode ?? 0, location: response.headers.location, body })
        },
      )
      request.once("error", reject).end()
    },
  )
}

const own = "https://audit.example.com"
const local = (port: number) => `http://127.0.0.1:${port}`

describe("the address of the installation", () => {
  it.each<Record<string, string>>([
    { host: "127.0.0.1:3000" },
    { host: "internal:8080", "x-forwarded-host": "evil.example", "x-forwarded-proto": "http" },
    {
      host: "audit.example.com",
      "x-forwarded-host": "audit.example.com, other",
      forwarded: "host=evil.example",
    },
  ])("is BASE_URL for everything behind, whatever a proxy says: %j", async headers => {
    const { status, body } = await ask({ headers, path: "/acme" })
    expect(status).toBe(200)
    expect(body).toMatchObject({
      host: "audit.example.com",
      "x-forwarded-host": "audit.example.com",
      "x-forwarded-proto": "https",
      "x-forwarded-port": "443",
    })
    expect(body).not.toHaveProperty("forwarded")
  })
})

describe("a server action", () => {
  const action = { method: "POST", path: "/acme/admin/settings/apps" }

  it.each<Record<string, string>>([
    { "next-action": "00", origin: "https://evil.example" },
    { "next-action": "00", origin: "http://audit.example.com" },
    { "next-action": "00", origin: "null" },
    { "next-action": "00" },
    { "next-action": "00", origin: own, "sec-fetch-site": "cross-site" },
    {
      "next-action": "00",
      origin: "https://evil.example",
      host: "evil.example",
      "x-forwarded-host": "evil.example",
    },
    { "content-type": "multipart/form-data; boundary=x", origin: "https://evil.example" },
    { "content-type": " Multipart/Form-Data; boundary=x" },
  ])("from elsewhere is 403 before the console sees it: %j", async headers => {
    const { status, body } = await ask({ ...action, headers })
    expect(status).toBe(403)
    expect(body).toMatchObject({ code: "forbidden", type: "urn:problem:auditorium:forbidden" })
  })

  it.each<Record<string, string>>([
    { "next-action": "00", origin: own },
    {
      "next-action": "00",
      origin: own,
      "sec-fetch-site": "same-origin",
      "x-forwarded-host": "internal:3000",
    },
    { "next-action": "00", "sec-fetch-site": "same-origin" },
  ])("from our own pages passes, whatever the proxy says: %j", async headers => {
    const { status, body } = await ask({ ...action, headers: { host: "10.0.0.7:3000", ...headers } })
    expect(status).toBe(200)
    // Next.js compares these two.
    expect(new URL(own).host).toBe(body["x-forwarded-host"])
  })

  it("is judged alike by the server and by the action itself", () => {
    const address = ownAddress(own)
    const origins = [undefined, own, "http://audit.example.com", "https://evil.example", "null", ""]
    const sites = [undefined, "same-origin", "same-site", "cross-site", "none"]
    for (const origin of origins) {
      for (const site of sites) {
        const headers = {
          "next-action": "00",
          ...(origin !== undefined && { origin }),
          ...(site !== undefined && { "sec-fetch-site": site }),
        }
        const request = Object.assign(new http.IncomingMessage(null as never), {
          method: "POST",
          url: "/",
          headers,
        })
        const isRefused = () => {
          try {
            refuseForeignOrigin(new Headers(headers), own)
            return false
          } catch {
            return true
          }
        }
        expect([origin, site, address.isForeignAction(request)]).toEqual([origin, site, isRefused()])
      }
    }
  })
})

describe("another name of this machine", () => {
  it.each(["localhost:PORT", "console.localhost:PORT", "127.0.0.2:PORT", "my-laptop:PORT"])(
    "leads a page to BASE_URL: %s",
    async host => {
      const { status, location } = await ask({ baseUrl: local, path: "/acme?text=a%20b", headers: { host } })
      expect(status).toBe(307)
      expect(location).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/acme\?text=a%20b$/)
    },
  )

  it.each<readonly [string, Asked]>([
    ["its own name", { baseUrl: local, headers: { host: "127.0.0.1:PORT" } }],
    ["a program", { baseUrl: local, path: "/api/v1/events", headers: { host: "localhost:PORT" } }],
    [
      "a program of Clarifai's",
      { baseUrl: local, path: "/v2/users/me", headers: { host: "localhost:PORT" } },
    ],
    ["a form", { baseUrl: local, method: "POST", headers: { host: "localhost:PORT" } }],
    ["a tunnel with another port", { baseUrl: local, headers: { host: "localhost:1" } }],
    ["a name behind a proxy", { baseUrl: local, headers: { host: "x:PORT", "x-forwarded-for": "1.2.3.4" } }],
    ["a public installation", { headers: { host: "localhost:PORT" } }],
    [
      "a proxy that stands at the address itself",
      { baseUrl: () => "http://localhost:1", headers: { host: "127.0.0.1:1" } },
    ],
    ["a proxy on another port", { baseUrl: () => "http://localhost:1", headers: { host: "127.0.0.1:PORT" } }],
  ])("does not lead away: %s", async (_, asked) => {
    expect((await ask(asked)).status).toBe(200)
  })
})
