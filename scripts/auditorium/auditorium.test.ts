import { spawn } from "node:child_process"
import { parse } from "csv-parse/sync"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { type Api, anEvent, lines, startApi } from "@/app/api/fixtures/api"
import { type HttpApi, serve } from "@/scripts/ingest/fixtures/server"
import { pageOf, problem, startApiServer } from "@/sdk/test/api-server"
import { compiledScript } from "@/test/compiled"
import { widthOf } from "./cells"
import { auditorium } from "./command"

let api: Api
let http: HttpApi
beforeAll(async () => {
  api = await startApi()
  http = await serve(api)
  const sent = await api.call("POST", "/api/v1/events", { body: lines(events), type: "application/x-ndjson" })
  expect(sent.status).toBe(201)
})
afterAll(async () => {
  await http?.close()
  await api?.close()
})

const evil = "a\u001b[2Jb\u009b31mc\u202ed\te\nf"
const times = ["10:00:00.123456", "10:00:01.000001", "10:00:02.000000"]
const events = [
  anEvent({
    ...{ occurredAt: `2026-11-20T${times[0]}Z`, description: "Approved invoice 7", requestId: "r-1" },
    actor: { type: "user", id: "ada", name: "Ada Lovelace", email: "ada@acme.example" },
    targets: [
      { type: "invoice", id: "7" },
      { type: "invoice", id: "8" },
    ],
  }),
  anEvent({
    ...{
      occurredAt: `2026-11-20T${times[1]}Z`,
      description: "東京で承認された請求書 \u{1f680} ".repeat(10).trim(),
    },
    ...{ status: "failure", source: undefined, requestId: "=r-2", metadata: { evil, n: 1.5 } },
    actor: { type: "anonymous" },
  }),
  anEvent({ occurredAt: `2026-11-20T${times[2]}Z`, status: "failure", description: evil, requestId: "r-3" }),
]
const mine = "app=billing&from=2026-11-20&to=2026-11-20&order=oldest"

interface Ran {
  readonly code: number
  readonly out: string
  readonly err: string
}
interface Where {
  readonly width?: number
  readonly url?: string
  readonly key?: string
  /** Called with what was printed so far. */
  readonly onWrite?: (out: string) => unknown
  readonly closed?: AbortSignal
}

async function run(args: readonly string[], where: Where = {}): Promise<Ran> {
  let out = ""
  let err = ""
  const code = await auditorium(args, {
    variables: { AUDITORIUM_KEY: where.key ?? api.tenant.key, AUDITORIUM_URL: where.url ?? http.url },
    out: {
      width: where.width ?? null,
      write: async text => {
        out += text
        await where.onWrite?.(out)
      },
    },
    err: text => {
      err += text
    },
    closed: where.closed ?? new AbortController().signal,
  })
  return { code, out, err }
}
const search = (query: string, ...options: readonly string[]) => run(["search", query, ...options])

describe("a search that is piped", () => {
  it("prints whole values with tabs between them, an event a line, in the order of the query", async () => {
    const { code, out, err } = await search(mine)
    expect([code, err]).toEqual([0, ""])
    expect(
      out
        .trimEnd()
        .split("\n")
        .map(line => line.split("\t")),
    ).toEqual([
      ["When", "Who", "What", "Target", "Where", "Status"],
      [
        `2026-11-20T${times[0]}Z`,
        "Ada Lovelace",
        "Approved invoice 7",
        "invoice 7 +1",
        "198.51.100.7",
        "success",
      ],
      [`2026-11-20T${times[1]}Z`, "anonymous", events[1]?.description, expect.any(String), "", "failure"],
      [
        `2026-11-20T${times[2]}Z`,
        "Ada",
        "a[U+001B][2Jb[U+009B]31mc[U+202E]d[U+0009]e[U+000A]f",
        expect.any(String),
        "198.51.100.7",
        "failure",
      ],
    ])
  })

  it("prints the events themselves as JSON, as an array or one a line, without a character that a terminal obeys", async () => {
    const page = await (await api.call("GET", `/api/v1/events?${mine}`)).json()
    const json = await search(mine, "--format", "json")
    expect(JSON.parse(json.out)).toEqual(page.events)
    const jsonl = await search(mine, "--format", "jsonl")
    expect(
      jsonl.out
        .trimEnd()
        .split("\n")
        .map(line => JSON.parse(line)),
    ).toEqual(page.events)
    for (const { out } of [json, jsonl]) expect(out).not.toMatch(/(?!\n)[\p{Cc}\u202e]/u)
  })

  it("prints the same CSV as the export, and with columns only those, guarded alike", async () => {
    const exported = await api.call("GET", `/api/v1/events/export?format=csv&${mine}`)
    // A decoder drops the byte order mark unless it is told not to.
    const whole = new TextDecoder("utf-8", { ignoreBOM: true }).decode(await exported.arrayBuffer())
    expect((await search(mine, "--format", "csv")).out).toBe(whole)
    const some = await search(mine, "--format", "csv", "--columns", "when, request,metadata.evil")
    expect(parse(some.out, { bom: true })).toEqual([
      ["When", "Request", "metadata.evil"],
      [`2026-11-20T${times[0]}Z`, "r-1", ""],
      [`2026-11-20T${times[1]}Z`, "'=r-2", evil],
      [`2026-11-20T${times[2]}Z`, "r-3", ""],
    ])
  })

  it.each([
    ["when,status", ["2026-11-20T10:00:00.123456Z", "success"]],
    ["app,operation", ["billing", "invoice.approve"]],
    ["actor.email,targets.1.id,targets.9.id,metadata", ["ada@acme.example", "8", "", "{}"]],
    ["actor.constructor,actor.__proto__", ["", ""]],
  ])("prints the columns that are asked for: %s", async (columns, cells) => {
    const { out } = await search(`${mine}&request=r-1`, "--columns", columns)
    expect(out.split("\n")[1]).toBe(cells.join("\t"))
  })
})

