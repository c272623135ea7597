import type * as http from "node:http"
import * as net from "node:net"
import { afterEach, describe, expect, it } from "vitest"
import { createHttpServer } from "./http-server.mjs"

const running: ReturnType<typeof createHttpServer>[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map(({ drain }) => drain(0)))
})

/** A server that counts the requests that reach the console behind it. */
async function listening() {
  const reached = { count: 0 }
  const handle = (_: http.IncomingMessage, response: http.ServerResponse) => {
    reached.count++
    response.end("console")
  }
  const made = createHttpServer({ handle, baseUrl: "http://console.example" })
  running.push(made)
  await new Promise<void>(resolve => made.server.listen(0, "127.0.0.1", resolve))
  const address = made.server.address()
  if (typeof address !== "object" || address === null) throw new Error("not listening")
  return { port: address.port, reached }
}

/** Sends the text in chunks and resolves with the whole response. */
function say(port: number, pieces: readonly string[]): Promise<string> {
  return new Promise(resolve => {
    let said = ""
    const socket = net.connect(port, "127.0.0.1", async () => {
      for (const piece of pieces) {
        socket.write(piece)
        await new Promise(next => setTimeout(next, 5))
      }
    })
    socket.on("data", data => {
      said += data
    })
    // A refused request is not read to its end, so the connection may be reset.
    socket.on("error", () => {})
    socket.on("close", () => resolve(said))
  })
}

const get = (target: string, headers = "") =>
  `GET ${target} HTTP/1.1\r\nHost: console.example\r\nConnection: close\r\n${headers}\r\n`
const statusOf = (said: string) => Number(/^HTTP\/1\.1 (\d{3}) /.exec(said)?.[1])
const targetOf = (path: string, bytes: number) => `${path}${"x".repeat(bytes - path.length)}`
const parametersOf = (count: number) => Array.from({ length: count }, (_, n) => `a${n}=${n}`).join("&")

describe("an address", () => {
  it("of a page for signing in may carry one of 8 KiB, and is refused from 10 KiB on", async () => {
    const { port } = await listening()
    for (const path of ["/sign-in?return=", "/sign-in/e-mail?return="]) {
      expect(statusOf(await say(port, [get(targetOf(path, 10 * 1024))]))).toBe(200)
      expect(statusOf(await say(port, [get(targetOf(path, 10 * 1024 + 1))]))).toBe(414)
    }
    for (const other of ["/sign-in-elsewhere?return=", "/acme?x=/sign-in?", "//sign-in?return="]) {
      expect(statusOf(await say(port, [get(targetOf(other, 8 * 1024 + 1))]))).toBe(414)
    }
  })

  it.each(["/api/live", "/acme/admin/audit-logs", "/api/v1/events", "/"])(
    "of 8 KiB passes, one of a byte more is refused before the console sees it: %s",
    async path => {
      const { port, reached } = await listening()
      const question = path === "/" ? path : `${path}?text=`
      const limit = 8 * 1024
      expect(statusOf(await say(port, [get(targetOf(question, limit))]))).toBe(200)
      const before = reached.count
      expect(statusOf(await say(port, [get(targetOf(question, limit + 1))]))).toBe(414)
      expect(reached.count).toBe(before)
    },
  )

  it("of 200 parameters passes, with 201 it is refused, however they are written", async () => {
    const { port } = await listening()
    expect(statusOf(await say(port, [get(`/api/live?${parametersOf(200)}`)]))).toBe(200)
    expect(statusOf(await say(port, [get(`/api/live?${parametersOf(201)}`)]))).toBe(414)
    expect(statusOf(await say(port, [get(`/api/live?${"a&".repeat(201)}`)]))).toBe(414)
    expect(statusOf(await say(port, [get(`/api/live?${"=&".repeat(200)}=`)]))).toBe(414)
    expect(statusOf(await say(port, [get(`/api/live?${"&".repeat(300)}`)]))).toBe(200)
  })

  it.each([20_000, 60_000, 300_000])(
    "of %d bytes is told 414, not that its headers are large",
    async bytes => {
      const { port } = await listening()
      const said = await say(port, [get(targetOf("/api/live?", bytes))])
      expect(statusOf(said)).toBe(414)
      expect(said).toContain('"code":"address-too-long"')
      expect(said).toContain("POST /api/v1/events/search")
    },
  )
})

describe("headers", () => {
  it("of 16 KiB pass, beside the longest address; more are told 431", async () => {
    const { port, reached } = await listening()
    const line = (bytes: number) => `X-Long: ${"x".repeat(bytes)}\r\n`
    const longest = targetOf("/acme?", 8 * 1024)
    expect(statusOf(await say(port, [get(longest, line(16_000))]))).toBe(200)
    expect(statusOf(await say(port, [get("/acme", line(16_400))]))).toBe(431)
    expect(statusOf(await say(port, [get("/acme", line(40_000))]))).toBe(431)
    expect(statusOf(await say(port, [get(longest, line(30_000))]))).toBe(431)
    expect(reached.count).toBe(1)
  })

  it("of more than 100 lines are told 431: none is left out silently", async () => {
    const { port } = await listening()
    const lines = (count: number) => Array.from({ length: count }, (_, n) => `X-${n}: 1\r\n`).join("")
    expect(statusOf(await say(port, [get("/acme", lines(98))]))).toBe(200)
    expect(statusOf(await say(port, [get("/acme", lines(99))]))).toBe(431)
    expect(statusOf(await say(port, [get("/acme", "a:\r\n".repeat(3_000))]))).toBe(431)
  })
})

describe("liveness", () => {
  it("is answered before the console, with any query, and for no other method", async () => {
    const { port, reached } = await listening()
    const said = await say(port, [get("/api/live?probe=1")])
    expect(statusOf(said)).toBe(200)
    expect(said).toMatch(/\r\n\r\nok\n$/)
    expect(said).toMatch(/x-content-type-options: nosniff/i)
    expect(statusOf(await say(port, [get("/api/live").replace("GET", "HEAD")]))).toBe(200)
    expect(statusOf(await say(port, [get("/api/live").replace("GET", "POST")]))).toBe(405)
    expect(reached.count).toBe(0)
    expect(statusOf(await say(port, [get("/api/lively")]))).toBe(200)
    expect(reached.count).toBe(1)
  })
})
