import * as net from "node:net"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { nodeTransport } from "./node-transport"
import type { Transport } from "./transport"

/** Answers each request, or closes the connection without an answer, as `answers` says of it. */
let server: net.Server
const sockets = new Set<net.Socket>()
let connections = 0
let requests = 0
let answers: (connection: number, request: number) => boolean
let transport: Transport

beforeEach(async () => {
  connections = 0
  requests = 0
  server = net.createServer(socket => {
    const connection = ++connections
    sockets.add(socket)
    let ofConnection = 0
    socket.on("error", () => undefined)
    socket.on("data", () => {
      requests++
      if (!answers(connection, ++ofConnection)) socket.resetAndDestroy()
      else socket.write("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok")
    })
  })
  await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve))
  const { port } = server.address() as net.AddressInfo
  transport = nodeTransport({ url: new URL(`http://127.0.0.1:${port}`), key: "key" })
})
afterEach(() => {
  for (const socket of sockets) socket.destroy()
  sockets.clear()
  return new Promise(resolve => server.close(resolve))
})

const ask = () => transport({ method: "GET", path: "api/v1/capture/policy" })

describe("a connection that was kept", () => {
  it("and that the server closes when it is used again is made again at once", async () => {
    answers = (_, request) => request === 1
    expect((await ask()).status).toBe(200)
    expect((await ask()).status).toBe(200)
    expect({ connections, requests }).toEqual({ connections: 2, requests: 3 })
  })

  it("is made again once: a server that closes each one is not reached", async () => {
    answers = connection => connection === 1 && requests === 1
    expect((await ask()).status).toBe(200)
    await expect(ask()).rejects.toThrow("ECONNRESET")
    expect({ connections, requests }).toEqual({ connections: 2, requests: 3 })
  })
})

describe("a new connection", () => {
  it("that the server closes is not tried again: it may be too busy", async () => {
    answers = () => false
    await expect(ask()).rejects.toThrow("ECONNRESET")
    expect({ connections, requests }).toEqual({ connections: 1, requests: 1 })
  })
})
