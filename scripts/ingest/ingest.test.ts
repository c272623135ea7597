import { existsSync } from "node:fs"
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import { gzipSync } from "node:zlib"
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { type Api, anEvent, lines, readLog, startApi, type Tenant } from "@/app/api/fixtures/api"
import { ingest } from "./command"
import { type HttpApi, serve, type Trouble } from "./fixtures/server"

let api: Api
let http: HttpApi
let tenant: Tenant
let folder: string

beforeAll(async () => {
  api = await startApi()
  http = await serve(api)
})
afterAll(async () => {
  await http?.close()
  await api?.close()
})
beforeEach(async () => {
  tenant = await api.makeTenant()
  folder = await mkdtemp(path.join(tmpdir(), "auditorium-ingest-"))
})
afterEach(async () => {
  http.troubles.length = 0
  await rm(folder, { recursive: true, force: true })
})

interface Ran {
  readonly code: number
  readonly out: string
  readonly err: string
}

async function run(...args: string[]): Promise<Ran> {
  return runWith({ AUDITORIUM_KEY: tenant.key, AUDITORIUM_URL: http.url }, ...args)
}

async function runWith(variables: Record<string, string>, ...args: string[]): Promise<Ran> {
  const out: string[] = []
  const err: string[] = []
  const code = await ingest(args, {
    variables,
    out: line => out.push(line),
    err: { write: text => err.push(text) },
  })
  return { code, out: out.join("\n"), err: err.join("") }
}

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const at = path.join(folder, name)
  await writeFile(at, content)
  return at
}

/** The events of the tenant's log that came from outside. */
async function stored() {
  const log = await readLog(api, tenant.organization)
  return log.filter(event => event.appId === tenant.apps[0]?.id)
}

const someEvents = (count: number) =>
  Array.from({ length: count }, (_, number) => anEvent({ requestId: `r-${number}` }))
const fixture = (name: string) => path.join(import.meta.dirname, "../../lib/formats/fixtures", name)

describe("a file that is sent", () => {
  test("is kept whole, in its order, and leaves no state behind", async () => {
    const events = someEvents(7)
    const at = await file("events.ndjson", lines(events))
    const ran = await run(at, "--batch", "3")
    expect(ran).toMatchObject({ code: 0, out: `${at}: 7 read, 7 accepted, 0 duplicate, 0 rejected` })
    expect(ran.err).toContain("Sending to Acme Robotics, app Billing")
    expect((await stored()).map(event => event.requestId)).toEqual(events.map(event => event.requestId))
    expect(existsSync(`${at}.auditorium-progress`)).toBe(false)
  })

  test("twice adds nothing, though its events have no ids of their own", async () => {
    const at = await file("events.ndjson", lines([...someEvents(3), { ...anEvent(), occurredAt: undefined }]))
    await run(at)
    const again = await run(at)
    expect(again).toMatchObject({ code: 0, out: `${at}: 4 read, 0 accepted, 4 duplicate, 0 rejected` })
    expect(await stored()).toHaveLength(4)
  })

  test("may be packed, begin with a byte order mark, have blank lines and Windows line ends, and no last line end", async () => {
    const [one, two] = someEvents(2).map(event => JSON.stringify(event))
    const at = await file("events.ndjson.gz", gzipSync(`\ufeff${one}\r\n\r\n${two}`))
    expect(await run(at)).toMatchObject({
      code: 0,
      out: `${at}: 2 read, 2 accepted, 0 duplicate, 0 rejected`,
    })
  })

  test("may be one array over many lines, or empty", async () => {
    const array = await file("events.json", JSON.stringify(someEvents(2), null, 2))
    const empty = await file("empty.ndjson", "\n")
    expect(await run(array, empty)).toMatchObject({
      code: 0,
      out: `${array}: 2 read, 2 accepted, 0 duplicate, 0 rejected\n${empty}: 0 read, 0 accepted, 0 duplicate, 0 rejected`,
    })
  })

  test.each([
    ["clarifai.json", 3],
    ["clearml.jsonl", 2],
    ["cloudtrail.json", 5],
  ])(
    "of another system, %s, gives as many events as it has records, to the microsecond and with the original",
    async (name, count) => {
      expect(await run(fixture(name))).toMatchObject({ code: 0 })
      const events = await stored()
      expect(events).toHaveLength(count)
      const text = await readFile(fixture(name), "utf8")
      const times = [...text.matchAll(/"(?:@timestamp|timestamp|eventTime)": ?"([^"]+)"/g)].map(
        match => match[1] ?? "",
      )
      const digits = (time: string) => time.replace(" ", "T").replace(/Z$/, "").padEnd(19, "0")
      for (const [index, event] of events.entries()) {
        expect(event.occurredAt.startsWith(digits(times[index] ?? "missing"))).toBe(true)
        expect(event.rawFormat).toBe(name.replace(/\..*/, ""))
      }
      expect(await run(fixture(name))).toMatchObject({
        code: 0,
        out: expect.stringContaining(`0 accepted, ${count} duplicate`),
      })
    },
  )
})

