import { createServer, type RequestListener } from "node:http"
import { createServer as createHttpsServer } from "node:https"
import { createServer as createTcpServer, type Socket } from "node:net"
import { afterEach, describe, expect, test } from "vitest"
import { canMakeCertificates, makeAuthority } from "@/test/certificates"
import { type Listening, listen } from "@/test/listen"
import { outbound } from "./guard"
import type { OutboundRequest } from "./outbound"
import { mostAnswerBytes } from "./request"

const servers: Listening[] = []
afterEach(() => Promise.all(servers.splice(0).map(server => server.close())))

async function serve(listener: RequestListener): Promise<Listening> {
  const server = await listen(createServer(listener))
  servers.push(server)
  return server
}

async function serveBytes(answer: (socket: Socket) => void): Promise<Listening> {
  const server = await listen(createTcpServer(socket => socket.once("data", () => answer(socket))))
  servers.push(server)
  return server
}

const timeoutMs = 20_000
const way = outbound({ allow: [{ network: "127.0.0.1", port: null }] })
const ask = ({ port }: Listening, more: Partial<OutboundRequest> = {}) =>
  way.request({ url: `http://127.0.0.1:${port}/take?a=1`, method: "POST", timeoutMs, ...more })

describe("a request", () => {
  test("arrives as it was asked, and its answer is returned", async () => {
    const seen: unknown[] = []
    const server = await serve(async (request, response) => {
      const parts = []
      for await (const part of request) parts.push(part)
      const { host, connection, "content-length": length, "x-mine": mine } = request.headers
      seen.push([
        request.method,
        request.url,
        Buffer.concat(parts).toString(),
        { host, connection, length, mine },
      ])
      response.writeHead(202, { "X-Answer": "yes", "Set-Cookie": ["a=1", "b=2"] }).end("taken")
    })
    const answer = await ask(server, { headers: { "X-Mine": "u1" }, body: '{"ä":1}' })
    expect(seen).toEqual([
      [
        "POST",
        "/take?a=1",
        '{"ä":1}',
        { host: `127.0.0.1:${server.port}`, connection: "close", length: "8", mine: "u1" },
      ],
    ])
    expect(answer).toMatchObject({
      status: 202,
      headers: { "x-answer": "yes", "set-cookie": "a=1, b=2" },
      isCut: false,
    })
    expect(Buffer.from(answer.body).toString()).toBe("taken")
  })

  test.skipIf(!canMakeCertificates())("goes over TLS to a server with an authority of its own", async () => {
    const authority = makeAuthority()
    const server = await listen(
      createHttpsServer(authority.issue(["127.0.0.1"]), (_, response) => response.end("safe")),
    )
    servers.push(server)
    const url = `https://127.0.0.1:${server.port}/`
    const answer = await way.request({ url, method: "GET", timeoutMs, ca: authority.ca })
    expect(Buffer.from(answer.body).toString()).toBe("safe")
    await expect(way.request({ url, method: "GET", timeoutMs })).rejects.toMatchObject({ trouble: "tls" })
  })

  test("follows no redirect", async () => {
    const inside = await serve((_, response) => response.end("inside"))
    for (const status of [301, 302, 303, 307, 308]) {
      const server = await serve((_, response) =>
        response.writeHead(status, { location: `http://127.0.0.1:${inside.port}/` }).end(),
      )
      expect(await ask(server)).toMatchObject({ status })
    }
    expect(inside.connections()).toBe(0)
  })

  test.each([
    ["x-mine", "credential\r\nx-evil: 1"],
    ["x-mine", "credential\nb"],
    ["x-mine", "credential\0"],
    ["x-mine", "credentiał"],
    ["x mine", "credential"],
    ["x-mine\r\nx-evil", "credential"],
    ["", "credential"],
    ["Host", "inside.example"],
    ["Content-Length", "0"],
    ["Transfer-Encoding", "chunked"],
    ["Connection", "keep-alive"],
    ["Expect", "100-continue"],
    ["Upgrade", "websocket"],
  ])("is not sent with the header %j: %j", async (name, value) => {
    const server = await serve((_, response) => response.end())
    const error = await ask(server, { headers: { [name]: value } }).catch(thrown => thrown)
    expect(error).toMatchObject({ trouble: "invalid" })
    expect(error.message).not.toMatch(/credential|x-evil: 1/)
    expect(server.connections()).toBe(0)
  })

  test("that is refused or cannot be sent makes no connection", async () => {
    const server = await serve((_, response) => response.end())
    const strict = outbound({ allow: [] })
    const asked = { url: `http://127.0.0.1:${server.port}/`, method: "GET", timeoutMs } as const
    await expect(strict.request(asked)).rejects.toMatchObject({ trouble: "refused" })
    await expect(way.request({ ...asked, url: "ftp://127.0.0.1/" })).rejects.toMatchObject({
      trouble: "invalid",
    })
    expect(server.connections()).toBe(0)
  })
})

