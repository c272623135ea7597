import { readFileSync } from "node:fs"
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest"
import type { ErrorCode } from "@/lib/errors"
import { statusOf } from "@/lib/http/problem"
import { type ApiServer, pageOf, problem, type Reply, startApiServer } from "@/sdk/test/api-server"
import { FakeTime } from "@/sdk/test/fake-time"
import { Client } from "./client"
import {
  AuditoriumError,
  ConnectionError,
  ForbiddenError,
  InvalidError,
  ProblemError,
  problemClasses,
  RateLimitedError,
  UnavailableError,
  UnexpectedAnswerError,
} from "./errors"
import type { ClientOptions } from "./options"

let server: ApiServer
beforeAll(async () => {
  server = await startApiServer()
})
afterAll(() => server.stop())
afterEach(() => {
  server.replies.length = 0
  ;(server.asked as unknown[]).length = 0
  server.answer = () => pageOf([])
})

const key = "aud_test_secret"
function makeClient(options: ClientOptions = {}) {
  const time = new FakeTime()
  return { time, client: new Client({ url: server.url, key, ...options }, time) }
}

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const taken: Item[] = []
  for await (const item of items) taken.push(item)
  return taken
}

async function failure(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => expect.unreachable("it did not fail"),
    error => error,
  )
}

const anEvent = (index: number) => ({ id: `e-${index}`, index })

describe("a request that may arrive twice", () => {
  const later: readonly (readonly [string, Reply, number])[] = [
    ["429 with seconds", problem(429, "rate-limited", { headers: { "retry-after": "7" } }), 7_000],
    [
      "503 with a date",
      problem(503, "unavailable", { headers: { "retry-after": "Mon, 30 Nov 2026 12:00:09 GMT" } }),
      9_000,
    ],
    ["503 without a delay", problem(503, "unavailable"), 500],
    ["503 of a proxy", { status: 503, body: "<h1>Come back later</h1>" }, 500],
    [
      "429 that asks for no delay at all",
      problem(429, "rate-limited", { headers: { "retry-after": "0" } }),
      100,
    ],
    ["408", problem(408, "request-timeout", { headers: { "retry-after": "1" } }), 1_000],
    ["502 of a proxy", { status: 502, body: "Bad gateway" }, 500],
    ["504 of a proxy", { status: 504 }, 500],
    ["half a body", "half a body", 500],
    ["half a JSON text", "half a JSON text", 500],
    ["a connection that is closed", "hang up", 500],
  ]
  it.each(later)("is sent again after %s, and no sooner than it is asked to", async (_, reply, delayMs) => {
    server.replies.push(reply, pageOf([anEvent(1)]))
    const retries: unknown[] = []
    const { client, time } = makeClient({ onRetry: retry => retries.push(retry) })
    expect(await all(client.search("status=failure"))).toEqual([anEvent(1)])
    expect(time.waits).toEqual([delayMs])
    expect(server.asked.map(asked => asked.path)).toEqual(
      Array(2).fill("/api/v1/events?status=failure&limit=100"),
    )
    expect(retries).toEqual([{ reason: expect.any(String), delayMs, attempt: 1 }])
    expect(time.limits.size).toBe(0)
  })

  it("is sent again after a minute without an answer", async () => {
    server.replies.push("nothing", pageOf([anEvent(1)]))
    const { client, time } = makeClient()
    const events = all(client.search())
    await server.until(1)
    expect([...time.limits.values()]).toEqual([60_000])
    time.expire()
    expect(await events).toEqual([anEvent(1)])
  })

  it.each<[string, Reply, number]>([
    ["the query is refused", problem(422, "invalid"), 422],
    ["the key is refused", problem(401, "unauthenticated"), 401],
    ["the database took too long", problem(504, "timeout", { headers: { "retry-after": "1" } }), 504],
    ["the server has failed", problem(500, "internal"), 500],
  ])("is not sent again when %s", async (_, reply, status) => {
    server.replies.push(reply)
    const { client, time } = makeClient()
    expect(await failure(all(client.search()))).toMatchObject({ status })
    expect([server.asked.length, time.waits]).toEqual([1, []])
  })

  it("waits longer each time, up to the total limit, and then throws what happened last", async () => {
    server.answer = () => problem(503, "unavailable", { requestId: "r-9" })
    const { client, time } = makeClient({ patienceMs: 10_000 })
    const error = await failure(client.find("e-1"))
    expect(error).toBeInstanceOf(UnavailableError)
    expect(error).toMatchObject({
      requestId: "r-9",
      message: expect.stringContaining("gave up after 5 attempts"),
    })
    expect(time.waits).toEqual([500, 1_000, 2_000, 4_000])
  })

  it("ends within the total limit when nothing is answered", async () => {
    server.answer = () => "nothing"
    const { client, time } = makeClient({ patienceMs: 3_000 })
    const found = failure(client.find("e-1"))
    for (let count = 1; time.now() < 3_000; count++) {
      await server.until(count)
      time.expire()
      await new Promise(resolve => setTimeout(resolve))
    }
    expect(await found).toBeInstanceOf(ConnectionError)
    expect(time.now()).toBe(3_000)
  })

  it("is not sent at all to a server that wants a longer wait than the limit", async () => {
    server.answer = () => problem(429, "rate-limited", { headers: { "retry-after": "3600" } })
    const { client, time } = makeClient()
    const error = await failure(client.find("e-1"))
    expect(error).toBeInstanceOf(RateLimitedError)
    expect(error).toMatchObject({ retryAfterMs: 3_600_000 })
    expect([server.asked.length, time.waits]).toEqual([1, []])
  })

  it("is sent once when there is no patience", async () => {
    server.replies.push("hang up")
    const { client } = makeClient({ patienceMs: 0 })
    expect(await failure(client.describeKey())).toBeInstanceOf(ConnectionError)
    expect(server.asked).toHaveLength(1)
  })

  it("says that a server is not there, and never the key", async () => {
    const { client } = makeClient({ url: "http://127.0.0.1:9", patienceMs: 0 })
    const error = await failure(client.find("e-1"))
    expect(String(error)).toMatch(/^ConnectionError: http:\/\/127\.0\.0\.1:9 cannot be reached/)
    expect(JSON.stringify(error) + String(error)).not.toContain(key)
  })
})