test("an export can be sent to another organization, and tells the same there", async () => {
  await run(
    await file(
      "events.ndjson",
      lines([...someEvents(2), { ...anEvent(), occurredAt: "2026-11-20T10:00:00+01:00" }]),
    ),
  )
  await run(fixture("clearml.jsonl"))
  const key = await tenant.makeKey(["LOG-MANAGEMENT"])
  const address =
    "/api/v1/events/export?format=jsonl&from=2000-01-01&to=2100-01-01&app=billing&order=recorded"
  const exported = await (await api.call("GET", address, { key })).text()
  const before = await stored()
  expect(exported.trimEnd().split("\n")).toHaveLength(before.length)

  tenant = await api.makeTenant()
  expect(await run(await file("export.jsonl", exported))).toMatchObject({
    code: 0,
    out: expect.stringContaining("5 accepted"),
  })
  const after = await stored()
  const told = (event: (typeof after)[number]) => ({
    ...event,
    organizationId: "",
    appId: "",
    receivedAt: "",
    index: 0,
    leafHash: "",
    rawWithheld: "",
  })
  expect(after.map(told)).toEqual(before.map(told))
})

describe("what is not kept", () => {
  test("is said with its line and pointer, and the rest is kept", async () => {
    const good = JSON.stringify(anEvent())
    const bad = JSON.stringify(anEvent({ actor: { type: "user" }, status: "ok" }))
    const twice = good.replace("{", '{"status":"failure",')
    const at = await file("events.ndjson", [good, bad, '{"operation":', "7", twice, good].join("\n"))
    const ran = await run(at)
    expect(ran.code).toBe(1)
    expect(ran.out.split("\n")).toEqual([
      `${at}: line 2: rejected: /actor/id is required`,
      `${at}: line 2: rejected: /status must be one of success, failure, denied, unknown`,
      `${at}: line 3: rejected: Not valid JSON at line 1, column 14: expected a value, found the end of the text.`,
      `${at}: line 4: rejected: must be an object`,
      `${at}: line 5: rejected: /status stands more than once in its object`,
      `${at}: 6 read, 2 accepted, 0 duplicate, 4 rejected`,
    ])
    expect(await stored()).toHaveLength(2)
  })

  test("is an event whose id was used for another", async () => {
    const id = "919108f7-52d1-4320-9bac-f847db4148a8"
    const at = await file("events.ndjson", lines([anEvent({ id }), anEvent({ id })]))
    const ran = await run(at)
    expect(ran.code).toBe(1)
    expect(ran.out).toContain(
      "line 2: rejected: /id names an event that was sent before with another content",
    )
  })

  test("is a line that is not UTF-8, or too long", async () => {
    const good = `${JSON.stringify(anEvent())}\n`
    const at = await file(
      "events.ndjson",
      Buffer.concat([
        Buffer.from(good),
        Buffer.from([0x22, 0xff, 0x22, 0x0a]),
        Buffer.alloc(17 * 1024 * 1024, "x"),
        Buffer.from(`\n${good}`),
      ]),
    )
    const { code, out } = await run(at)
    expect(code).toBe(1)
    expect(out).toContain("line 2: rejected: Not valid UTF-8: the first wrong byte is at offset 1.")
    expect(out).toContain("line 3: rejected: The line is longer than 16 MiB.")
    expect(out).toContain("4 read, 2 accepted, 0 duplicate, 2 rejected")
  })

  test("is a file that cannot be read, and the next file is sent all the same", async () => {
    const broken = await file("broken.json", '{\n "status": {"code": 10000},\n "entries": [')
    const refused = await file("refused.json", '{"status":{"code":11102,\n"description":"Invalid request"}}')
    const cut = await file("cut.ndjson.gz", gzipSync(lines(someEvents(500))).subarray(0, 200))
    const strange = await file("strange.json", '[{"some":\n"thing"}]')
    const torn = await file("torn.ndjson", `rotated\n${lines(someEvents(2))}{"operation":"a`)
    const good = await file("good.ndjson", lines(someEvents(1)))
    const { code, out } = await run(broken, refused, cut, strange, torn, good)
    expect(code).toBe(1)
    expect(out).toContain(`${broken}: rejected: Not valid JSON at line 3`)
    expect(out).toContain(`${refused}: rejected: Clarifai answered: Invalid request (11102).`)
    expect(out).toContain(`${cut}: line 1: the file breaks off here: unexpected end of file`)
    expect(out).toContain(`${strange}: rejected: No known format looks like this file`)
    expect(out).toContain(`${torn}: line 1: rejected: Not valid JSON`)
    expect(out).toContain(`${torn}: line 4: rejected: Not valid JSON`)
    expect(out).toContain(`${torn}: 4 read, 2 accepted, 0 duplicate, 2 rejected`)
    for (const nothing of [broken, refused, strange]) expect(out).toContain(`${nothing}: 0 read, 0 accepted`)
    expect(out).toContain(`${good}: 1 read, 1 accepted`)
  })
})