describe("an answer", () => {
  test("of any size is read to 64 KiB, and the sender is cut off", async () => {
    let sent = 0
    let end = () => {}
    const ended = new Promise<void>(resolve => {
      end = resolve
    })
    const server = await serve((_, response) => {
      const part = Buffer.alloc(1024 * 1024, "a")
      const more = () => {
        sent += part.length
        if (sent < 200 * part.length) response.write(part, error => error ?? more())
      }
      response.once("close", end)
      more()
    })
    const answer = await ask(server)
    expect(answer).toMatchObject({ status: 200, isCut: true })
    expect(answer.body.length).toBe(mostAnswerBytes)
    await ended
    expect(sent).toBeLessThan(100 * 1024 * 1024)
  })

  test("of exactly 64 KiB is whole", async () => {
    const server = await serve((_, response) => response.end(Buffer.alloc(mostAnswerBytes)))
    const answer = await ask(server)
    expect(answer.isCut).toBe(false)
    expect(answer.body.length).toBe(mostAnswerBytes)
  })

  test.each([
    ["nothing", (_: Socket) => {}],
    ["half of a head", (socket: Socket) => socket.write("HTTP/1.1 200 OK\r\nx: ")],
    ["a body that does not end", (socket: Socket) => socket.write("HTTP/1.1 200 OK\r\n\r\nabc")],
    ["interim answers only", (socket: Socket) => socket.write("HTTP/1.1 102 Processing\r\n\r\n".repeat(9))],
  ])("of %s ends with the time, and one that is given up leaves nothing open", async (_, answer) => {
    const giveUp = new AbortController()
    let end = () => {}
    const closed = new Promise<void>(resolve => {
      end = resolve
    })
    const server = await serveBytes(socket => {
      answer(socket)
      socket.once("close", end)
      giveUp.abort()
    })
    await expect(ask(server, { signal: giveUp.signal })).rejects.toMatchObject({ trouble: "broken" })
    await closed
    await expect(ask(server, { timeoutMs: 50 })).rejects.toMatchObject({ trouble: "timeout" })
  })

  test.each([
    ["is not HTTP", "SSH-2.0-OpenSSH_inside\r\n"],
    ["promises more than comes", "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc"],
    ["ends within a chunk", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nabc"],
    ["has two lengths", "HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nabc"],
    ["has an endless head", `HTTP/1.1 200 OK\r\n${"x-inside: 1\r\n".repeat(5_000)}`],
    [
      "becomes another protocol",
      "HTTP/1.1 101 Switching Protocols\r\nupgrade: inside\r\nconnection: upgrade\r\n\r\n",
    ],
    ["is missing", ""],
  ])("that %s is no answer, and nothing of it is told", async (_, bytes) => {
    const server = await serveBytes(socket => socket.end(bytes))
    const error = await ask(server).catch(thrown => thrown)
    expect(error).toMatchObject({ trouble: "broken" })
    expect(error.message).not.toMatch(/inside|abc/)
  })

  test("that ends with the connection is whole when it named no length", async () => {
    const server = await serveBytes(socket => socket.end("HTTP/1.1 200 OK\r\n\r\n"))
    expect(await ask(server)).toMatchObject({ status: 200, isCut: false })
  })

  test("counts although it came before the whole body was sent", async () => {
    const server = await serve((request, response) => {
      response.writeHead(413).end("too large")
      request.resume()
    })
    expect(await ask(server, { body: Buffer.alloc(20 * 1024 * 1024) })).toMatchObject({ status: 413 })
  })

  test("that the caller gives up waiting for is not waited for", async () => {
    const giveUp = new AbortController()
    const server = await serve(() => giveUp.abort())
    await expect(ask(server, { signal: giveUp.signal })).rejects.toMatchObject({ trouble: "broken" })
  })
})