describe("a search in a terminal", () => {
  it.each([40, 80, 200])(
    "fits its table into %i characters, also with wide ones, and cuts visibly",
    async width => {
      const { out } = await run(["search", mine], { width })
      const all = out.trimEnd().split("\n")
      expect(all).toHaveLength(4)
      for (const line of all) expect(widthOf(line)).toBeLessThanOrEqual(width)
      expect(out).not.toMatch(/(?!\n)\p{Cc}/u)
      expect(all[2]).toContain("…")
      const place = all[0]?.indexOf("Who") ?? 0
      expect(all.map(line => line.slice(place - 2, place + 1))).toEqual(["  W", "  A", "  a", "  A"])
    },
  )

  it("obeys nothing of a CSV", async () => {
    const { out } = await run(["search", mine, "--format", "csv"], { width: 80 })
    expect(out).not.toMatch(/(?![\r\n\ufeff])[\p{Cc}\u202e]/u)
    expect(out).toContain("[U+001B]")
  })
})

describe("how much is printed", () => {
  it.each<[string, readonly string[], number]>([
    [mine, [], 3],
    [mine, ["--limit", "2"], 2],
    [`${mine}&limit=1`, [], 1],
    ["-actor=ada&app=billing&from=2026-11-20", [], 2],
    ["?status=failure&app=billing&window=all", [], 2],
    ["", ["--window", "all", "--limit", "1"], 1],
  ])("%j %j: %i events", async (query, options, count) => {
    const { code, out } = await search(query, "--format", "jsonl", ...options)
    expect([code, out.split("\n").length - 1]).toEqual([0, count])
  })

  it("says that nothing was found, and in which time, apart from the output", async () => {
    for (const [format, out] of [
      ["table", ""],
      ["jsonl", ""],
      ["json", "[]\n"],
    ] as const) {
      const ran = await search("actor=nobody&from=2026-11-20&to=2026-11-20", "--format", format)
      expect(ran).toEqual({
        code: 1,
        out,
        err: "Nothing found from 2026-11-20T00:00:00.000000Z to 2026-11-21T00:00:00.000000Z.\n",
      })
    }
  })
})

describe("following", () => {
  it("prints what was recorded meanwhile, until as many were printed as were asked for", async () => {
    let added = 0
    const ran = await run(
      [
        "search",
        `${mine.replace("&order=oldest", "")}&request=r-1&request=new`,
        "--follow",
        "--limit",
        "2",
        "--format",
        "jsonl",
      ],
      {
        onWrite: async () => {
          if (added++ > 0) return
          const late = anEvent({ requestId: "new", occurredAt: "2026-11-20T01:00:00Z" })
          expect((await api.call("POST", "/api/v1/events", { body: JSON.stringify(late) })).status).toBe(201)
        },
      },
    )
    expect(ran.code).toBe(0)
    expect(
      ran.out
        .trimEnd()
        .split("\n")
        .map(line => JSON.parse(line).requestId),
    ).toEqual(["r-1", "new"])
  })
})