describe("a request that changes something", () => {
  const create = (client: Client, repeatable?: boolean) =>
    client.call("POST /api/v1/sinks", { body: { name: "a", kind: "file", settings: {} } }, { repeatable })

  it.each<[string, Reply, number]>([
    ["429", problem(429, "rate-limited", { headers: { "retry-after": "1" } }), 2],
    ["503, after which it may have been done", problem(503, "unavailable"), 1],
    ["a broken connection", "hang up", 1],
  ])("is sent again only when the server did not begin with it: %s", async (_, reply, times) => {
    server.replies.push(reply)
    server.answer = () => ({ status: 201, body: { id: "s-1" } })
    const { client } = makeClient()
    await create(client).catch(() => undefined)
    expect(server.asked).toHaveLength(times)
  })

  it("is sent again when the caller says that it may arrive twice", async () => {
    server.replies.push("hang up")
    server.answer = () => ({ status: 201, body: { id: "s-1" } })
    expect(await create(makeClient().client, true)).toEqual({ id: "s-1" })
    expect(server.asked[1]).toMatchObject({
      method: "POST",
      body: '{"name":"a","kind":"file","settings":{}}',
    })
  })
})

describe("an answer that is none of Auditorium", () => {
  it.each<[string, Reply]>([
    [
      "a page of another server",
      { status: 200, headers: { "content-type": "text/html" }, body: "<h1>It works</h1>" },
    ],
    ["other JSON", { status: 200, body: { hits: [] } }],
    ["a list", { status: 200, body: [] }],
    ["a redirect", { status: 302, headers: { location: "https://elsewhere.example/" } }],
    ["no problem document", { status: 404, body: "not found" }],
  ])("is an error, never an empty page: %s", async (_, reply) => {
    server.answer = () => reply
    expect(await failure(all(makeClient().client.search()))).toBeInstanceOf(UnexpectedAnswerError)
    expect(server.asked).toHaveLength(1)
  })

  it("does not get the key by a redirect", async () => {
    const other = await startApiServer()
    server.answer = () => ({ status: 307, headers: { location: `${other.url}/api/v1/key` } })
    expect(String(await failure(makeClient().client.describeKey()))).toContain(`leads on to ${other.url}`)
    expect(other.asked).toEqual([])
    await other.stop()
  })
})

describe("an error", () => {
  it.each(Object.entries(problemClasses))(
    "of the code %s has its own class, with all that the server says",
    async (code, Problem) => {
      const errors = [{ pointer: "/status", detail: "is no status" }]
      server.replies.push(problem(418, code, { errors, detail: "It is so.", extra: 1 }))
      const error = await failure(makeClient().client.find("e-1"))
      expect(error).toBeInstanceOf(Problem)
      expect(error).toBeInstanceOf(AuditoriumError)
      expect(error).toMatchObject({
        code,
        status: 418,
        detail: "It is so.",
        requestId: "r-1",
        errors,
        document: { extra: 1 },
      })
      expect((error as Error).name).toBe(Problem.name)
    },
  )

  it("of a code that a newer server has is a ProblemError", async () => {
    server.replies.push(problem(451, "withheld"))
    const error = await failure(makeClient().client.find("e-1"))
    expect(error).toBeInstanceOf(ProblemError)
    expect(error).toMatchObject({ code: "withheld", name: "ProblemError" })
  })

  it("stands in docs/client.md with its class, its code and the status that the API gives it", () => {
    const rows = readFileSync("docs/client.md", "utf8").matchAll(
      /^\| `(\w+Error)` \| `([\w-]+)` \| (\d{3}) \|$/gm,
    )
    const atServer: Readonly<Record<string, number>> = {
      ...{
        "method-not-allowed": 405,
        "request-timeout": 408,
        "address-too-long": 414,
        "headers-too-large": 431,
      },
    }
    expect([...rows].map(([, name, code, status]) => [name, code, Number(status)]).sort()).toEqual(
      Object.entries(problemClasses)
        .map(([code, Problem]) => [Problem.name, code, atServer[code] ?? statusOf(code as ErrorCode)])
        .sort(),
    )
  })

  it("has a class of its own for each code", () => {
    expect(new Set(Object.values(problemClasses)).size).toBe(Object.keys(problemClasses).length)
  })
})

