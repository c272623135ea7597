import * as fs from "node:fs"
import * as net from "node:net"
import * as os from "node:os"
import * as path from "node:path"
import { pathToFileURL } from "node:url"
import { NextRequest } from "next/server"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { presets } from "@/lib/audit/capture/policy"
import { runPage } from "@/scripts/launcher/documented-commands.mjs"
import { makeExampleApplication } from "@/scripts/launcher/example-application.mjs"
import { type StandIn, startStandIn } from "./server"

let folder: string
let application: string
let server: StandIn

beforeEach(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "sdk-docs-"))
  application = makeExampleApplication(process.cwd(), folder)
  server = await startStandIn()
  server.policy = {
    version: 1,
    policy: { ...presets.ours, default: { call: true, data: true, resultData: false } },
  }
})
afterEach(async () => {
  await server.stop()
  fs.rmSync(folder, { recursive: true, force: true })
})

async function run(page: string) {
  const port = String(await freePort())
  return runPage(process.cwd(), page, {
    env: { ...process.env, AUDITORIUM_SPOOL: path.join(folder, "spool") },
    standsFor: [
      ["http://127.0.0.1:3000", server.url],
      ["aud_live_...", "aud_test"],
      ["/path/to/your/application", application],
      [/\b8080\b/g, port],
    ],
  })
}

function freePort(): Promise<number> {
  return new Promise(resolve => {
    const taken = net.createServer().listen(0, "127.0.0.1", () => {
      const { port } = taken.address() as net.AddressInfo
      taken.close(() => resolve(port))
    })
  })
}

describe("the commands of the pages, as they are written", () => {
  it("docs/capture-nodejs.md: each application records the call with its caller and body", async () => {
    const { explanation } = await run("docs/capture-nodejs.md")
    expect(explanation).toBe("")
    const numbers = { express: 1001, fastify: 1002, hono: 1003, node: 1004 }
    for (const [name, number] of Object.entries(numbers)) {
      const call = server.events.find(event => JSON.stringify(event).includes(`"/orders/${number}"`))
      expect(call, name).toMatchObject({
        operation: "orders.create",
        status: "success",
        actor: { type: "user", id: "ada" },
      })
      expect(JSON.stringify(call), name).toContain('"amount":12')
    }
    await callNext()
    await server.until(({ events }) => events.some(event => event.requestId === "by-next"))
    const call = server.events.find(event => event.requestId === "by-next")
    expect(call).toMatchObject({ actor: { id: "grace" }, http: { route: "/orders/[id]", status: 201 } })
  })

  it("docs/sdk.md: an event of one's own is accepted", async () => {
    const { explanation } = await run("docs/sdk.md")
    expect(explanation).toBe("")
    expect(server.events).toMatchObject([{ operation: "door.open", actor: { id: "ada" } }])
  })

  /** Calls the route handler of the page as Next does. */
  async function callNext(): Promise<void> {
    process.env.AUDITORIUM_URL = server.url
    process.env.AUDITORIUM_KEY = "aud_next"
    process.env.AUDITORIUM_SPOOL = path.join(folder, "next")
    try {
      const route = await import(pathToFileURL(path.join(application, "app/orders/[id]/route.mjs")).href)
      const request = new NextRequest("http://localhost/orders/n-1", {
        method: "POST",
        body: '{"amount": 12}',
        headers: { "x-user": "grace", "x-request-id": "by-next" },
      })
      const response: Response = await route.POST(request, { params: Promise.resolve({ id: "n-1" }) })
      expect(await response.json()).toEqual({ id: "n-1" })
      const sdk = await import(
        pathToFileURL(path.join(application, "node_modules/auditorium/dist/auditorium.js")).href
      )
      await sdk.close()
    } finally {
      for (const name of ["URL", "KEY", "SPOOL"]) delete process.env[`AUDITORIUM_${name}`]
    }
  }
})
