import { readdirSync, readFileSync } from "node:fs"
import path from "node:path"
import { Webhook } from "standardwebhooks"
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { execute } from "@/lib/operations/core/execute"
import { job } from "@/lib/operations/fixtures/access"
import { eventsOf, home, setUpHome } from "@/lib/operations/fixtures/home"
import { codeOf, refusalOf } from "@/lib/operations/fixtures/refusals"
import { db, platform } from "@/test/platform"
import { type Receiver, startReceiver } from "./fixtures/receiver"
import { allowHere, makeWebhook, newSecret } from "./fixtures/sinks"
import { testSink } from "./test"

setUpHome(beforeAll, allowHere)

let receiver: Receiver
beforeAll(async () => {
  receiver = await startReceiver()
})
afterAll(() => receiver.close())
beforeEach(() => {
  receiver.got.length = 0
  receiver.reply = () => ({ status: 204 })
})

const draftTo = (url: string, members: object = {}) => ({
  draft: { kind: "webhook", settings: { url }, credentials: { secret: newSecret() }, ...members },
})

describe("a test send", () => {
  test("of a stored sink sends one made-up event, signed as any other, and shows exactly what was sent", async () => {
    const secret = newSecret()
    const { id, name } = await makeWebhook(job(home), `${receiver.url}/hook?x=1`, { credentials: { secret } })
    const tested = await execute(testSink, job(home), { id })
    expect(tested).toMatchObject({ taken: true, answer: expect.stringContaining("204") })
    const [got, ...others] = receiver.got
    expect(others).toEqual([])
    expect(got && new Webhook(secret).verify(got.body, got.headers as Record<string, string>)).toBeTruthy()
    expect(tested.sent).toContain(got?.body)
    expect(tested.sent).toMatch(/^POST \/hook\?x=1\n/)
    const { data } = JSON.parse(got?.body ?? "")
    expect(data.events).toMatchObject([
      { operation: "sink.test", metadata: { test: true }, targets: [{ type: "sink", id, name }] },
    ])
  })

  test("sends nothing of the log, moves no cursor, and leaves an event that says who tested", async () => {
    const { id } = await makeWebhook(job(home), receiver.url, { begin: { at: "beginning" } })
    await execute(testSink, job(home), { id })
    expect(receiver.got).toHaveLength(1)
    const { rows } = await db.superuser.query(
      "SELECT next_index, taken, claims FROM sink_cursor WHERE sink_id = $1",
      [id],
    )
    expect(rows).toEqual([{ next_index: "0", taken: "0", claims: 0 }])
    const [event] = (await eventsOf("sink.test")).slice(-1)
    expect(event).toMatchObject({
      status: "success",
      targets: [{ type: "sink", id }],
      metadata: { taken: true },
    })
  })

  test("of a draft stores nothing", async () => {
    expect(await execute(testSink, job(home), draftTo(receiver.url))).toMatchObject({ taken: true })
    const { rows } = await db.superuser.query("SELECT 1 FROM sink WHERE organization_id = $1 AND name = ''", [
      home.id,
    ])
    expect(rows).toEqual([])
    expect(receiver.got).toHaveLength(1)
  })

  test("of a change uses the stored credentials for the same host only", async () => {
    const secret = newSecret()
    const { id } = await makeWebhook(job(home), receiver.url, { credentials: { secret } })
    const draft = { kind: "webhook", settings: { url: `${receiver.url}/new` } }
    await execute(testSink, job(home), { id, draft })
    const [got] = receiver.got
    expect(got?.url).toBe("/new")
    expect(got && new Webhook(secret).verify(got.body, got.headers as Record<string, string>)).toBeTruthy()
    const elsewhere = { ...draft, settings: { url: receiver.url.replace("127.0.0.1", "127.0.0.2") } }
    expect(await refusalOf(execute(testSink, job(home), { id, draft: elsewhere }))).toContain(
      "/credentials/secret",
    )
    expect(receiver.got).toHaveLength(1)
  })

  test("leaves out what the sink leaves out", async () => {
    await execute(testSink, job(home), draftTo(receiver.url, { redactIdentity: true, omit: ["source"] }))
    const event = JSON.parse(receiver.got[0]?.body ?? "").data.events[0]
    expect(event.actor).toMatchObject({ id: "redacted" })
    expect(event.source).toBeUndefined()
  })
})

describe("what came of it is said in words", () => {
  test.each([400, 401, 404, 410, 429, 500, 503, 302])("when the receiver answers %i", async status => {
    receiver.reply = () => ({ status, body: "No way, José", headers: { location: "http://127.0.0.1:1/" } })
    const tested = await execute(testSink, job(home), draftTo(receiver.url))
    expect(tested.taken).toBe(false)
    expect(tested.answer).toContain(String(status))
    expect(receiver.got).toHaveLength(1)
  })

  test("at most one KiB of the answer is shown, and nothing that the receiver repeats of our credentials", async () => {
    const secret = newSecret()
    receiver.reply = () => ({ status: 400, body: `You sent ${secret} ${"x".repeat(5_000)}` })
    const draft = draftTo(receiver.url, { credentials: { secret } })
    const { answer } = await execute(testSink, job(home), draft)
    expect(answer).not.toContain(secret)
    expect(Buffer.byteLength(answer)).toBeLessThan(3 * 1_024)
  })

  test("when nobody listens there", async () => {
    const tested = await execute(testSink, job(home), draftTo("http://127.0.0.1:1/"))
    expect(tested).toMatchObject({ taken: false, answer: expect.stringMatching(/\w{3,}/) })
  })

  test("when the address is refused nothing is sent, and the test is not even begun", async () => {
    expect(
      await refusalOf(execute(testSink, job(home), draftTo("http://169.254.169.254/latest/meta-data"))),
    ).toBe("invalid /settings/url")
  })
})

test("a test of a file or of the standard output shows the line, apart from the files of the sink itself", async () => {
  const written: string[] = []
  const { write } = process.stdout
  process.stdout.write = ((chunk: string | Uint8Array, ...rest: unknown[]) => {
    written.push(String(chunk))
    // The output of the tests itself stays as it is.
    return Reflect.apply(write, process.stdout, ["", ...rest])
  }) as typeof write
  try {
    const lines = await execute(testSink, job(home), { draft: { kind: "stdout", settings: {} } })
    expect(JSON.parse(lines.sent)).toBeTruthy()
    expect(written.join("")).toContain(lines.sent.trimEnd())
  } finally {
    process.stdout.write = write
  }
  const file = await execute(testSink, job(home), { draft: { kind: "file", settings: {} } })
  expect(file.taken).toBe(true)
  const folder = path.join(platform.env.dataDirectory, "sinks", home.id)
  const [own, ...others] = readdirSync(folder)
  expect(others).toEqual([])
  expect(own).toMatch(/^test-/)
  const files = readdirSync(path.join(folder, own ?? ""), { recursive: true, withFileTypes: true }).filter(
    each => each.isFile(),
  )
  const text = files.map(each => readFileSync(path.join(each.parentPath, each.name), "utf8")).join("")
  expect(text).toContain(file.sent.trimEnd())
})

test("a test of nothing, and more tests than within reason, are refused", async () => {
  expect(await codeOf(execute(testSink, job(home), {}))).toBe("invalid")
  const ends = []
  for (let count = 0; count < 31; count++)
    ends.push(await codeOf(execute(testSink, job(home), draftTo(receiver.url))))
  expect(ends.at(-1)).toBe("rate-limited")
})
