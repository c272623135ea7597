import * as http from "node:http"
import * as net from "node:net"
import { setTimeout as sleep } from "node:timers/promises"
import { afterEach, describe, expect, it } from "vitest"
import { createHttpServer } from "./http-server.mjs"

type Options = Partial<Parameters<typeof createHttpServer>[0]>

const running: ReturnType<typeof createHttpServer>[] = []

afterEach(async () => {
  await Promise.all(running.splice(0).map(({ drain }) => drain(0)))
})

const echo = (request: http.IncomingMessage, response: http.ServerResponse) => {
  response.setHeader("content-type", "application/json")
  response.end(
    JSON.stringify({ peer: request.headers["x-auditorium-peer"], id: request.headers["x-request-id"] }),
  )
}

async function listening(options: Options = {}) {
  const made = createHttpServer({ handle: echo, baseUrl: "http://console.example", ...options })
  running.push(made)
  await new Promise<void>(resolve => made.server.listen(0, "127.0.0.1", resolve))
  const address = made.server.address()
  if (typeof address !== "object" || address === null) throw new Error("not listening")
  return { ...made, port: address.port, url: `http://127.0.0.1:${address.port}` }
}

/** Returns everything that the server sends on a raw connection until it closes it, and the time until then. */
function conversation(port: number, text: string): Promise<{ said: string; afterMs: number }> {
  return new Promise((resolve, reject) => {
    const began = performance.now()
    let said = ""
    const socket = net.connect(port, "127.0.0.1", () => socket.write(text))
    socket.on("data", data => {
      said += data
    })
    socket.on("error", reject)
    socket.on("close", () => resolve({ said, afterMs: performance.now() - began }))
  })
}

describe("the headers of a request", () => {
  it.each([
    ["1", "X-Forwarded-For: 203.0.113.9"],
    ["1", "x-forwarded-proto: https"],
    ["1", "Forwarded: for=203.0.113.9"],
    ["1", "Via: 1.1 proxy"],
    ["1", "X-Real-IP: 203.0.113.9"],
    ["0", "X-Auditorium-Forwarded: 1"],
    ["0", "X-Other: 1"],
    ["1", "X-Auditorium-Forwarded: 0\r\nX-Forwarded-Host: x"],
  ])("tells whether a request says that it was forwarded: %s for %s", async (expected, header) => {
    const handle = (request: http.IncomingMessage, response: http.ServerResponse) => {
      response.end(`forwarded=${request.headers["x-auditorium-forwarded"]}`)
    }
    const { port } = await listening({ handle })
    const lines = ["GET / HTTP/1.1", "Host: x", header, "Connection: close", "", ""]
    expect((await conversation(port, lines.join("\r\n"))).said).toContain(`forwarded=${expected}`)
  })

  it("carry the address of the connection, whatever the client claims", async () => {
    const { port } = await listening()
    const { said } = await conversation(
      port,
      [
        "GET / HTTP/1.1",
        "Host: x",
        "X-Auditorium-Peer: 198.51.100.1",
        "x-auditorium-peer: 198.51.100.2",
        "Connection: close",
        "",
        "",
      ].join("\r\n"),
    )
    expect(said).toContain('"peer":"127.0.0.1"')
    expect(said).not.toContain("198.51.100")
  })

  it("carry a new request id, not the one that a client chose", async () => {
    const { url } = await listening({ trustedProxies: ["10.0.0.0/8", "::1"] })
    const answer = await fetch(url, { headers: { "x-request-id": "trace-7f.3:1" } })
    const id = answer.headers.get("x-request-id")
    expect(id).toMatch(/^[0-9a-f-]{36}$/)
    expect(await answer.json()).toMatchObject({ id })
  })

  it("carry the request id of a trusted proxy when it is usable, and the answer repeats it", async () => {
    const { url } = await listening({ trustedProxies: ["10.0.0.0/8", "127.0.0.0/8"] })
    const answer = await fetch(url, { headers: { "x-request-id": "trace-7f.3:1" } })
    expect(answer.headers.get("x-request-id")).toBe("trace-7f.3:1")
    expect(await answer.json()).toMatchObject({ id: "trace-7f.3:1" })
  })

  it.each(["", "two words", "x".repeat(129), "a;b", "ä"])(
    "carry a new request id instead of %j",
    async sent => {
      const { url } = await listening({ trustedProxies: ["127.0.0.1"] })
      const answer = await fetch(url, { headers: { "x-request-id": sent } })
      const id = answer.headers.get("x-request-id")
      expect(id).toMatch(/^[0-9a-f-]{36}$/)
      expect(await answer.json()).toMatchObject({ id })
    },
  )
})

