import * as fs from "node:fs"
import * as http from "node:http"
import type { AddressInfo } from "node:net"
import * as path from "node:path"
import { chromium } from "@playwright/test"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { type Api, anEvent, lines, startApi } from "@/app/api/fixtures/api"
import { buildSdk } from "@/scripts/build-sdk.mjs"
import { browserAdvice, findBrowser } from "@/scripts/launcher/browser.mjs"

/** What the script of the page leaves for the test. */
interface Loaded {
  readonly sdk: typeof import("@/sdk/src/client")
}

const dist = path.resolve(import.meta.dirname, "../dist")
let api: Api
let server: http.Server
let url: string

beforeAll(async () => {
  await buildSdk()
  api = await startApi()
  const sent = await api.call("POST", "/api/v1/events", {
    body: lines(Array.from({ length: 150 }, (_, at) => anEvent({ requestId: `r-${at}` }))),
    type: "application/x-ndjson",
  })
  expect(sent.status).toBe(201)
  server = http.createServer((request, response) => {
    answer(request, response).catch(error => response.writeHead(500).end(String(error)))
  })
  await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(async () => {
  server?.closeAllConnections()
  server?.close()
  await api?.close()
})

/** The page, the bundle and the API at one origin, as behind one proxy. */
async function answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
  const { url: address = "/", method, headers } = request
  if (address.startsWith("/sdk/")) {
    response.writeHead(200, { "content-type": "text/javascript" })
    response.end(fs.readFileSync(path.join(dist, path.basename(address))))
  } else if (address.startsWith("/api/")) {
    const key = headers.authorization?.replace("Bearer ", "") ?? null
    const answered = await api.call(method === "POST" ? "POST" : "GET", address, { key })
    response.writeHead(answered.status, Object.fromEntries(answered.headers)).end(await answered.text())
  } else {
    response.writeHead(200, { "content-type": "text/html", "set-cookie": "session=1" })
    const script = 'import * as sdk from "/sdk/client.js"; globalThis.sdk = sdk'
    response.end(`<!doctype html><title>A page</title><script type="module">${script}</script>`)
  }
}

/** Returns what the module and those that it imports say. */
function bundle(file: string, seen = new Set<string>()): string {
  if (seen.has(file)) return ""
  seen.add(file)
  const text = fs.readFileSync(path.join(dist, file), "utf8")
  const imported = [...text.matchAll(/from\s*"\.\/([^"]+)"|import\s*"\.\/([^"]+)"/g)]
  return text + imported.map(([, one, other]) => bundle(one ?? other ?? "", seen)).join("")
}

describe("the client as it is built", () => {
  it("imports nothing of Node, and is small", () => {
    const text = bundle("client.js")
    expect(text).toContain("PreconditionFailedError")
    expect(text).not.toMatch(/["']node:|\bBuffer\b|\brequire\(/)
    expect(text.length).toBeLessThan(20_000)
  })

  const browser = findBrowser()
  if (browser === null) process.stderr.write(`Not run in a browser: ${browserAdvice}\n`)
  it.skipIf(browser === null)(
    "searches, follows, exports and is refused in Chromium, at the page's own origin",
    async () => {
      const chrome = await chromium.launch({ executablePath: browser ?? "", args: ["--no-sandbox"] })
      try {
        const page = await chrome.newPage()
        await page.goto(url)
        const key = await api.tenant.makeKey(["LOG-MANAGEMENT"])
        await page.waitForFunction(() => "sdk" in globalThis)
        const seen = await page.evaluate(async own => {
          // The cast: the script of the page has put the bundle there.
          const { Client, UnauthenticatedError, InvalidError } = (globalThis as unknown as Loaded).sdk
          const client = new Client({ key: own })
          const query = { include: { app: ["billing"] }, from: "2026-11-20", to: "2026-11-20" }
          const requests: string[] = []
          for await (const event of client.search(query)) requests.push(event.requestId ?? "")
          const followed: number[] = []
          for await (const event of client.follow("app=billing"))
            if (followed.push(event.index) === 150) break
          const text = await new Response(await client.export(query, "jsonl")).text()
          const wrong = await new Client({ key: "aud_live_wrong" })
            .describeKey()
            .catch((error: unknown) => error)
          const invalid = await client
            .search("colour=red")
            .next()
            .catch((error: unknown) => error)
          return {
            ...{ requests, followed: new Set(followed).size, exported: text.trimEnd().split("\n").length },
            found: (await client.find(JSON.parse(text.split("\n")[0] ?? "").id)).event.operation,
            isRefused: wrong instanceof UnauthenticatedError,
            fault: invalid instanceof InvalidError && invalid.errors[0]?.pointer,
          }
        }, key)
        expect(new Set(seen.requests).size).toBe(150)
        expect(seen).toMatchObject({
          ...{ followed: 150, exported: 150, found: "invoice.approve", isRefused: true, fault: "/colour" },
        })
      } finally {
        await chrome.close()
      }
    },
  )
})
