import { randomUUID } from "node:crypto"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { Api, Sent } from "@/app/api/fixtures/api"
import { anEvent, lines, readSent, startApi, zipped } from "@/app/api/fixtures/api"
import { batchProblem, batchResult, problem, receipt } from "@/lib/operations/openapi/openapi-schemas"

let api: Api
beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api.close())

async function post(body: unknown, sent: Sent = {}) {
  const given = typeof body === "string" || body instanceof Uint8Array ? body : JSON.stringify(body)
  const response = await api.call("POST", "/api/v1/events", { body: given as BodyInit, ...sent })
  return { status: response.status, headers: response.headers, body: await response.json() }
}

const ndjson = { type: "application/x-ndjson" }
const kept = async () => (await readSent(api)).length

describe("a single event", () => {
  test("is 201 with its number and seal, and then in the log as it was sent", async () => {
    const event = anEvent({ id: randomUUID() })
    const { status, body } = await post(event)
    expect(status).toBe(201)
    expect(receipt.parse(body)).toMatchObject({ outcome: "accepted", id: event.id })
    const [stored] = (await readSent(api)).slice(-1)
    expect(stored).toMatchObject(
      event.id ? { ...event, source: { ip: "198.51.100.7", ipText: "198.51.100.7" } } : {},
    )
    expect(stored?.appId).toBe(api.tenant.apps[0]?.id)
  })

  test("sent again, because the answer was lost, is 200 with the same number and seal", async () => {
    const event = anEvent({ id: randomUUID() })
    const { body: first } = await post(event)
    const { status, body: second } = await post(event)
    expect(status).toBe(200)
    expect(second).toEqual({ ...first, outcome: "duplicate" })
  })

  test("with the id of another is 409 and changes nothing", async () => {
    const id = randomUUID()
    await post(anEvent({ id, description: "First" }))
    const before = await readSent(api)
    const { status, body } = await post(anEvent({ id, description: "Second" }))
    expect([status, problem.parse(body).code, body.errors[0].pointer]).toEqual([409, "conflict", "/id"])
    expect(await readSent(api)).toEqual(before)
  })

  test("that is not acceptable is 422 with a pointer for every fault", async () => {
    const { status, body } = await post({
      operation: "Not An Operation",
      status: "maybe",
      actor: { type: "user" },
    })
    expect(status).toBe(422)
    const pointers = problem.parse(body).errors?.map(error => error.pointer)
    expect(pointers?.sort()).toEqual(["/actor/id", "/operation", "/status"])
  })

  test.each(["organizationId", "appId", "receivedAt", "index", "leafHash", "org_id", "leaf_hash", "isAdmin"])(
    "cannot set %s: refused with a pointer to it",
    async field => {
      const before = await kept()
      const { status, body } = await post(anEvent({ [field]: "x" }))
      expect([status, body.errors[0].pointer]).toEqual([422, `/${field}`])
      expect(await kept()).toBe(before)
    },
  )

  test("with a clock far off is kept as it says, and one without a zone says so", async () => {
    for (const occurredAt of ["2036-11-20T10:00:00.000001Z", "2016-01-01T00:00:00Z", "2026-10-25T02:30:00"]) {
      expect((await post(anEvent({ occurredAt }))).status).toBe(201)
    }
    const stored = (await readSent(api)).slice(-3)
    expect(stored.map(event => event.occurredAt)).toEqual([
      "2036-11-20T10:00:00.000001Z",
      "2016-01-01T00:00:00.000000Z",
      "2026-10-25T02:30:00.000000Z",
    ])
    expect(stored.map(event => event.occurredAtAssumed)).toEqual(["none", "none", "zone"])
    const year = new Date().getUTCFullYear()
    expect(stored.every(event => event.receivedAt.startsWith(String(year)))).toBe(true)
  })

  test.each([
    "1969-12-31T23:59:59Z",
    "2200-01-01T00:00:00Z",
    "2026-11-20T10:00:00.1234567Z",
    "2016-12-31T23:59:60Z",
  ])("at %s is refused, not moved", async occurredAt => {
    const { status, body } = await post(anEvent({ occurredAt }))
    expect([status, body.errors[0].pointer]).toEqual([422, "/occurredAt"])
  })
})