describe("what is not understood ends with 2, before anything is printed", () => {
  it.each<[string, readonly string[], string]>([
    ["no command", [], "npm run"],
    ["another command", ["find"], "There is no command find"],
    ["an unquoted query", ["search", "status=failure", "actor=ada"], "in quotes"],
    ["an unknown option", ["search", "--colour"], "--colour"],
    ["an unknown format", ["search", "--format", "xml"], "table, json, jsonl, csv"],
    ["an unknown column", ["search", "--columns", "when,colour"], "colour is no column"],
    ["an empty column", ["search", "--columns", "when,"], "an empty name"],
    ["columns of whole events", ["search", "--columns", "when", "--format", "jsonl"], "table and csv"],
    ["an endless array", ["search", "--follow", "--format", "json"], "jsonl"],
    ["a limit that is none", ["search", "--limit", "0"], "--limit must be"],
    ["two limits", ["search", "limit=3", "--limit", "2"], "leave --limit out"],
    ["two windows", ["search", "window=1h", "--window", "7d"], "leave --window out"],
    ["a url that is none", ["search", "--url", "nowhere"], "--url nowhere"],
    ["a field that is none", ["search", "colour=red"], "/colour is no parameter"],
    ["a value that is none", ["search", "status=maybe"], '/status "maybe" is none of'],
    ["a window that is none", ["search", "--window", "7days"], '/window "7days" is none of'],
    ["a window and dates", ["search", "from=2026-01-01", "--window", "7d"], "cannot stand beside"],
    ["text that is not UTF-8", ["search", "text=%ff"], "is not UTF-8"],
    ["an order in which nothing can be followed", ["search", "order=newest", "--follow"], "recorded order"],
    ["control characters", ["search", "status=\u001b[2J"], "\\u001b[2J"],
  ])("%s", async (_, args, message) => {
    const { code, out, err } = await run(args)
    expect(code).toBe(2)
    expect(out + err).toContain(message)
    if (args.length > 0) expect(out).toBe("")
    expect(err).not.toContain("\u001b")
  })

  it("help is given without a key", async () => {
    const ran = await run(["search", "--help"], { key: "" })
    expect([ran.code, ran.err]).toEqual([0, ""])
    expect(ran.out).toContain("--columns")
  })

  it("a missing key is named", async () => {
    expect(await run(["search"], { key: "" })).toMatchObject({
      code: 2,
      err: expect.stringContaining("AUDITORIUM_KEY"),
    })
  })
})

describe("a server that was not reached, or refuses the key, ends with 3", () => {
  it("because it is not there", async () => {
    const ran = await run(["search", "--patience", "0"], { url: "http://127.0.0.1:9" })
    expect(ran).toMatchObject({
      code: 3,
      out: "",
      err: expect.stringContaining("http://127.0.0.1:9 cannot be reached"),
    })
  })

  it("because the key is unknown, or may not read the log", async () => {
    const unknown = await run(["search"], { key: "aud_live_nonsense" })
    expect(unknown).toMatchObject({ code: 3, out: "", err: expect.stringContaining("answered 401") })
    expect(unknown.err).not.toContain("nonsense")
    const producer = await api.tenant.makeKey(["LOG-INGESTION"])
    expect(await run(["search"], { key: producer })).toMatchObject({
      code: 3,
      err: expect.stringContaining("LOG-OWN"),
    })
  })

  it("because another server answers, or it fails in the middle: then no array is closed", async () => {
    const server = await startApiServer()
    try {
      server.answer = () => ({ status: 200, headers: { "content-type": "text/html" }, body: "<p>" })
      expect(await run(["search"], { url: server.url })).toMatchObject({ code: 3, out: "" })
      server.replies.push(pageOf([{ id: "e" }], { nextCursor: "c" }), problem(500, "internal"))
      const cut = await run(["search", "--format", "json"], { url: server.url })
      expect(cut).toMatchObject({
        code: 3,
        out: '[\n{"id":"e"}',
        err: expect.stringContaining("answered 500"),
      })
    } finally {
      await server.stop()
    }
  })
})

it("a reader that has gone ends the search quietly, as head does", async () => {
  const server = await startApiServer()
  try {
    server.answer = () =>
      pageOf(
        Array.from({ length: 100 }, (_, index) => ({ id: "x".repeat(1_000), index })),
        { nextCursor: "c" },
      )
    const command = await compiledScript("scripts/auditorium.ts")
    const child = spawn(process.execPath, [command, "search", "--format", "jsonl"], {
      env: { ...process.env, AUDITORIUM_KEY: "aud_test", AUDITORIUM_URL: server.url },
      stdio: ["ignore", "pipe", "pipe"],
    })
    let err = ""
    child.stderr.on("data", text => {
      err += text
    })
    child.stdout.once("data", () => child.stdout.destroy())
    const code = await new Promise(resolve => child.once("close", resolve))
    expect([code, err]).toEqual([0, ""])
  } finally {
    await server.stop()
  }
})
