import { createServer, type RequestListener } from "node:http"
import { createServer as createTcpServer, type Socket } from "node:net"
import { afterEach, describe, expect, test } from "vitest"
import { type Listening, listen } from "@/test/listen"
import { outbound } from "./guard"
import { type KeptConnections, keptConnections, keptFor } from "./kept"
import type { OutboundRequest } from "./outbound"

const servers: Listening[] = []
const keeping: KeptConnections[] = []
afterEach(async () => {
  for (const keep of keeping.splice(0)) keep.close()
  await Promise.all(servers.splice(0).map(server => server.close()))
})

function kept(...options: Parameters<typeof keptConnections>): KeptConnections {
  const keep = keptConnections(...options)
  keeping.push(keep)
  return keep
}

async function serve(listener: RequestListener): Promise<Listening> {
  const server = await listen(createServer({ keepAliveTimeout: 60_000 }, listener))
  servers.push(server)
  return server
}

async function serveSockets(onSocket: (socket: Socket) => void): Promise<Listening> {
  const server = await listen(createTcpServer(onSocket))
  servers.push(server)
  return server
}

const way = outbound({ allow: [{ network: "127.0.0.1", port: null }] })
const ask = ({ port }: Listening, more: Partial<OutboundRequest> = {}) =>
  way.request({ url: `http://127.0.0.1:${port}/`, method: "POST", body: "x", timeoutMs: 20_000, ...more })

const head = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: keep-alive\r\n\r\n"

describe("a connection that is kept", () => {
  test("carries one request after the other; without it, each request has its own", async () => {
    const server = await serve((_, response) => response.end("ok"))
    const keep = kept()
    for (let turn = 0; turn < 5; turn++) expect(await ask(server, { keep })).toMatchObject({ status: 200 })
    expect(server.connections()).toBe(1)
    for (let turn = 0; turn < 2; turn++) await ask(server)
    expect(server.connections()).toBe(3)
  })

  test.each<[string, RequestListener]>([
    ["says that it closes", (_, response) => response.setHeader("connection", "close").end("ok")],
    ["is longer than what is read", (_, response) => response.end("x".repeat(200_000))],
    [
      "comes before all of the request was read, and closes",
      (request, response) => {
        response.writeHead(413, { connection: "close" }).end()
        request.destroy()
      },
    ],
  ])("is not kept after an answer that %s", async (_, listener) => {
    const server = await serve(listener)
    const keep = kept()
    for (let turn = 0; turn < 2; turn++) await ask(server, { keep }).catch(() => null)
    expect(server.connections()).toBe(2)
  })

  test("is made again when the other side has ended it, without a word to the sink", async () => {
    const sockets: Socket[] = []
    const server = await serveSockets(socket => {
      sockets.push(socket)
      socket.on("error", () => {})
      socket.on("data", () => socket.write(`${head}ok`))
    })
    const keep = kept()
    await ask(server, { keep })
    sockets[0]?.destroy()
    expect(await ask(server, { keep })).toMatchObject({ status: 200 })
    // It ends the connection at the moment at which the next request arrives.
    sockets[1]?.removeAllListeners("data").on("data", () => sockets[1]?.resetAndDestroy())
    expect(await ask(server, { keep })).toMatchObject({ status: 200 })
    expect(sockets.length).toBe(3)
  })

  test("that breaks off within an answer is an error, and the request is not sent again", async () => {
    let requests = 0
    const server = await serveSockets(socket => {
      socket.on("error", () => {})
      socket.on("data", () => {
        requests += 1
        if (requests === 1) socket.write(`${head}ok`)
        else socket.end("HTTP/1.1 200 OK\r\ncontent-length: 20\r\n\r\nhalf")
      })
    })
    const keep = kept()
    await ask(server, { keep })
    await expect(ask(server, { keep })).rejects.toMatchObject({ trouble: "broken" })
    expect(requests).toBe(2)
  })

  test("with an answer to nothing on it is closed: it would be taken for that of the next request", async () => {
    const sockets: Socket[] = []
    const server = await serveSockets(socket => {
      sockets.push(socket)
      socket.on("error", () => {})
      socket.on("data", () => socket.write(`${head}${sockets.length === 1 ? "a1" : "b1"}`))
    })
    const keep = kept()
    await ask(server, { keep })
    const closed = new Promise(resolve => sockets[0]?.once("close", resolve))
    sockets[0]?.write(`${head}no`)
    await closed
    const answer = await ask(server, { keep })
    expect(Buffer.from(answer.body).toString()).toBe("b1")
  })

  test("is closed after some time without use, a little before the other side does, and made again after five minutes of use", async () => {
    const server = await serve((_, response) => response.setHeader("keep-alive", "timeout=60").end("ok"))
    let at = 0
    const keep = kept({ now: () => at })
    for (const [later, connections] of [
      [0, 1],
      [29_000, 1],
      [31_000, 2],
      [29_000, 2],
    ] as const) {
      at += later
      await ask(server, { keep })
      expect(server.connections()).toBe(connections)
    }
    for (let turn = 0; turn < 10; turn++) {
      at += 29_000
      await ask(server, { keep })
    }
    expect(server.connections()).toBe(3)
  })

  test("is that of its place, encryption and authority, and ends with who keeps it", async () => {
    const [one, other] = [
      await serve((_, response) => response.end("one")),
      await serve((_, response) => response.end("other")),
    ]
    const keep = kept()
    for (let turn = 0; turn < 2; turn++) {
      expect(Buffer.from((await ask(one, { keep })).body).toString()).toBe("one")
      expect(Buffer.from((await ask(other, { keep })).body).toString()).toBe("other")
    }
    await ask(one, { keep, ca: "another authority" })
    expect([one.connections(), other.connections()]).toEqual([2, 1])
    keep.close()
    await ask(other, { keep })
    await ask(other, { keep })
    expect(other.connections()).toBe(3)
  })
})

test("how long the other side keeps a connection is read from its header", () => {
  expect([
    keptFor("timeout=5, max=100"),
    keptFor("max=1; Timeout=20"),
    keptFor("nothing"),
    keptFor(undefined),
  ]).toEqual([5_000, 20_000, null, null])
})
