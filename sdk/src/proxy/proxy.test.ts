import * as http from "node:http"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { Collector } from "@/sdk/test/proxy/collector"
import { type Listening, listen, rawTarget, Wire } from "@/sdk/test/proxy/peers"
import { type CapturingProxy, createProxy, type ProxyOptions } from "./proxy"

let recorder: Collector
let target: Awaited<ReturnType<typeof rawTarget>>
let proxy: CapturingProxy
let port: number
const others: { close(): Promise<void> }[] = []

async function start(options: Partial<ProxyOptions> = {}, targetPort = target.port): Promise<void> {
  await proxy?.close(0)
  const url = new URL(`http://127.0.0.1:${targetPort}`)
  proxy = createProxy({ target: { url }, recorder, ...options })
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
  for (const one of others.splice(0)) await one.close()
})

async function serving(handler: http.RequestListener): Promise<Listening> {
  const listening = await listen(http.createServer(handler))
  others.push(listening)
  await start({}, listening.port)
  return listening
}

const bodyOf = (text: string) => text.slice(text.indexOf("\r\n\r\n") + 4)

describe("what passes", () => {
  it("keeps the order, the case and the repetitions of headers in both directions, and the path as it was written", async () => {
    const client = Wire.to(port)
    client.write(
      "GET //a/%2e%2E/b?q=%20&x HTTP/1.1\r\nhOsT: api.example\r\nX-b: 1\r\nx-A: 2\r\nX-B: \xe9\r\n\r\n",
    )
    const wire = await target.next()
    expect(await wire.until("\r\n\r\n")).toBe(
      "GET //a/%2e%2E/b?q=%20&x HTTP/1.1\r\nhOsT: api.example\r\nX-b: 1\r\nx-A: 2\r\nX-B: \xe9\r\n" +
        "X-Forwarded-For: 127.0.0.1\r\nConnection: keep-alive\r\n\r\n",
    )
    wire.write(
      "HTTP/1.1 299 Odd \xe9\r\nSET-cookie: a\r\nx-Z: 1\r\nset-COOKIE: b\r\ncontent-LENGTH: 2\r\n\r\nok",
    )
    expect(await client.until("ok")).toMatch(
      /^HTTP\/1\.1 299 Odd \xe9\r\nSET-cookie: a\r\nx-Z: 1\r\nset-COOKIE: b\r\ncontent-LENGTH: 2\r\nConnection: keep-alive\r\nKeep-Alive: timeout=75\r\n\r\nok$/,
    )
  })

  it("ends at each connection what is about one connection, and what Connection names", async () => {
    const client = Wire.to(port)
    client.write(
      "POST /a HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, X-One, Content-Length\r\nX-One: 1\r\nKeep-Alive: timeout=1\r\n" +
        "TE: trailers\r\nProxy-Authorization: Basic eA==\r\nProxy-Connection: x\r\nContent-Length: 2\r\nX-Two: 2\r\n\r\nhi",
    )
    const wire = await target.next()
    const head = await wire.until("hi")
    expect(head).toBe(
      "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nX-Two: 2\r\nX-Forwarded-For: 127.0.0.1\r\nConnection: keep-alive\r\n\r\nhi",
    )
    wire.write(
      "HTTP/1.1 200 OK\r\nConnection: X-Three\r\nX-Three: 3\r\nKeep-Alive: timeout=7\r\nContent-Length: 1\r\n\r\n!",
    )
    const answer = await client.until("!")
    expect(answer).not.toMatch(/X-Three|timeout=7\b/)
    const [call] = await recorder.atLeast(1)
    // What the target did not get is not recorded as if it had.
    expect(call?.headers.map(([name]) => name)).toEqual(["Host", "Content-Length", "X-Two"])
  })

  it("appends the client's address to X-Forwarded-For and believes the header of trusted proxies only", async () => {
    const send = () => {
      const client = Wire.to(port)
      client.write(
        "GET / HTTP/1.1\r\nHost: a\r\nX-forwarded-FOR: 203.0.113.9\r\nA: b\r\nX-Forwarded-For: 198.51.100.1\r\n\r\n",
      )
      return target.next()
    }
    const wire = await send()
    expect(await wire.until("\r\n\r\n")).toContain(
      "X-forwarded-FOR: 203.0.113.9\r\nA: b\r\nX-Forwarded-For: 198.51.100.1, 127.0.0.1\r\n",
    )
    expect(recorder.starts[0]).toMatchObject({ ip: "127.0.0.1", peerIp: "127.0.0.1" })
    await start({ trustedProxies: ["127.0.0.0/8", "198.51.100.0/24"] })
    await send()
    expect(recorder.starts[1]).toMatchObject({ ip: "203.0.113.9", peerIp: "127.0.0.1" })
  })

  it("passes bodies on in chunks while they come, and trailers in both directions", async () => {
    const client = Wire.to(port)
    client.write(
      "POST /a HTTP/1.1\r\nHost: a\r\ntransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n3\r\nabc\r\n",
    )
    const wire = await target.next()
    expect(await wire.until("abc")).toMatch(/transfer-Encoding: chunked\r\nTrailer: X-Sum\r\n/)
    wire.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-End\r\n\r\n2\r\nde\r\n")
    await client.until("de")
    client.write("0\r\nX-Sum: 9\r\n\r\n")
    expect(await wire.until("X-Sum: 9\r\n\r\n")).toMatch(/abc\r\n0\r\nX-Sum: 9\r\n\r\n$/)
    wire.write("0\r\nX-End: 7\r\n\r\n")
    expect(await client.until("X-End: 7\r\n\r\n")).toMatch(/\r\n2\r\nde\r\n0\r\nX-End: 7\r\n\r\n$/)
    const [call] = await recorder.atLeast(1)
    expect(call).toMatchObject({ requestBytes: 3, responseBytes: 2, failure: null, status: 200 })
    expect(Buffer.from(call?.requestBody?.bytes ?? []).toString()).toBe("abc")
  })

  it("sends the head of a response before its body comes", async () => {
    const client = Wire.to(port)
    client.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    const wire = await target.next()
    await wire.until("\r\n\r\n")
    wire.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n")
    await client.until("\r\n\r\n")
    wire.write("ok")
    await client.until("ok")
  })

  it.each([
    ["DELETE", ""],
    ["GET", "Content-Length: 0\r\n"],
    ["POST", ""],
    ["PUT", "Content-Length: 0\r\n"],
  ])("%s without a body stays without one", async (method, length) => {
    const client = Wire.to(port)
    client.write(`${method} / HTTP/1.1\r\nHost: a\r\n${length}\r\n`)
    const wire = await target.next()
    expect(await wire.until("\r\n\r\n")).not.toMatch(/chunked/)
    wire.write("HTTP/1.1 204 No Content\r\n\r\n")
    await client.until("204 No Content")
    expect(await recorder.atLeast(1)).toMatchObject([{ status: 204, requestBytes: 0, responseBody: null }])
  })

  it("answers HEAD with the length that the target names, and a 304 without a body", async () => {
    const client = Wire.to(port)
    client.write("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n")
    const wire = await target.next()
    await wire.until("\r\n\r\n")
    wire.write("HTTP/1.1 200 OK\r\nContent-Length: 77\r\n\r\n")
    expect(await client.until("\r\n\r\n")).toContain("Content-Length: 77\r\n")
    client.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    await wire.until("GET /")
    wire.write("HTTP/1.1 304 Not Modified\r\nETag: x\r\n\r\n")
    await client.until("ETag: x")
    expect((await recorder.atLeast(2)).map(({ status }) => status)).toEqual([200, 304])
  })

  it("passes 100 on only when the target says it, and no body before that", async () => {
    const client = Wire.to(port)
    client.write("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
    const wire = await target.next()
    expect(await wire.until("\r\n\r\n")).toContain("Expect: 100-continue")
    expect(client.text).toBe("")
    wire.write("HTTP/1.1 100 Continue\r\n\r\n")
    await client.until("HTTP/1.1 100 Continue\r\n\r\n")
    client.write("hi")
    await wire.until("hi")
    wire.write("HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n")
    await client.until("201 Created")
  })

  it("passes on the target's refusal to a client that waits for 100, and ends the connection", async () => {
    const client = Wire.to(port)
    client.write("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
    const wire = await target.next()
    await wire.until("\r\n\r\n")
    wire.write("HTTP/1.1 417 No\r\nContent-Length: 0\r\n\r\n")
    expect(await client.ended()).toMatch(/^HTTP\/1\.1 417 No\r\n/)
    expect(await recorder.atLeast(1)).toMatchObject([{ status: 417, failure: null }])
  })

  it("passes other responses before the response on", async () => {
    const client = Wire.to(port)
    client.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    const wire = await target.next()
    await wire.until("\r\n\r\n")
    wire.write("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    expect(await client.until("200 OK")).toMatch(
      /^HTTP\/1\.1 103 Early Hints\r\nLink: <\/a>\r\n\r\nHTTP\/1\.1 200/,
    )
  })

  it("speaks with clients of HTTP/1.0, whose body ends with the connection", async () => {
    const client = Wire.to(port)
    client.write("GET / HTTP/1.0\r\n\r\n")
    const wire = await target.next()
    await wire.until("\r\n\r\n")
    wire.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n")
    const answer = await client.ended()
    expect(answer).not.toMatch(/chunked/i)
    expect(bodyOf(answer)).toBe("hi")
  })

  it("answers requests that come together one after the other, and records each", async () => {
    await serving((request, response) => response.end(request.url))
    const client = Wire.to(port)
    client.write(
      "GET /a HTTP/1.1\r\nHost: a\r\n\r\nGET /b HTTP/1.1\r\nHost: a\r\n\r\nGET /c HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    )
    const answer = await client.ended()
    expect(answer.match(/\/[abc]/g)).toEqual(["/a", "/b", "/c"])
    expect((await recorder.atLeast(3)).map(({ path }) => path).sort()).toEqual(["/a", "/b", "/c"])
  })

  it("keeps only the first bytes of a body, and counts all of it", async () => {
    const size = 3_000_000
    recorder.keep = { requestBytes: 10, responseBytes: 0 }
    await serving(async (request, response) => {
      let bytes = 0
      for await (const chunk of request) bytes += chunk.length
      response.end(String(bytes))
    })
    const client = Wire.to(port)
    client.write(
      `POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: ${size}\r\n\r\n${"x".repeat(size)}`,
    )
    expect(await client.ended()).toContain(String(size))
    const [call] = await recorder.atLeast(1)
    expect(call?.requestBody).toMatchObject({ totalBytes: size, isEnded: true })
    expect(call?.requestBody?.bytes.length).toBe(10)
    expect(call?.responseBody).toBeNull()
  })

  it("stops reading from a sender while the receiver does not read", async () => {
    const wirePromise = target.next()
    const client = Wire.to(port)
    client.write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 900000000\r\n\r\n")
    const wire = await wirePromise
    await wire.until("\r\n\r\n")
    wire.socket.pause()
    const chunk = Buffer.alloc(1_000_000)
    let written = 0
    // The buffers of the system hold some megabytes; a proxy that kept what nobody takes would hold all of it.
    while (written < 200 && (client.socket.write(chunk) || (await drained(client.socket)))) written++
    expect(written).toBeLessThan(100)
  })

  it("shows the target its own name only when asked", async () => {
    await start({ rewriteHost: true })
    Wire.to(port).write("GET / HTTP/1.1\r\nHost: public.example\r\n\r\n")
    expect(await (await target.next()).until("\r\n\r\n")).toContain(`Host: 127.0.0.1:${target.port}\r\n`)
  })
})

/** Resolves with whether the socket drains; false when it stands still. */
function drained(socket: import("node:net").Socket): Promise<boolean> {
  return new Promise(resolve => {
    const timer = setTimeout(() => resolve(false), 700)
    socket.once("drain", () => {
      clearTimeout(timer)
      resolve(true)
    })
  })
}

describe("what is refused", () => {
  it.each([
    ["an address instead of a path", "GET http://other.example/ HTTP/1.1\r\nHost: a\r\n\r\n", 400],
    ["an address of another scheme", "GET https://other.example/ HTTP/1.1\r\nHost: a\r\n\r\n", 400],
    ["an asterisk of another method than OPTIONS", "GET * HTTP/1.1\r\nHost: a\r\n\r\n", 400],
    ["CONNECT", "CONNECT other.example:443 HTTP/1.1\r\nHost: a\r\n\r\n", 405],
    [
      "both lengths",
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      400,
    ],
    [
      "both lengths the other way round",
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
      400,
    ],
    ["two lengths", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", 400],
    ["a length with a sign", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +3\r\n\r\nabc", 400],
    [
      "a coding before chunked",
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
      501,
    ],
    [
      "a coding that is not last",
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n",
      400,
    ],
    ["chunks in HTTP/1.0", "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400],
    ["a header that is folded", "GET / HTTP/1.1\r\nHost: a\r\nA: b\r\n  c\r\n\r\n", 400],
    ["a space before the colon", "GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400],
    ["no host", "GET / HTTP/1.1\r\n\r\n", 400],
    ["a head over 64 KiB", `GET / HTTP/1.1\r\nHost: a\r\nA: ${"x".repeat(70_000)}\r\n\r\n`, 431],
    [
      "an upgrade to an address",
      "GET http://other.example/ HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n",
      400,
    ],
    [
      "an upgrade with a body of unknown length",
      "POST / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: tcp\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      501,
    ],
  ])("%s", async (_, request, status) => {
    const reached = target.next()
    const client = Wire.to(port)
    client.write(request)
    expect((await client.ended()).split("\r\n")[0]).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    if (!client.text.includes("\r\n\r\n{")) expect(status).toBe(400)
    expect(recorder.calls).toEqual([])
    expect(await Promise.race([reached, Promise.resolve("not reached")])).toBe("not reached")
  })

  it("a chunk whose size is none: 400, the target is freed, and the call is recorded", async () => {
    const client = Wire.to(port)
    client.write("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n")
    const wire = await target.next()
    await wire.until("hi")
    client.write("xyz\r\n")
    expect(await client.ended()).toMatch(/^HTTP\/1\.1 400 /)
    await wire.ended()
    expect(wire.text).not.toMatch(/0\r\n\r\n$/)
    expect(await recorder.atLeast(1)).toMatchObject([{ failure: "client-gone", requestBytes: 2 }])
  })

  it("everything, when nothing could be recorded and the proxy is strict", async () => {
    recorder.room = false
    await start({ strict: true })
    const client = Wire.to(port)
    client.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    expect(await client.ended()).toMatch(/^HTTP\/1\.1 503 [\s\S]*Retry-After: 5/)
  })
})

describe("a target that fails", () => {
  const problemOf = (answer: string) => JSON.parse(bodyOf(answer))

  it("that is down: 502, recorded as a failure", async () => {
    await target.close()
    const client = Wire.to(port)
    client.write("POST /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi")
    const answer = await client.ended()
    expect(answer).toMatch(/^HTTP\/1\.1 502 [\s\S]*Content-Type: application\/problem\+json/)
    expect(problemOf(answer)).toMatchObject({ status: 502, title: "Bad Gateway" })
    expect(await recorder.atLeast(1)).toMatchObject([{ status: 502, failure: "unreachable", path: "/a" }])
    target = await rawTarget()
  })

  it("that does not answer in time: 504, recorded as a failure", async () => {
    await start({ responseTimeoutMs: 20 })
    const client = Wire.to(port)
    client.write("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    expect(problemOf(await client.ended())).toMatchObject({ status: 504 })
    expect(await recorder.atLeast(1)).toMatchObject([{ status: 504, failure: "timeout" }])
    await (await target.next()).ended()
  })

  it("that closes before it answers: 502, recorded as a failure", async () => {
    const client = Wire.to(port)
    client.write("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    const wire = await target.next()
    await wire.until("\r\n\r\n")
    wire.socket.destroy()
    expect(problemOf(await client.ended())).toMatchObject({ status: 502 })
    expect(await recorder.atLeast(1)).toMatchObject([{ status: 502, failure: "broken-off" }])
  })

  it("that answers something else than HTTP: 502", async () => {
    const client = Wire.to(port)
    client.write("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    const wire = await target.next()
    await wire.until("\r\n\r\n")
    wire.write("SSH-2.0-OpenSSH\r\n")
    expect(problemOf(await client.ended())).toMatchObject({ status: 502 })
  })

  it.each([
    ["with a length", "Content-Length: 100\r\n\r\nhalf"],
    ["in chunks", "Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n"],
  ])(
    "that breaks off half-way (%s): the client's connection is closed, recorded as a failure",
    async (_, rest) => {
      const client = Wire.to(port)
      client.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
      const wire = await target.next()
      await wire.until("\r\n\r\n")
      wire.write(`HTTP/1.1 200 OK\r\n${rest}`)
      await client.until("half")
      wire.socket.resetAndDestroy()
      await client.ended()
      expect(client.text).not.toMatch(/0\r\n\r\n$/)
      expect(await recorder.atLeast(1)).toMatchObject([
        { status: 200, failure: "broken-off", responseBytes: 4 },
      ])
    },
  )

  it("that answers before the whole body has come is heard, and the rest of the body is for nobody", async () => {
    const client = Wire.to(port)
    client.write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\nabc")
    const wire = await target.next()
    await wire.until("abc")
    wire.write("HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n")
    await client.until("413 Too Large")
    await wire.ended()
    client.write("defGET /next HTTP/1.1\r\nHost: a\r\n\r\n")
    expect(await (await target.next()).until("\r\n\r\n")).toMatch(/^GET \/next /)
  })

  it.each([
    ["GET", "", true],
    ["DELETE", "", true],
    ["POST", "", false],
    ["PUT", "Content-Length: 1\r\n\r\nx", false],
  ])("that closed a kept connection: %s %j is sent again: %s", async (method, body, isRepeated) => {
    const first = Wire.to(port)
    first.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    const kept = await target.next()
    await kept.until("\r\n\r\n")
    kept.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    await first.until("200 OK")
    await recorder.atLeast(1)
    first.write(`${method} /again HTTP/1.1\r\nHost: a\r\n${body === "" ? "\r\n" : body}`)
    await kept.until("/again")
    kept.socket.destroy()
    if (isRepeated) {
      const fresh = await target.next()
      await fresh.until("/again")
      fresh.write("HTTP/1.1 200 Twice\r\nContent-Length: 0\r\n\r\n")
      await first.until("200 Twice")
    } else await first.until("502 Bad Gateway")
    expect((await recorder.atLeast(2)).map(({ failure }) => failure)).toEqual([
      null,
      isRepeated ? null : "broken-off",
    ])
  })

  it("is not asked a third time", async () => {
    const first = Wire.to(port)
    first.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    const kept = await target.next()
    await kept.until("\r\n\r\n")
    kept.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    await first.until("200 OK")
    first.write("GET /again HTTP/1.1\r\nHost: a\r\n\r\n")
    await kept.until("/again")
    kept.socket.destroy()
    const fresh = await target.next()
    await fresh.until("/again")
    fresh.socket.destroy()
    await first.until("502 Bad Gateway")
  })
})

describe("a client that goes away", () => {
  it.each(["destroy", "resetAndDestroy"] as const)("before the response (%s) frees the target", async how => {
    const client = Wire.to(port)
    client.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    const wire = await target.next()
    await wire.until("\r\n\r\n")
    client.socket[how]()
    await wire.ended()
    expect(await recorder.atLeast(1)).toMatchObject([{ status: null, failure: "client-gone" }])
  })

  it.each(["destroy", "resetAndDestroy"] as const)(
    "within a response that stands still (%s) frees the target",
    async how => {
      const client = Wire.to(port)
      client.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
      const wire = await target.next()
      await wire.until("\r\n\r\n")
      wire.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n")
      await client.until("hi")
      client.socket[how]()
      await wire.ended()
      expect(await recorder.atLeast(1)).toMatchObject([{ status: 200, failure: "client-gone" }])
    },
  )

  it("within its own body frees the target", async () => {
    const client = Wire.to(port)
    client.write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf")
    const wire = await target.next()
    await wire.until("half")
    client.socket.destroy()
    await wire.ended()
    expect(await recorder.atLeast(1)).toMatchObject([{ failure: "client-gone", requestBytes: 4 }])
  })

  it("is told from one that has only said all it had to say: that one gets its response, late as it may be", async () => {
    const client = Wire.to(port)
    client.socket.end("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    const wire = await target.next()
    await wire.until("\r\n\r\n")
    // The proxy asks the client by an interim response, which only one that reads takes.
    await client.until("HTTP/1.1 102 Processing\r\n\r\n")
    expect(wire.isEnded).toBe(false)
    wire.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
    expect(await client.ended()).toMatch(
      /^HTTP\/1\.1 102 Processing\r\n\r\nHTTP\/1\.1 200 OK\r\n[\s\S]*\r\n\r\nok$/,
    )
    expect(await recorder.atLeast(1)).toMatchObject([{ failure: null }])
  })

  it("a client that ended its side gets a quick response without an interim one", async () => {
    await serving((_, response) => response.end("ok"))
    const client = Wire.to(port)
    client.socket.end("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    expect(await client.ended()).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*ok\r?\n?/)
  })
})

describe("a call that stays open", () => {
  it("leaves one event when that is known and one when it ends, with the same request id", async () => {
    await start({ openAfterMs: 10 })
    const client = Wire.to(port)
    client.write("GET /watch HTTP/1.1\r\nHost: a\r\n\r\n")
    const wire = await target.next()
    await wire.until("\r\n\r\n")
    const [opened] = await recorder.atLeast(1)
    expect(opened).toMatchObject({ state: "opened", status: null, failure: null })
    wire.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
    await client.until("ok")
    const [, closed] = await recorder.atLeast(2)
    expect(closed).toMatchObject({ state: "closed", status: 200, responseBytes: 2 })
    expect(closed?.requestId).toBe(opened?.requestId)
    expect(closed?.requestId).toMatch(/^[0-9a-f-]{36}$/)
  })

  it("is one when it streams events, from the head of the response on; its own request id is kept", async () => {
    const client = Wire.to(port)
    client.write("GET /events HTTP/1.1\r\nHost: a\r\nX-Request-ID: mine\r\n\r\n")
    const wire = await target.next()
    await wire.until("\r\n\r\n")
    wire.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n\r\ndata: 1\n\n")
    await client.until("data: 1")
    expect(await recorder.atLeast(1)).toMatchObject([{ state: "opened", status: 200, requestId: "mine" }])
    wire.socket.end()
    await client.until("0\r\n\r\n")
    expect((await recorder.atLeast(2))[1]).toMatchObject({
      state: "closed",
      requestId: "mine",
      failure: null,
    })
  })

  it("a short call leaves one event", async () => {
    await serving((_, response) => response.end("ok"))
    const client = Wire.to(port)
    client.write("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    await client.ended()
    expect(await recorder.atLeast(1)).toMatchObject([{ state: null, requestId: null }])
  })
})

describe("closing", () => {
  it("waits for calls on their way, takes no new ones, and breaks off what does not end", async () => {
    const client = Wire.to(port)
    client.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    const wire = await target.next()
    await wire.until("\r\n\r\n")
    const closed = proxy.close(60_000)
    wire.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
    await client.until("ok")
    await closed
    await start()
    Wire.to(port).write("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    await (await target.next()).until("\r\n\r\n")
    await proxy.close(1)
    expect((await recorder.atLeast(2))[1]).toMatchObject({ failure: "client-gone" })
  })
})
