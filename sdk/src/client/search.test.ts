import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest"
import { type ApiServer, type Asked, pageOf, problem, startApiServer } from "@/sdk/test/api-server"
import { FakeTime } from "@/sdk/test/fake-time"
import { Client } from "./client"
import { ConnectionError, RateLimitedError } from "./errors"
import type { Query } from "./generated/api"

let server: ApiServer
let time: FakeTime
beforeAll(async () => {
  server = await startApiServer()
})
afterAll(() => server.stop())
afterEach(() => {
  server.replies.length = 0
  ;(server.asked as unknown[]).length = 0
  server.answer = () => pageOf([])
})

function makeClient(): Client {
  time = new FakeTime()
  return new Client({ url: server.url, key: "aud_test" }, time)
}

async function all<Item>(items: AsyncIterable<Item>, most = Number.POSITIVE_INFINITY): Promise<Item[]> {
  const taken: Item[] = []
  for await (const item of items) {
    taken.push(item)
    if (taken.length === most) break
  }
  return taken
}

const anEvent = (index: number) => ({ id: `e-${index}`, index })
const parametersOf = ({ path }: Asked) => [...new URL(path, server.url).searchParams]
const sent = () => server.asked.map(asked => Object.fromEntries(parametersOf(asked)))

/** Answers as a log of so many events does, in pages of the limit; the cursor is the number of events before it. */
function logOf(size: () => number, event: (index: number) => unknown = anEvent) {
  server.answer = asked => {
    const parameters = new URL(asked.path, server.url).searchParams
    const from = Number(parameters.get("cursor") ?? 0)
    const past = Math.min(size(), from + Number(parameters.get("limit")))
    const isRecorded = parameters.get("order") === "recorded"
    return pageOf(
      Array.from({ length: past - from }, (_, at) => event(from + at)),
      { nextCursor: isRecorded || past < size() ? String(past) : null, asOf: size() },
    )
  }
}

describe("a search", () => {
  it("gives every event once, in its order, and asks for a page only when it is needed", async () => {
    logOf(() => 250)
    const search = makeClient().search("status=failure&-actor=monitor")
    expect((await search.next()).value).toEqual(anEvent(0))
    expect(server.asked).toHaveLength(1)
    expect((await all(search)).map(({ index }) => index)).toEqual(
      Array.from({ length: 249 }, (_, at) => at + 1),
    )
    expect(sent()).toEqual([
      { status: "failure", "-actor": "monitor", limit: "100" },
      { status: "failure", "-actor": "monitor", limit: "100", cursor: "100" },
      { status: "failure", "-actor": "monitor", limit: "100", cursor: "200" },
    ])
  })

  it("goes on over pages on which nothing was found, and ends at a page that is the last", async () => {
    const stopped = { searchedBackTo: "2026-11-20T00:00:00.000000Z" }
    server.replies.push(
      pageOf([], { nextCursor: "a", ...stopped }),
      pageOf([anEvent(1)], { nextCursor: "b", ...stopped }),
      pageOf([]),
    )
    expect(await all(makeClient().search())).toEqual([anEvent(1)])
    expect(server.asked).toHaveLength(3)
  })

  it.each([99, 100, 101])("in recorded order ends where the log of %i events ends", async size => {
    logOf(() => size)
    expect(await all(makeClient().search({ order: "recorded" }))).toHaveLength(size)
    expect(server.asked).toHaveLength(Math.floor(size / 100) + 1)
  })

  it("says where each page stands, and takes another size of pages", async () => {
    logOf(() => 5)
    const pages = await all(makeClient().pages({ limit: 2, window: "7d" }))
    expect(pages.map(({ events }) => events.length)).toEqual([2, 2, 1])
    expect(sent()[0]).toEqual({ window: "7d", limit: "2" })
  })

  it("holds one page of 10,000 events of 2 KB in memory, not all of them", async () => {
    const padding = "x".repeat(2_000)
    logOf(
      () => 10_000,
      index => ({ ...anEvent(index), metadata: { padding } }),
    )
    setFlagsFromString("--expose-gc")
    const collect: () => void = runInNewContext("gc")
    const used = () => {
      collect()
      return process.memoryUsage().heapUsed
    }
    let early = 0
    let count = 0
    for await (const _ of makeClient().search()) {
      count++
      ;(server.asked as unknown[]).length = 0
      if (count === 1_000) early = used()
    }
    expect(count).toBe(10_000)
    // All of them would be 20 MB.
    expect(used() - early).toBeLessThan(3_000_000)
  })
})