describe("a server in trouble", () => {
  test.each<[string, Trouble]>([
    ["says later, and when", { status: 429, headers: { "retry-after": "0" } }],
    ["says later by a date", { status: 503, headers: { "retry-after": new Date(0).toUTCString() } }],
    ["fails", { status: 500, body: "<h1>Oops</h1>" }],
    ["is behind a proxy that times out", { status: 504 }],
    ["hangs up", "hang up"],
    ["stores the events, but its answer is lost", "lose the answer"],
  ])("that %s is asked again, and every event is there once", async (_, trouble) => {
    http.troubles.push(trouble)
    const at = await file("events.ndjson", lines(someEvents(5)))
    const ran = await run(at, "--batch", "2")
    expect(ran.code).toBe(0)
    expect(ran.err).toContain("trying again in")
    const log = await stored()
    expect(log.map(event => event.requestId)).toEqual(["r-0", "r-1", "r-2", "r-3", "r-4"])
  })

  test("that says later is asked no sooner", async () => {
    http.troubles.push({ status: 503, headers: { "retry-after": "1" } })
    const startedMs = performance.now()
    expect(await run(await file("events.ndjson", lines(someEvents(1))))).toMatchObject({ code: 0 })
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(1000)
  })

  test("that finds a batch too large gets halves of it", async () => {
    http.troubles.push({ status: 413, body: '{"detail":"too much"}' })
    const at = await file("events.ndjson", lines(someEvents(5)))
    expect(await run(at)).toMatchObject({ code: 0, out: expect.stringContaining("5 accepted") })
  })

  test("that stands behind a proxy with a smaller limit gets halves, and the person is told what to change", async () => {
    const page = { status: 413, body: "<html><h1>413 Request Entity Too Large</h1><hr>nginx</html>" } as const
    http.troubles.push(page, page)
    const ran = await run(await file("events.ndjson", lines(someEvents(5))))
    expect(ran).toMatchObject({ code: 0, out: expect.stringContaining("5 accepted") })
    expect(ran.err.match(/client_max_body_size/g)).toHaveLength(1)
    http.troubles.push(page)
    const refused = await run(await file("one.ndjson", lines(someEvents(1))))
    expect(refused.code).not.toBe(0)
    expect(refused.err).toMatch(/a proxy before it takes no bodies of this size.*client_max_body_size/)
    expect(refused.err).not.toContain("is it an Auditorium server")
  })

  test("that stays away ends the command, which later goes on where it was", async () => {
    const events = someEvents(6)
    const at = await file("events.ndjson", lines(events))
    const before = http.sent()
    http.troubles.push(...lastOnly(2, "hang up"))
    const ran = await run(at, "--batch", "2", "--patience", "0")
    expect(ran.code).toBe(3)
    expect(ran.err).toContain("cannot be reached")
    expect(await stored()).toHaveLength(2)
    const again = await run(at, "--batch", "2")
    expect(again).toMatchObject({
      code: 0,
      out: `${at}: 4 read, 4 accepted, 0 duplicate, 0 rejected, 2 sent earlier`,
    })
    expect(http.sent() - before).toBe(4)
    expect((await stored()).map(event => event.requestId)).toEqual(events.map(event => event.requestId))
  })

  test("goes on with the same ids for equal records without one", async () => {
    const event = { ...anEvent(), requestId: undefined }
    const at = await file("events.ndjson", lines([event, event, event, event]))
    http.troubles.push(...lastOnly(2, "hang up"))
    expect(await run(at, "--batch", "2", "--patience", "0")).toMatchObject({ code: 3 })
    expect(await run(at, "--batch", "2")).toMatchObject({
      code: 0,
      out: expect.stringContaining("2 accepted, 0 duplicate"),
    })
    expect(await stored()).toHaveLength(4)
  })

  test("does not go on in another file of the same name, nor in another app", async () => {
    const at = await file("events.ndjson", lines(someEvents(4)))
    http.troubles.push(...lastOnly(2, "hang up"))
    expect(await run(at, "--batch", "2", "--patience", "0")).toMatchObject({ code: 3 })
    const otherKey = await tenant.makeKey(["LOG-INGESTION"], "vision")
    expect(await run(at, "--key", otherKey)).toMatchObject({
      code: 0,
      out: expect.stringContaining("4 accepted"),
    })

    http.troubles.push(...lastOnly(2, "hang up"))
    expect(await run(at, "--batch", "2", "--patience", "0")).toMatchObject({ code: 3 })
    await writeFile(at, lines(someEvents(3)))
    expect(await run(at)).toMatchObject({
      code: 0,
      out: `${at}: 3 read, 3 accepted, 0 duplicate, 0 rejected`,
    })
  })

  test("and a folder that cannot be written do not stop the sending", async () => {
    const at = await file("events.ndjson", lines(someEvents(2)))
    const ran = await run(at, "--state", path.join(folder, "missing", "state"), "--batch", "1")
    expect(ran).toMatchObject({ code: 0, out: expect.stringContaining("2 accepted") })
    expect(ran.err.match(/Progress is not kept/g)).toHaveLength(1)
  })

  /** No trouble at first, then one. */
  function lastOnly(position: number, trouble: Trouble): Trouble[] {
    return [...Array<Trouble>(position - 1).fill("none"), trouble]
  }
})