describe("a batch", () => {
  test("answers every item in order, keeps the good ones, and is 201 when any was accepted", async () => {
    const id = randomUUID()
    await post(anEvent({ id, description: "Known" }))
    const before = await kept()
    const repeated = anEvent({ id: randomUUID() })
    const batch = [
      anEvent(),
      { operation: "x" },
      repeated,
      repeated,
      anEvent({ id, description: "Other" }),
      anEvent(),
      7,
    ]
    const { status, body } = await post(batch)
    expect(status).toBe(201)
    const { results, ...counts } = batchResult.parse(body)
    expect(results.map(result => result.outcome)).toEqual([
      "accepted",
      "rejected",
      "accepted",
      "duplicate",
      "conflict",
      "accepted",
      "rejected",
    ])
    expect(counts).toEqual({ accepted: 3, duplicates: 1, conflicts: 1, rejected: 2 })
    expect(await kept()).toBe(before + 3)
  })

  test("of duplicates only is 200", async () => {
    const batch = [anEvent({ id: randomUUID() }), anEvent({ id: randomUUID() })]
    const first = (await post(batch)).body
    const { status, body } = await post(batch)
    expect([status, body.duplicates]).toEqual([200, 2])
    expect(body.results.map((result: { leafHash: string }) => result.leafHash)).toEqual(
      first.results.map((result: { leafHash: string }) => result.leafHash),
    )
  })

  test("of which nothing was kept is 422, with a result for each", async () => {
    const { status, headers, body } = await post([{ operation: "x" }, null])
    expect([status, headers.get("content-type")]).toEqual([422, "application/problem+json; charset=utf-8"])
    expect(batchProblem.parse(body).results).toHaveLength(2)
  })

  test("points into the item, not into the array", async () => {
    const text = `[${JSON.stringify(anEvent())},{"operation":"a.b","metadata":{"n":9007199254740993,"n":1}}]`
    const { status, body } = await post(text)
    const pointers = body.results[1].errors.map((error: { pointer: string }) => error.pointer)
    expect([status, body.results[0].outcome]).toEqual([201, "accepted"])
    expect(pointers).toEqual(["/metadata/n", "/metadata/n"])
  })

  test("that is empty is refused", async () => {
    expect((await post("[]")).status).toBe(422)
    expect((await post("\n \r\n", ndjson)).status).toBe(422)
  })

  test("that is a broken array is 400 and nothing of it is kept", async () => {
    const before = await kept()
    const { status } = await post(JSON.stringify([anEvent(), anEvent()]).slice(0, -1))
    expect([status, await kept()]).toEqual([400, before])
  })

  test("one event a line: a broken, half or wrongly encoded line is that item's fault alone", async () => {
    const before = await kept()
    const good = JSON.stringify(anEvent())
    const bytes = Buffer.concat([
      Buffer.from(`${good}\r\n\n{"operation":\n`),
      Buffer.from([0x22, 0xff, 0xfe, 0x22, 0x0a]),
      Buffer.from(`${JSON.stringify(anEvent())}\n${good.slice(0, 40)}`),
    ])
    const { status, body } = await post(new Uint8Array(bytes), ndjson)
    expect(status).toBe(201)
    expect(body.results.map((result: { outcome: string }) => result.outcome)).toEqual([
      "accepted",
      "rejected",
      "rejected",
      "accepted",
      "rejected",
    ])
    expect(await kept()).toBe(before + 2)
  })

  test.each(["application/x-ndjson", "application/jsonl", "application/ndjson"])(
    "is taken as %s",
    async type => {
      expect((await post(lines([anEvent(), anEvent()]), { type })).body.accepted).toBe(2)
    },
  )
})