describe("a query", () => {
  const everything: Query = {
    ...{
      from: "2026-01",
      to: "2026-02",
      zone: "Europe/Berlin",
      excludeToday: false,
      order: "oldest",
      limit: 7,
      asOf: 0,
    },
    include: { status: ["failure", "denied"], target: ["door:a&b=c"] },
    exclude: { actor: ["50 % + # ü \u{1f602}"] },
    text: "a/b",
  }
  it("in its JSON form is the same query string", async () => {
    await all(makeClient().search(everything))
    const [asked] = server.asked
    expect(asked && parametersOf(asked).sort()).toEqual(
      [
        ...[
          ["from", "2026-01"],
          ["to", "2026-02"],
          ["zone", "Europe/Berlin"],
          ["exclude-today", "0"],
        ],
        ...[
          ["order", "oldest"],
          ["limit", "7"],
          ["as-of", "0"],
          ["text", "a/b"],
        ],
        ...[
          ["status", "failure"],
          ["status", "denied"],
          ["target", "door:a&b=c"],
        ],
        ["-actor", "50 % + # ü \u{1f602}"],
      ].sort(),
    )
  })

  it.each([
    [
      "a number sign, which would begin a fragment",
      "text=a#b&status=failure",
      "text=a%23b&status=failure&limit=100",
    ],
    ["a tab and a line break, which a url drops", "text=a\tb\nc", "text=a%09b%0Ac&limit=100"],
    [
      "other alphabets, spaces and pictures",
      "actor=Žižek \u{1f602}",
      "actor=%C5%BDi%C5%BEek%20%F0%9F%98%82&limit=100",
    ],
    [
      "what is encoded, also wrongly: that is for the server to refuse",
      "text=%FF&actor=a%20b+c",
      "text=%FF&actor=a%20b+c&limit=100",
    ],
    ["what the server does not know", "colour=red", "colour=red&limit=100"],
    ["a question mark in front, and empty parts", "?status=failure&&", "status=failure&limit=100"],
    ["its own limit and cursor", "limit=2&cursor=abc", "limit=2&cursor=abc"],
  ])("as text is sent as it was written, with %s", async (_, query, expected) => {
    await all(makeClient().search(query))
    expect(server.asked[0]?.path).toBe(`/api/v1/events?${expected}`)
  })

  it("that is too long for a url is sent as a body, with the same meaning", async () => {
    const actors = Array.from({ length: 150 }, (_, at) => `person-${at}-${"x".repeat(60)}`)
    const long = { ...everything, include: { actor: actors }, asOf: 12 }
    await all(makeClient().search(long))
    const { include, exclude, ...rest } = long
    expect(server.asked[0]).toMatchObject({ method: "POST", path: "/api/v1/events/search" })
    expect(JSON.parse(server.asked[0]?.body ?? "")).toEqual({ ...rest, include, exclude })
    await all(makeClient().search(`colour=red&${actors.map(actor => `-actor=${actor}`).join("&")}`))
    expect(JSON.parse(server.asked[1]?.body ?? "")).toEqual({
      include: { colour: ["red"] },
      exclude: { actor: actors },
      limit: 100,
    })
  })

  it.each([
    ["half a character", "text=\ud83d"],
    ["a list", []],
    ["null", null],
    ["fields that are no lists", { include: { app: "a" } }],
  ])("that cannot be meant is refused before it is sent: %s", async (_, query) => {
    await expect(all(makeClient().search(query as string))).rejects.toThrow(TypeError)
    expect(server.asked).toEqual([])
  })
})

