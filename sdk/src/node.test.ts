import * as http from "node:http"
import * as http2 from "node:http2"
import type { AddressInfo, Server } from "node:net"
import { setTimeout as wait } from "node:timers/promises"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { presets } from "@/lib/audit/capture/policy"
import { type StandIn, startStandIn } from "@/sdk/test/server"
import { record } from "./auditorium"
import { closeAll } from "./connection"
import { KeptBody } from "./kept-body"
import { auditorium, type NodeOptions } from "./node"

let server: StandIn
const applications: Server[] = []
let key = 0

beforeEach(async () => {
  server = await startStandIn()
  const everything = { call: true, data: true, resultData: true }
  server.policy = { version: 1, policy: { ...presets.ours, default: everything, rules: [] } }
  key++
})
afterEach(async () => {
  for (const application of applications.splice(0)) application.close()
  await closeAll(50)
  await server.stop()
})

const connection = () => ({ url: server.url, key: `key ${key}`, spool: false as const, log: () => undefined })

async function serve(handler: http.RequestListener, options: Partial<NodeOptions> = {}): Promise<string> {
  return listen(http.createServer(auditorium(handler, { ...connection(), ...options })))
}

async function listen(application: Server): Promise<string> {
  applications.push(application)
  await new Promise<void>(resolve => application.listen(0, "127.0.0.1", resolve))
  return `http://127.0.0.1:${(application.address() as AddressInfo).port}`
}

/** The policy has been fetched when the first report is sent. */
const known = () =>
  server.until(({ received }) => received.some(({ path }) => path === "/api/v1/capture/counts"))

const recorded = async (count: number) => {
  // Closing sends at once what would wait for more.
  for (; server.events.length < count; await wait(5)) await closeAll(1_000)
  return server.events as unknown as readonly {
    readonly requestId: string
    readonly status: string
    readonly source: Readonly<Record<string, unknown>>
    readonly http: Readonly<Record<string, unknown>>
    readonly metadata: { readonly call: Readonly<Record<string, unknown>> }
  }[]
}

describe("a call of a Node server", () => {
  it("is recorded when it is opened and when it ends, if it is a stream of events", async () => {
    const url = await serve((_request, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" })
      response.write("data: 1\n\n")
      setTimeout(() => response.end("data: 2\n\n"), 50)
    })
    await (await fetch(url)).text()
    const [opened, closed] = await recorded(2)
    expect(opened?.metadata.call.state).toBe("opened")
    expect(closed?.metadata.call.state).toBe("closed")
    expect(closed?.requestId).toBe(opened?.requestId)
    expect(closed?.http.responseBytes).toBe(18)
  })

  it("is recorded once when it passes the middleware twice", async () => {
    const inner = auditorium((_request: http.IncomingMessage, response) => response.end("x"), connection())
    const url = await serve((request, response) => void inner(request, response))
    await fetch(url)
    await fetch(url, { headers: { "x-request-id": "last" } })
    await server.until(({ events }) => events.some(({ requestId }) => requestId === "last"))
    expect(server.events).toHaveLength(2)
  })

  it("has its whole body also behind a middleware that waited before", async () => {
    let read = 0
    const inner = auditorium(async (request: http.IncomingMessage, response) => {
      for await (const chunk of request) read += chunk.length
      response.end()
    }, connection())
    const url = await listen(
      http.createServer(async (request, response) => {
        await wait(30)
        await inner(request, response)
      }),
    )
    await known()
    await fetch(url, {
      method: "POST",
      body: JSON.stringify({ early: "bird" }),
      headers: { "content-type": "application/json" },
    })
    const [call] = await recorded(1)
    expect(read).toBe(16)
    expect(call?.http.requestBytes).toBe(16)
    expect(JSON.stringify(call?.metadata)).toContain('"bird"')
  })

  it("is recorded over HTTP/2, with each byte counted once", async () => {
    const handler = auditorium((_request: http.IncomingMessage, response: http.ServerResponse) => {
      response.setHeader("content-type", "application/json")
      response.write('{"a":')
      response.end("1}")
    }, connection())
    const url = await listen(
      http2.createServer((request, response) => void handler(request as never, response as never)),
    )
    await known()
    const session = http2.connect(url)
    const stream = session.request({ ":path": "/two" })
    let text = ""
    for await (const chunk of stream) text += chunk
    session.close()
    const [call] = await recorded(1)
    expect(text).toBe('{"a":1}')
    expect(call).toMatchObject({ status: "success", http: { path: "/two", responseBytes: 7, status: 200 } })
  })

  it("has the address that trusted proxies wrote, and no other", async () => {
    const forwarded = { "x-forwarded-for": "203.0.113.9, 192.0.2.1, 10.0.0.7" }
    const answer: http.RequestListener = (_request, response) => void response.end()
    const distrusting = await serve(answer)
    const trusting = await serve(answer, { trustedProxies: ["127.0.0.1", "10.0.0.0/8"] })
    await fetch(distrusting, { headers: forwarded })
    await fetch(trusting, { headers: forwarded })
    const calls = await recorded(2)
    expect(calls.map(({ source }) => source.ip).sort()).toEqual(["127.0.0.1", "192.0.2.1"])
  })

  it("waits for the first answer about the policy, and is not recorded when that says no", async () => {
    let answer: (() => void) | undefined
    const asked = new Promise<void>(resolve => {
      answer = resolve
    })
    server.policy = { version: 1, policy: { ...presets.ours, enabled: false } }
    server.hold = asked
    const url = await serve((_request, response) => void response.end())
    await fetch(url)
    answer?.()
    await known()
    expect(
      await record({ operation: "door.open", status: "success", actor: { type: "anonymous" } }, connection()),
    ).toMatchObject({ outcome: "accepted" })
    expect(server.events.map(({ operation }) => operation)).toEqual(["door.open"])
  })

  it("is refused by a strict application while it could not be recorded, and answered again afterwards", async () => {
    server.reply = ({ path }) => (path === "/api/v1/events" ? { status: 503 } : undefined)
    let asked = 0
    const url = await serve(
      (_request, response) => {
        asked++
        response.end()
      },
      { strict: true },
    )
    expect((await fetch(url)).status).toBe(200)
    const event = { operation: "door.open", status: "success", actor: { type: "anonymous" } } as const
    for (let at = 0; at < 10_000; at++) void record(event, connection())
    const refused = await fetch(url)
    expect(refused.status).toBe(503)
    expect(await refused.json()).toMatchObject({ status: 503 })
    expect(asked).toBe(1)
    server.reply = undefined
    await server.until(({ events }) => events.length > 5_000)
    expect((await fetch(url)).status).toBe(200)
  })
})

describe("the copy of a body", () => {
  it("is not larger than asked for, however long the body is, and holds no larger buffer", () => {
    const body = new KeptBody(16_384)
    const chunk = Buffer.alloc(65_536, "x")
    for (let at = 0; at < 1_000; at++) body.take(chunk)
    const captured = body.captured([["Content-Type", "text/plain"]])
    expect(captured).toMatchObject({ totalBytes: 65_536_000, mediaType: "text/plain", isEnded: false })
    expect(captured?.bytes.byteLength).toBe(16_384)
    expect(captured?.bytes.buffer.byteLength).toBeLessThan(65_536)
  })

  it("does not change when the application uses its buffer again", () => {
    const body = new KeptBody(100)
    const chunk = Buffer.from("before")
    body.take(chunk)
    chunk.fill("x")
    expect(Buffer.from(body.captured([])?.bytes ?? []).toString()).toBe("before")
  })
})