describe("a signal", () => {
  it("ends a request that is running, with its own reason and without another attempt", async () => {
    server.answer = () => "nothing"
    const abort = new AbortController()
    const { client, time } = makeClient()
    const found = failure(client.find("e-1", { signal: abort.signal }))
    await server.until(1)
    abort.abort(new Error("enough"))
    expect(await found).toMatchObject({ message: "enough" })
    expect([server.asked.length, time.limits.size]).toEqual([1, 0])
  })

  it("ends a wait, and a search between two pages", async () => {
    const abort = new AbortController()
    server.answer = () => pageOf([anEvent(1)], { nextCursor: "c" })
    const { client } = makeClient()
    const search = client.search("", { signal: abort.signal })
    expect(await search.next()).toMatchObject({ done: false })
    abort.abort()
    expect(await failure(search.next())).toMatchObject({ name: "AbortError" })
    server.answer = () => problem(503, "unavailable")
    const waiting = new AbortController()
    const { client: other } = makeClient({ onRetry: () => waiting.abort() })
    expect(await failure(other.find("e-1", { signal: waiting.signal }))).toMatchObject({ name: "AbortError" })
  })

  it("that has aborted sends nothing", async () => {
    expect(await failure(makeClient().client.describeKey({ signal: AbortSignal.abort() }))).toMatchObject({
      name: "AbortError",
    })
    expect(server.asked).toEqual([])
  })
})

describe("what is sent", () => {
  it("has the key, no cookie, and a url below the one that was given", async () => {
    await makeClient({ url: `${server.url}/audit?x=1#y` })
      .client.find("a/../b")
      .catch(() => undefined)
    expect(server.asked[0]).toMatchObject({
      path: "/audit/api/v1/events/a%2F..%2Fb",
      headers: { authorization: `Bearer ${key}`, accept: "application/json" },
    })
    expect(server.asked[0]?.headers.cookie).toBeUndefined()
  })

  it.each([
    ["no key", { key: "" }, "No key"],
    ["a key that no header takes", { key: "aud_ü" }, "no key has"],
    ["a url that is none", { url: "audit.example.com:3000/x y" }, "url"],
    ["another scheme", { url: "ftp://audit.example.com" }, "https"],
    ["a password in the url", { url: "https://a:b@audit.example.com" }, "password"],
    ["a limit that is no number", { patienceMs: Number.NaN }, "patienceMs"],
  ])("is refused before anything is sent: %s", (_, options, message) => {
    expect(() => makeClient(options)).toThrow(TypeError)
    expect(() => makeClient(options)).toThrow(message)
  })

  it.each(["", ".", ".."])("never has another path than the one meant: %j as an id", async id => {
    await expect(async () => makeClient().client.find(id)).rejects.toThrow(TypeError)
    expect(server.asked).toEqual([])
  })
})

describe("sending lines", () => {
  it("returns the results also when every event was refused, and throws when the request was", async () => {
    const results = [{ outcome: "rejected", code: "invalid", errors: [] }]
    server.replies.push(
      problem(422, "invalid", { results }),
      problem(422, "invalid"),
      problem(403, "forbidden"),
    )
    const { client } = makeClient()
    expect((await client.sendLines("{}\n")).results).toEqual(results)
    expect(await failure(client.sendLines("{}\n"))).toBeInstanceOf(InvalidError)
    expect(await failure(client.sendLines("{}\n"))).toBeInstanceOf(ForbiddenError)
    expect(server.asked[0]).toMatchObject({
      body: "{}\n",
      headers: { "content-type": "application/x-ndjson" },
    })
  })

  it("goes on after any failure of the server, because ids make a repetition harmless", async () => {
    server.replies.push(problem(500, "internal"), problem(504, "timeout"), "hang up")
    server.answer = () => ({ status: 201, body: { results: [] } })
    expect(await makeClient().client.sendLines("{}\n")).toEqual({ results: [] })
    expect(server.asked).toHaveLength(4)
  })
})