describe("following", () => {
  it("gives what is there, then what is new, and waits only at the end of the log", async () => {
    let size = 150
    logOf(() => size)
    const positions: string[] = []
    const client = makeClient()
    const events = client.follow("status=failure", {
      intervalMs: 5_000,
      onPosition: at => positions.push(at),
    })
    expect((await all({ [Symbol.asyncIterator]: () => ({ next: () => events.next() }) }, 150)).length).toBe(
      150,
    )
    expect(time.waits).toEqual([])
    size = 153
    const more = [await events.next(), await events.next(), await events.next()]
    expect(more.map(({ value }) => value?.index)).toEqual([150, 151, 152])
    expect(time.waits).toEqual([5_000])
    expect(positions).toEqual([
      "status=failure&limit=100&order=recorded&cursor=100",
      "status=failure&limit=100&order=recorded&cursor=150",
    ])
    await events.return()
  })

  it("goes on at a position after a restart, without an event twice or missing", async () => {
    logOf(() => 250)
    let position = ""
    const taken: number[] = []
    for await (const { index } of makeClient().follow({}, { onPosition: at => (position = at) })) {
      taken.push(index)
      if (index === 99) continue
      if (index === 120) break
    }
    // The position stands before the events whose page was not taken whole: those come again.
    for await (const { index } of makeClient().follow(position)) {
      taken.push(index)
      if (index === 249) break
    }
    const again = Array.from({ length: 21 }, (_, at) => 100 + at)
    expect(taken).toEqual([
      ...Array.from({ length: 121 }, (_, at) => at),
      ...again,
      ...Array.from({ length: 129 }, (_, at) => 121 + at),
    ])
  })

  it("begins again without a cursor while the log is empty", async () => {
    server.replies.push(pageOf([]), pageOf([]), pageOf([anEvent(0)], { nextCursor: "1" }))
    expect(await all(makeClient().follow(), 1)).toEqual([anEvent(0)])
    expect(time.waits).toEqual([2_000, 2_000])
  })

  it("does not end a window at its own beginning: later events belong to it", async () => {
    const now = "2026-11-30T12:05:00.000001Z"
    server.replies.push(pageOf([], { window: { from: "2026-11-30T11:45:00.000000Z", before: now } }))
    server.answer = () => pageOf([anEvent(0)], { nextCursor: "1" })
    await all(makeClient().follow("window=15m"), 1)
    expect(sent()[1]).toEqual({
      limit: "100",
      order: "recorded",
      from: "2026-11-30T11:45:00.000000Z",
      to: "2199",
    })
  })

  it.each([
    ["window=all", 1],
    ["from=2026-11-01&to=2026-11-02", 1],
    ["", 1],
  ])("leaves a window that does not end now as it is: %j", async (query, requests) => {
    server.answer = () => pageOf([anEvent(0)], { nextCursor: "1" })
    await all(makeClient().follow(query), 1)
    expect(server.asked).toHaveLength(requests)
    expect(server.asked[0]?.path).toBe(`/api/v1/events?${query}${query && "&"}limit=100&order=recorded`)
  })

  it("of yesterday stays yesterday", async () => {
    const before = "2026-11-30T00:00:00.000000Z"
    server.answer = () => pageOf([anEvent(0)], { window: { from: "2026-11-29T00:00:00.000000Z", before } })
    await all(makeClient().follow("window=yesterday"), 1)
    expect(sent()[1]).toEqual({ window: "yesterday", limit: "100", order: "recorded" })
  })

  it.each(["as-of=12", "order=newest"])("refuses a query that cannot be followed: %s", async query => {
    await expect(all(makeClient().follow(query))).rejects.toThrow(TypeError)
    expect(server.asked).toEqual([])
  })

  it("ends while it waits when its signal aborts", async () => {
    const abort = new AbortController()
    const events = makeClient().follow("", { signal: abort.signal })
    time.sleep = (_, signal) => {
      abort.abort()
      return Promise.reject(signal?.reason)
    }
    await expect(events.next()).rejects.toMatchObject({ name: "AbortError" })
  })
})

describe("an export", () => {
  const textOf = async (stream: ReadableStream<Uint8Array<ArrayBuffer>>) => new Response(stream).text()

  it("arrives as a stream, after it was asked for again while the server was busy", async () => {
    const headers = { "content-type": "application/jsonl", "retry-after": "10" }
    server.replies.push(problem(429, "rate-limited", { headers }), {
      status: 200,
      headers,
      body: '{"index":0}\n',
    })
    expect(await textOf(await makeClient().export("window=7d"))).toBe('{"index":0}\n')
    expect(time.waits).toEqual([10_000])
    expect(server.asked[1]?.path).toBe("/api/v1/events/export?window=7d&format=jsonl")
  })

  it("that breaks off fails: what is there never looks like all", async () => {
    server.replies.push("half a body")
    const stream = await makeClient().export({}, "csv")
    await expect(textOf(stream)).rejects.toThrow(ConnectionError)
    await expect(textOf(stream)).rejects.toThrow()
  })

  it("ends by its signal also in the middle, and holds no limit of time after its beginning", async () => {
    const abort = new AbortController()
    server.answer = () => ({ status: 200, body: "x".repeat(1_000_000) })
    const stream = await makeClient().export({}, "csv", { signal: abort.signal })
    expect(time.limits.size).toBe(0)
    const reader = stream.getReader()
    await reader.read()
    abort.abort(new Error("enough"))
    await expect(
      (async () => {
        while (!(await reader.read()).done);
      })(),
    ).rejects.toThrow("enough")
  })

  it("that is refused is an error", async () => {
    server.replies.push(problem(429, "rate-limited", { headers: { "retry-after": "3600" } }))
    await expect(makeClient().export()).rejects.toThrow(RateLimitedError)
  })
})
