import * as http from "node:http"
import * as net from "node:net"
import { afterEach, describe, expect, it } from "vitest"
import { createHttpServer } from "./http-server.mjs"
import { createWork } from "./work.mjs"

const running: ReturnType<typeof createHttpServer>[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map(({ drain }) => drain(0)))
})

/** A server whose responses are sent when the test releases them. */
async function listening(requestsInWork: number) {
  const held: http.ServerResponse[] = []
  const begun = { count: 0 }
  const made = createHttpServer({
    handle: async (request, response) => {
      begun.count++
      for await (const _ of request);
      held.push(response)
    },
    baseUrl: "http://console.example",
    limits: { requestsInWork },
  })
  running.push(made)
  await new Promise<void>(resolve => made.server.listen(0, "127.0.0.1", resolve))
  const address = made.server.address()
  if (typeof address !== "object" || address === null) throw new Error("not listening")
  const url = `http://127.0.0.1:${address.port}`
  const until = async (count: number) => {
    while (held.length < count) await new Promise(setImmediate)
  }
  return { url, port: address.port, held, begun, until }
}

describe("requests in work", () => {
  it("are bounded: one more is told 503 and when to come again, and is let in when another has its answer", async () => {
    const { url, held, until } = await listening(3)
    const inWork = Array.from({ length: 3 }, () => fetch(url))
    await until(3)
    const refused = await fetch(url)
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "1"])
    expect(await refused.json()).toMatchObject({
      type: "urn:problem:auditorium:unavailable",
      requestId: refused.headers.get("x-request-id"),
    })
    held.shift()?.end("done")
    await Promise.race(inWork)
    const next = fetch(url)
    await until(3)
    for (const response of held) response.end("done")
    expect((await next).status).toBe(200)
    await Promise.all(inWork)
  })

  it("leave room for liveness and health, however many there are", async () => {
    const { url, held, until } = await listening(1)
    const first = fetch(url)
    await until(1)
    expect((await fetch(`${url}/api/live`)).status).toBe(200)
    const health = fetch(`${url}/api/health`)
    await until(2)
    for (const response of held) response.end()
    expect((await health).status).toBe(200)
    await first
  })

  it("do not include answers that are being read: a slow reader keeps nobody out", async () => {
    const { url, held, until } = await listening(1)
    const reading = fetch(url)
    await until(1)
    held[0]?.write("the beginning")
    await reading
    const next = fetch(url)
    await until(2)
    for (const response of held) response.end()
    expect((await next).status).toBe(200)
  })

  it("do not include bodies that are still arriving: a slow sender keeps nobody out", async () => {
    const { url, port, held, begun, until } = await listening(5)
    const slow = Array.from({ length: 5 }, () => net.connect(port, "127.0.0.1"))
    for (const socket of slow) socket.write("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n1")
    while (begun.count < slow.length) await new Promise(setImmediate)
    const next = fetch(url)
    await until(1)
    held[0]?.end()
    expect((await next).status).toBe(200)
    for (const socket of slow) socket.destroy()
  })

  it("include those with a body that nobody looks at: a body is no way around the bound", async () => {
    const held: http.ServerResponse[] = []
    const made = createHttpServer({
      handle: (_, response) => void held.push(response),
      baseUrl: "http://console.example",
      limits: { requestsInWork: 1 },
    })
    running.push(made)
    await new Promise<void>(resolve => made.server.listen(0, "127.0.0.1", resolve))
    const address = made.server.address()
    const port = typeof address === "object" && address !== null ? address.port : 0
    const socket = net.connect(port, "127.0.0.1")
    socket.write("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n1")
    while (held.length < 1) await new Promise(setImmediate)
    expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(503)
    socket.destroy()
  })

  it("end with their connection: who goes away makes room", async () => {
    const { url, held, until } = await listening(1)
    const gone = new AbortController()
    const first = fetch(url, { signal: gone.signal }).catch(() => "gone")
    await until(1)
    const closed = new Promise(resolve => held[0]?.once("close", resolve))
    gone.abort()
    await Promise.all([first, closed])
    const next = fetch(url)
    await until(2)
    held[1]?.end()
    expect((await next).status).toBe(200)
  })
})

describe("the beginning of work", () => {
  it("is one request a turn, in their order, and not for whoever has gone", () => {
    const turns: (() => void)[] = []
    const work = createWork(10, next => void turns.push(next))
    const begun: number[] = []
    const jobs = [0, 1, 2, 3].map(number => {
      const request = new http.IncomingMessage(new net.Socket())
      const response = new http.ServerResponse(request)
      work.take({ request, response, begin: () => void begun.push(number) })
      return response
    })
    jobs[1]?.destroy()
    const seen = []
    while (turns.length > 0) {
      expect(turns).toHaveLength(1)
      turns.shift()?.()
      seen.push([...begun])
    }
    expect(seen).toEqual([[0], [0], [0, 2], [0, 2, 3]])
  })

  it("goes round the callers: the one request of one does not wait behind the hundreds of another", () => {
    const turns: (() => void)[] = []
    const work = createWork(1_000, next => void turns.push(next))
    const begun: string[] = []
    const take = (name: string, headers: http.IncomingHttpHeaders) => {
      const request = new http.IncomingMessage(new net.Socket())
      Object.assign(request.headers, headers)
      const response = new http.ServerResponse(request)
      work.take({ request, response, begin: () => void begun.push(name) })
    }
    for (let number = 0; number < 400; number++) take(`flood ${number}`, { authorization: "Bearer flood" })
    take("key", { authorization: "Bearer other" })
    take("person", { cookie: "session=1" })
    take("anybody", {})
    take("key again", { authorization: "Bearer other" })
    for (let turn = 0; turn < 8; turn++) turns.shift()?.()
    expect(begun).toEqual([
      ...["flood 0", "key", "person", "anybody"],
      ...["flood 1", "key again", "flood 2", "flood 3"],
    ])
    while (turns.length > 0) turns.shift()?.()
    expect(begun).toHaveLength(404)
    expect(begun.filter(name => name.startsWith("flood"))).toEqual(
      Array.from({ length: 400 }, (_, number) => `flood ${number}`),
    )
  })
})
