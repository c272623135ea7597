import { once } from "node:events"
import * as http from "node:http"
import type * as net from "node:net"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { WebSocket, WebSocketServer } from "ws"
import { Collector } from "@/sdk/test/proxy/collector"
import { listen, rawTarget, Wire } from "@/sdk/test/proxy/peers"
import { type CapturingProxy, createProxy, type ProxyOptions } from "./proxy"

let recorder: Collector
let target: Awaited<ReturnType<typeof rawTarget>>
let proxy: CapturingProxy
let port: number

async function start(options: Partial<ProxyOptions> = {}, targetPort = target.port): Promise<void> {
  await proxy?.close(0)
  proxy = createProxy({ target: { url: new URL(`http://127.0.0.1:${targetPort}`) }, recorder, ...options })
  port = await proxy.listen({ host: "127.0.0.1", port: 0 })
}

beforeEach(async () => {
  recorder = new Collector()
  target = await rawTarget()
  await start()
})
afterEach(async () => {
  await proxy.close(0)
  await target.close()
})

const asking = "GET /attach HTTP/1.1\r\nhost: a\r\nUPGRADE: tcp\r\nconnection: Upgrade\r\nX-a: 1\r\n"
const agreed =
  "HTTP/1.1 101 UPGRADED\r\nContent-Type: application/x\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n"

/** Returns both ends of a connection whose protocol was changed. */
async function opened(clientFirst = "", targetFirst = "") {
  const client = Wire.to(port)
  client.write(`${asking}\r\n${clientFirst}`)
  const wire = await target.next()
  await wire.until("\r\n\r\n")
  wire.write(agreed + targetFirst)
  await client.until("\r\n\r\n")
  return { client, wire }
}

describe("a connection that changes its protocol", () => {
  it("passes the heads on with their order and case, and bytes sent together with them, in both directions", async () => {
    const { client, wire } = await opened("from the client", "from the target")
    expect(await wire.until("from the client")).toBe(
      "GET /attach HTTP/1.1\r\nhost: a\r\nUPGRADE: tcp\r\nconnection: Upgrade\r\nX-a: 1\r\nX-Forwarded-For: 127.0.0.1\r\n\r\nfrom the client",
    )
    expect(await client.until("from the target")).toBe(`${agreed}from the target`)
    client.write("more")
    await wire.until("more")
    wire.write("and back")
    await client.until("and back")
  })

  it("leaves one event when it opens and one when it closes, with the bytes of both directions", async () => {
    const { client, wire } = await opened("12345", "123")
    await wire.until("12345")
    const [first] = await recorder.atLeast(1)
    expect(first).toMatchObject({ state: "opened", status: 101, failure: null, path: "/attach" })
    client.socket.end("67")
    await wire.until("67")
    wire.socket.end("4")
    await client.ended()
    const [, last] = await recorder.atLeast(2)
    expect(last).toMatchObject({
      state: "closed",
      status: 101,
      failure: null,
      requestBytes: 7,
      responseBytes: 4,
    })
    expect(last?.requestId).toBe(first?.requestId)
  })

  it.each(["client", "wire"] as const)("may end at one side (%s) and go on at the other", async side => {
    const ends = await opened()
    const other = side === "client" ? ends.wire : ends.client
    ends[side].socket.end("last words")
    await other.until("last words")
    await other.ended()
    other.write("still here")
    await ends[side].until("still here")
    expect(recorder.calls).toHaveLength(1)
    other.socket.end()
    await ends[side].ended()
    expect(await recorder.atLeast(2)).toMatchObject([{}, { state: "closed" }])
  })

  it.each(["client", "wire"] as const)(
    "that is broken off at one side (%s) is broken off at the other",
    async side => {
      const ends = await opened()
      ends[side].socket.resetAndDestroy()
      await ends[side === "client" ? "wire" : "client"].ended()
      expect(await recorder.atLeast(2)).toMatchObject([{}, { state: "closed" }])
    },
  )

  it("stops reading from one side while the other does not read", async () => {
    const { client, wire } = await opened()
    client.socket.pause()
    const chunk = Buffer.alloc(1_000_000)
    let written = 0
    const stands = () =>
      new Promise<boolean>(resolve => {
        const timer = setTimeout(() => resolve(false), 700)
        wire.socket.once("drain", () => {
          clearTimeout(timer)
          resolve(true)
        })
      })
    while (written < 200 && (wire.socket.write(chunk) || (await stands()))) written++
    expect(written).toBeLessThan(100)
  })

  it("has a body of its own first, which is recorded, when its head says so", async () => {
    const client = Wire.to(port)
    client.write(
      `${asking.replace("GET", "POST")}Content-Type: application/json\r\nContent-Length: 14\r\n\r\n{"Detach":`,
    )
    const wire = await target.next()
    await wire.until('{"Detach":')
    client.write("1  }stdin")
    await wire.until('{"Detach":1  }')
    expect(wire.text).not.toContain("stdin")
    wire.write(agreed)
    await wire.until("stdin")
    const [call] = await recorder.atLeast(1)
    expect(Buffer.from(call?.requestBody?.bytes ?? []).toString()).toContain('{"Detach":1  }')
  })
})