describe("what is refused before anything is sent", () => {
  test.each([
    ["no file", [], "No file was named."],
    ["a file that is not there", ["/nonexistent/events.ndjson"], "is not there"],
    ["a folder", [tmpdir()], "is not a file"],
    ["an unknown option", ["x", "--fast"], "--fast"],
    ["an unknown format", ["x", "--format", "csv"], "--format csv is not known"],
    ["a batch of none", ["x", "--batch", "0"], "--batch must be a whole number from 1 to 1000"],
    ["an address that is none", ["x", "--url", "localhost:3000"], "is no http(s) address"],
    ["one state for two files", ["x", "y", "--state", "s"], "--state goes with one file only"],
  ])("%s", async (_, args, message) => {
    const ran = await run(...args)
    expect(ran.code).toBe(2)
    expect(ran.err).toContain(message)
    expect(ran.err).toContain("--help")
  })

  test("a missing key, a wrong key and a key that may not send", async () => {
    const at = await file("events.ndjson", lines(someEvents(1)))
    expect(await runWith({ AUDITORIUM_URL: http.url }, at)).toMatchObject({
      code: 2,
      err: expect.stringContaining("AUDITORIUM_KEY"),
    })
    expect(await run(at, "--key", "wrong")).toMatchObject({
      code: 2,
      err: expect.stringContaining("answered 401"),
    })
    expect(await run(at, "--key", "wröng")).toMatchObject({
      code: 2,
      err: expect.stringContaining("no key has"),
    })
    const readOnly = await tenant.makeKey(["LOG-MANAGEMENT"])
    expect(await run(at, "--key", readOnly)).toMatchObject({
      code: 2,
      err: expect.stringContaining("no LOG-INGESTION"),
    })
    expect(await stored()).toEqual([])
  })

  test("a server that is not there", async () => {
    const at = await file("events.ndjson", lines(someEvents(1)))
    const ran = await run(at, "--url", "http://127.0.0.1:9", "--patience", "0")
    expect(ran.code).toBe(3)
    expect(ran.err).toContain("http://127.0.0.1:9 cannot be reached")
  })

  test("help is given without a key", async () => {
    expect(await runWith({}, "--help")).toMatchObject({
      code: 0,
      out: expect.stringContaining("npm run ingest -- FILE..."),
    })
  })
})

test("the key is never printed", async () => {
  const at = await file("events.ndjson", `${lines(someEvents(1))}{"bad":1}\n`)
  http.troubles.push("hang up")
  const { out, err } = await run(at, "--key", tenant.key)
  expect(out + err).not.toContain(tenant.key)
})