describe("strict transport security", () => {
  it("is said exactly when people come by https", async () => {
    const secure = await fetch((await listening({ baseUrl: "https://console.example" })).url)
    expect(secure.headers.get("strict-transport-security")).toBe("max-age=63072000; includeSubDomains")
    const plain = await fetch((await listening()).url)
    expect(plain.headers.get("strict-transport-security")).toBeNull()
  })
})

describe("a request that is no use", () => {
  it.each([
    ["an absolute target", "GET http://other.example/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 400],
    [
      "percent signs that mean nothing",
      "GET /a/%E0%A4%A HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
      400,
    ],
    ["TRACE", "TRACE / HTTP/1.1\r\nHost: x\r\n\r\n", 405],
    ["no host", "GET / HTTP/1.1\r\nConnection: close\r\n\r\n", 400],
    ["a bad header", "GET / HTTP/1.1\r\nHost: x\r\nBroken\u0000: 1\r\n\r\n", 400],
    ["noise", "\u0016\u0003\u0001hello\r\n\r\n", 400],
    [
      "two lengths",
      "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
      400,
    ],
    ["huge headers", `GET / HTTP/1.1\r\nHost: x\r\nCookie: ${"x".repeat(20_000)}\r\n\r\n`, 431],
  ])("is refused: %s", async (_, text, status) => {
    const { port } = await listening()
    const { said } = await conversation(port, text)
    expect(said).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
  })

  it("gets an answer without details when the handler fails", async () => {
    const { url } = await listening({
      handle: () => {
        throw new Error("secret detail")
      },
    })
    const answer = await fetch(url)
    expect(answer.status).toBe(500)
    expect(answer.headers.get("content-type")).toBe("application/problem+json; charset=utf-8")
    expect(await answer.text()).not.toContain("secret")
  })
})

describe("a request below /v2", () => {
  const get = (path: string, header = "") => `GET ${path} HTTP/1.1\r\nHost: x\r\n${header}\r\n`

  it.each([
    ["a path with a broken percent sign", get("/v2/users/%E0%A4%A/x"), 400, 11100],
    ["an address that is too long", get(`/v2/${"x".repeat(9_000)}`), 414, 11102],
    ["headers that are too large", get("/v2", `Cookie: ${"x".repeat(20_000)}\r\n`), 431, 11102],
    ["headers beyond what is parsed", get("/v2/x", `Cookie: ${"x".repeat(40_000)}\r\n`), 431, 11102],
    ["TRACE", "TRACE /v2/x HTTP/1.1\r\nHost: x\r\n\r\n", 405, 11101],
  ])("is refused as Clarifai's clients read it, too: %s", async (_, text, status, code) => {
    const { port } = await listening()
    const { said } = await conversation(port, text)
    expect(said).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
    expect(said).toContain("content-type: application/json")
    const requestId = /x-request-id: (.*)/i.exec(said)?.[1]
    const body = JSON.parse(said.slice(said.indexOf("\r\n\r\n")))
    expect(body).toMatchObject({ status: { code, req_id: requestId }, entries: [] })
  })

  it("is no page: neither led to another name nor taken for a form of ours", async () => {
    const { port } = await listening({ handle: (_, response) => void response.end("reached") })
    const form =
      "POST /v2/x HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data\r\nOrigin: https://other.example\r\n"
    const { said } = await conversation(port, `${form}Content-Length: 0\r\nConnection: close\r\n\r\n`)
    expect(said).toContain("reached")
  })
})

describe("a slow client", () => {
  const limits = { headersTimeoutMs: 400, requestTimeoutMs: 800 }

  it("that sends nothing is let go", async () => {
    const { port } = await listening({ limits })
    const { said, afterMs } = await conversation(port, "")
    expect(said).toMatch(/^HTTP\/1.1 408 /)
    expect(afterMs).toBeLessThan(5_000)
  })

  it("that never ends its headers is told 408", async () => {
    const { port } = await listening({ limits })
    const { said } = await conversation(port, "GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ")
    expect(said).toMatch(/^HTTP\/1.1 408 /)
  })

  it("that drips its headers is told 408 all the same", async () => {
    const { port } = await listening({ limits })
    const dripping = new Promise<string>(resolve => {
      let said = ""
      const socket = net.connect(port, "127.0.0.1")
      const drip = setInterval(() => socket.write("X-A: b\r\n"), 50)
      socket.write("GET / HTTP/1.1\r\nHost: x\r\n")
      socket.on("data", data => {
        said += data
      })
      socket.on("error", () => {})
      socket.on("close", () => {
        clearInterval(drip)
        resolve(said)
      })
    })
    expect(await dripping).toMatch(/^HTTP\/1.1 408 /)
  })

  it("that never ends its body is let go", async () => {
    const { port } = await listening({
      limits,
      handle: async (request, response) => {
        for await (const _ of request);
        response.end("whole")
      },
    })
    const { said, afterMs } = await conversation(
      port,
      "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc",
    )
    expect(said).not.toContain("whole")
    expect(afterMs).toBeLessThan(5_000)
  })

  it("that never reads its answer is let go", async () => {
    const { port } = await new Promise<{ port: number }>((resolve, reject) => {
      const opened = listening({
        limits: { stalledMs: 200 },
        handle: (_, response) => {
          response.once("close", () => opened.then(resolve, reject))
          response.writeHead(200, { "content-type": "text/plain" })
          // More than the buffers of both ends can hold.
          response.write("x".repeat(64 * 1024 * 1024))
        },
      })
      opened.then(server => {
        const client = net.connect(server.port, "127.0.0.1").on("error", () => {})
        client.pause()
        client.write("GET / HTTP/1.1\r\nHost: console.example\r\n\r\n")
      }, reject)
    })
    expect(port).toBeGreaterThan(0)
  })

  it("does not keep others waiting, two thousand at once", async () => {
    const { port, url } = await listening()
    const sockets = await Promise.all(
      Array.from(
        { length: 2_000 },
        () =>
          new Promise<net.Socket>((resolve, reject) => {
            const socket = net.connect(port, "127.0.0.1", () => resolve(socket)).once("error", reject)
          }),
      ),
    )
    try {
      expect((await fetch(url)).status).toBe(200)
    } finally {
      for (const socket of sockets) socket.destroy()
    }
  })
})

describe("draining", () => {
  it("lets a running answer finish and takes no new request", async () => {
    let finish = () => {}
    const { url, drain, port } = await listening({
      handle: (_, response) => {
        response.write("first ")
        finish = () => response.end("last")
      },
    })
    const answer = await fetch(url)
    const drained = drain(5_000)
    await sleep(100)
    await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow()
    finish()
    expect(await answer.text()).toBe("first last")
    await drained
  })

  it("cuts off what outlasts the grace", async () => {
    const { url, drain } = await listening({ handle: (_, response) => void response.write("first ") })
    const answer = await fetch(url)
    await drain(200)
    await expect(answer.text()).rejects.toThrow()
  })

  it("does not wait for idle connections", async () => {
    const { url, drain } = await listening()
    const agent = new http.Agent({ keepAlive: true })
    await new Promise(resolve => http.get(url, { agent }, response => response.resume().on("end", resolve)))
    // With a grace period of an hour: waiting for the connection would exceed the time limit of the test.
    await drain(3_600_000)
    agent.destroy()
  })
})