describe("a target that does not change the protocol", () => {
  it("gets exactly one request: what the client sent behind it would pass unrecorded", async () => {
    const client = Wire.to(port)
    client.write(`${asking}\r\nDELETE /secrets/1 HTTP/1.1\r\nHost: a\r\n\r\n`)
    const wire = await target.next()
    await wire.until("\r\n\r\n")
    wire.write("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\nConnection: keep-alive\r\n\r\nno")
    const answer = await client.ended()
    expect(answer).toBe("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno")
    await wire.ended()
    expect(wire.text).not.toContain("DELETE")
    expect(await recorder.atLeast(1)).toMatchObject([{ state: null, status: 403, responseBytes: 2 }])
  })

  it("may answer in chunks: the body ends with the connection", async () => {
    const client = Wire.to(port)
    client.write(`${asking}\r\n`)
    const wire = await target.next()
    await wire.until("\r\n\r\n")
    wire.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n")
    expect(await client.ended()).toBe("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhi")
  })

  it("that is down: 502; that does not answer: 504; that goes away: 502", async () => {
    const ask = () => {
      const client = Wire.to(port)
      client.write(`${asking}\r\n`)
      return client.ended()
    }
    const gone = ask()
    const wire = await target.next()
    await wire.until("\r\n\r\n")
    wire.socket.destroy()
    expect(await gone).toMatch(/^HTTP\/1\.1 502 [\s\S]*problem\+json/)
    await start({ responseTimeoutMs: 20 })
    expect(await ask()).toMatch(/^HTTP\/1\.1 504 /)
    await start()
    await target.close()
    expect(await ask()).toMatch(/^HTTP\/1\.1 502 /)
    const calls = await recorder.atLeast(3)
    expect(calls.map(({ failure }) => failure)).toEqual(["broken-off", "timeout", "unreachable"])
    target = await rawTarget()
  })

  it.each(["destroy", "resetAndDestroy"] as const)("is freed when the client goes away (%s)", async how => {
    const client = Wire.to(port)
    client.write(`${asking}\r\n`)
    const wire = await target.next()
    await wire.until("\r\n\r\n")
    client.socket[how]()
    await wire.ended()
    expect(await recorder.atLeast(1)).toMatchObject([{ failure: "client-gone", status: null }])
  })

  it("HTTP/2 is not changed to: its requests would pass unrecorded", async () => {
    const client = Wire.to(port)
    client.write(
      "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n",
    )
    const wire = await target.next()
    expect(await wire.until("\r\n\r\n")).not.toMatch(/upgrade|h2c|http2/i)
    wire.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
    expect(await client.ended()).toMatch(/^HTTP\/1\.1 200 OK/)
  })
})

describe("a WebSocket", () => {
  it("passes with its messages in both directions, and leaves two events", async () => {
    const server = http.createServer()
    const listening = await listen(server as net.Server)
    const sockets = new WebSocketServer({ server })
    sockets.on("connection", socket => {
      // Sent together with the head of the response.
      socket.send("welcome")
      socket.on("message", (data, isBinary) => socket.send(data, { binary: isBinary }))
    })
    await start({}, listening.port)
    const client = new WebSocket(`ws://127.0.0.1:${port}/chat?room=1`, ["one", "two"])
    const received: (string | number)[] = []
    client.on("message", (data: Buffer, isBinary) => received.push(isBinary ? data.length : data.toString()))
    await once(client, "open")
    client.send("hello")
    client.send(Buffer.alloc(300_000))
    while (received.length < 3) await once(client, "message")
    expect(received).toEqual(["welcome", "hello", 300_000])
    client.close()
    await once(client, "close")
    const calls = await recorder.atLeast(2)
    expect(calls).toMatchObject([
      { state: "opened", status: 101, query: "room=1" },
      { state: "closed", status: 101, failure: null },
    ])
    expect(calls[1]?.requestBytes).toBeGreaterThan(300_000)
    sockets.close()
    await listening.close()
  })
})