describe("the size of what is sent", () => {
  const filler = (bytes: number) => "x".repeat(bytes)

  test("of one event is at most 256 KiB", async () => {
    const chunk = filler(1_990)
    const details = Array.from({ length: 64 }, () => chunk)
    const changes = Array.from({ length: 64 }, (_, at) => ({ path: `/${at}`, before: chunk, after: chunk }))
    const { status, body } = await post(anEvent({ details, changes }))
    expect([status, body.code]).toEqual([413, "too-large"])
    const batch = await post([anEvent({ details, changes }), anEvent()])
    expect([batch.status, batch.body.results[0].code]).toEqual([201, "too-large"])
  })

  test("of a single body is at most 1 MiB", async () => {
    const text = `${JSON.stringify(anEvent()).slice(0, -1)}${" ".repeat(1024 * 1024)}}`
    expect((await post(text)).status).toBe(413)
  })

  test("of a batch is at most 5 MiB and 1,000 items, and a whole thousand is taken", async () => {
    const before = await kept()
    expect((await post(Array.from({ length: 1_001 }, () => anEvent()))).status).toBe(413)
    expect((await post(lines(Array.from({ length: 1_001 }, () => anEvent())), ndjson)).status).toBe(413)
    expect((await post(`[${filler(5 * 1024 * 1024)}]`)).status).toBe(413)
    expect(await kept()).toBe(before)
    const { status, body } = await post(Array.from({ length: 1_000 }, () => anEvent()))
    expect([status, body.accepted]).toEqual([201, 1_000])
  })

  test("counts unfolded: a zip bomb is 413, and nothing behind the limit is unfolded", async () => {
    const bomb = zipped(`[${filler(40_000_000)}]`)
    expect(bomb.byteLength).toBeLessThan(1024 * 1024)
    // Half of it is not gzip, which only a reader that continues beyond the limit finds: that would be 400.
    bomb.fill(0xff, bomb.byteLength / 2)
    const gzip = { headers: { "content-encoding": "gzip" } }
    expect((await post(bomb, gzip)).status).toBe(413)
    const small = zipped(`[${filler(100_000)}]`)
    small.fill(0xff, small.byteLength / 2)
    expect((await post(small, gzip)).status).toBe(400)
  })

  test("does not matter to gzip: a folded batch is taken", async () => {
    const sent = { headers: { "content-encoding": "gzip" }, ...ndjson }
    expect((await post(zipped(lines([anEvent(), anEvent()])), sent)).body.accepted).toBe(2)
  })
})

describe("a body that cannot be read", () => {
  test.each([
    ["nothing", "", 400],
    ["half an object", '{"operation":', 400],
    ["two objects", "{} {}", 400],
    ["bad UTF-8", new Uint8Array([0x7b, 0xff, 0x7d]), 400],
    ["a byte order mark", `\uFEFF${JSON.stringify(anEvent())}`, 422],
    ["a number", "1", 422],
    ["null", "null", 422],
    ["a depth of 10,000", `${"[".repeat(10_000)}${"]".repeat(10_000)}`, 400],
    ["a hundred thousand keys", `{${Array.from({ length: 100_000 }, (_, at) => `"k${at}":0`).join()}}`, 413],
    ["fifty thousand keys", `{${Array.from({ length: 50_000 }, (_, at) => `"k${at}":0`).join()}}`, 413],
    ["ten thousand unknown keys", `{${Array.from({ length: 10_000 }, (_, at) => `"k${at}":0`).join()}}`, 422],
  ])("%s", async (_, body, expected) => {
    const before = await kept()
    const { status, body: answer } = await post(body)
    expect(status).toBe(expected)
    expect(problem.parse(answer).errors?.length ?? 0).toBeLessThanOrEqual(101)
    expect(await kept()).toBe(before)
  })

  test("cut-off gzip is 400, an unknown encoding and type are 415", async () => {
    const folded = zipped(JSON.stringify(anEvent()))
    const gzip = { headers: { "content-encoding": "gzip" } }
    expect((await post(folded.subarray(0, folded.length - 10), gzip)).status).toBe(400)
    expect((await post("{}", { headers: { "content-encoding": "br" } })).status).toBe(415)
    expect((await post("{}", { type: "text/plain" })).status).toBe(415)
    expect((await post("{}", { type: "application/json; charset=latin1" })).status).toBe(415)
  })

  test("a sender who goes away half-way leaves nothing behind", async () => {
    const before = await kept()
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode(JSON.stringify(anEvent())))
      },
      pull(controller) {
        controller.error(new Error("aborted"))
      },
    })
    const response = await api.call("POST", "/api/v1/events", { body })
    expect([response.status, await kept()]).toEqual([400, before])
  })
})

describe("the same event a thousand times at once", () => {
  test("is one event with one answer, and another body under its id is refused", async () => {
    const before = await kept()
    const event = anEvent({ id: randomUUID() })
    const answers = await Promise.all(Array.from({ length: 1_000 }, () => post(event)))
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(999)
    expect(new Set(answers.map(({ body }) => `${body.index} ${body.leafHash}`)).size).toBe(1)
    expect((await post({ ...event, description: "Another" })).status).toBe(409)
    expect(await kept()).toBe(before + 1)
  })
})
