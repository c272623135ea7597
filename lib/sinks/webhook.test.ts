import { generateKeyPairSync, randomBytes, randomUUID, verify } from "node:crypto"
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http"
import { Webhook } from "standardwebhooks"
import { afterEach, describe, expect, it, test } from "vitest"
import { outbound } from "@/lib/outbound/guard"
import { listen } from "@/test/listen"
import { batchOf } from "@/test/sinks/batch"
import { SinkError } from "./sink"
import { webhook } from "./webhook"

const secret = `whsec_${randomBytes(24).toString("base64")}`
const secondSecret = `whsec_${randomBytes(64).toString("base64")}`

const batchWith = (events: number) => batchOf(Array.from({ length: events }, () => ({})))

interface Received {
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

const closing: { close(): Promise<void> }[] = []
afterEach(() => Promise.all(closing.splice(0).map(one => one.close())))

interface Receiving {
  readonly message?: "batch" | "event"
  readonly credentials?: Readonly<Record<string, string>>
  readonly now?: () => Date
}

type Answering = (response: ServerResponse, count: number) => void

/** A receiver, and a connection of the kind to it. */
async function receiver(
  answer: Answering = response => response.end(),
  { message = "batch", credentials = { secret }, now = () => new Date() }: Receiving = {},
) {
  const received: Received[] = []
  const server = createServer(async (request, response) => {
    const parts = []
    for await (const part of request) parts.push(part)
    received.push({ headers: request.headers, body: Buffer.concat(parts).toString() })
    answer(response, received.length)
  })
  const { port, close } = await listen(server)
  closing.push({ close })
  const settings = webhook.settings.parse({ url: `http://127.0.0.1:${port}/audit`, message })
  const way = outbound({ allow: [{ network: "127.0.0.1", port: null }] })
  const connection = await webhook.open({ settings, credentials, outbound: way, directory: null, now })
  const write = (batch = batchWith(3)) => connection.write(batch, new AbortController().signal)
  return { received, write, settings }
}

/** A clock that goes on by so many milliseconds each time it is read. */
function steps(startMs: number, stepMs: number): () => Date {
  let time = startMs
  return () => {
    time += stepMs
    return new Date(time)
  }
}

const only = <One>([one]: readonly One[]): One => {
  if (one === undefined) throw new Error("Nothing was received.")
  return one
}
const signedBy = ({ headers, body }: Received, key: string) => {
  const names = ["webhook-id", "webhook-timestamp", "webhook-signature"] as const
  const given = Object.fromEntries(names.map(name => [name, String(headers[name])]))
  return new Webhook(key).verify(body, given)
}

describe("a message", () => {
  it("holds the events of the batch, as they are, with their organization", async () => {
    const { received, write } = await receiver()
    const batch = batchWith(3)
    expect(await write(batch)).toEqual({ all: "taken" })
    const { headers, body } = only(received)
    expect(headers["content-type"]).toBe("application/json")
    expect(headers["webhook-id"]).toBe(batch.id)
    expect(JSON.parse(body)).toEqual({
      type: "audit.events",
      timestamp: batch.events.at(-1)?.event.receivedAt,
      data: { organization: batch.organization, events: batch.events.map(({ entry }) => entry) },
    })
    for (const { line } of batch.events) expect(body).toContain(line)
  })

  it("is accepted by a library of the specification with either secret, and with no other", async () => {
    const { received, write } = await receiver(undefined, { credentials: { secret, secondSecret } })
    await write()
    const message = only(received)
    expect(signedBy(message, secret)).toEqual(JSON.parse(message.body))
    expect(signedBy(message, secondSecret)).toEqual(JSON.parse(message.body))
    const other = `whsec_${randomBytes(24).toString("base64")}`
    expect(() => signedBy(message, other)).toThrow("No matching signature")
    expect(() => signedBy({ ...message, body: `${message.body} ` }, secret)).toThrow("No matching signature")
    const otherId = { ...message.headers, "webhook-id": "1" }
    expect(() => signedBy({ ...message, headers: otherId }, secret)).toThrow("No matching signature")
  })

  it("is refused by the library when it is older than five minutes", async () => {
    const longAgo = new Date(Date.now() - 6 * 60_000)
    const { received, write } = await receiver(undefined, { now: () => longAgo })
    await write()
    expect(() => signedBy(only(received), secret)).toThrow("too old")
  })

  it.each([32, 64])("is signed with an Ed25519 key of %i bytes as well (v1a)", async length => {
    const pair = generateKeyPairSync("ed25519")
    const seed = pair.privateKey.export({ format: "der", type: "pkcs8" }).subarray(-32)
    const publicBytes = pair.publicKey.export({ format: "der", type: "spki" }).subarray(-32)
    const bytes = length === 32 ? seed : Buffer.concat([seed, publicBytes])
    const privateKey = `whsk_${bytes.toString("base64")}`
    const { received, write } = await receiver(undefined, { credentials: { secret, privateKey } })
    await write()
    const { headers, body } = only(received)
    const [v1, v1a = ""] = String(headers["webhook-signature"]).split(" ")
    expect(v1).toMatch(/^v1,[\w+/]{43}=$/)
    const content = Buffer.from(`${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`)
    expect(v1a).toMatch(/^v1a,/)
    expect(verify(null, content, pair.publicKey, Buffer.from(v1a.slice(4), "base64"))).toBe(true)
    expect(signedBy({ headers, body }, secret)).toEqual(JSON.parse(body))
  })

  it("that is sent again has the same id and bytes, and a new time and signature", async () => {
    const now = steps(Date.now() - 10_000, 2_000)
    const { received, write } = await receiver(response => response.writeHead(503).end(), { now })
    const batch = batchWith(2)
    for (const _ of [1, 2]) await expect(write(batch)).rejects.toMatchObject({ trouble: "later" })
    const [first, second] = received
    expect(second?.headers["webhook-id"]).toBe(first?.headers["webhook-id"])
    expect(second?.body).toBe(first?.body)
    expect(second?.headers["webhook-timestamp"]).not.toBe(first?.headers["webhook-timestamp"])
    expect(second?.headers["webhook-signature"]).not.toBe(first?.headers["webhook-signature"])
    for (const message of received) expect(signedBy(message, secret)).toEqual(JSON.parse(message.body))
  })

  it("does not contain the secret, nor does any error", async () => {
    const { received, write } = await receiver((response, count) => {
      response.writeHead(count === 1 ? 401 : 422).end(`We know ${secret}.`)
    })
    const error = await write().catch(thrown => thrown)
    const refused = await write()
    expect(error).toMatchObject({ trouble: "configuration", message: "Answered 401: We know [secret]." })
    expect(JSON.stringify([received, refused, { ...error, message: error.message }])).not.toContain(
      secret.slice(6),
    )
  })
})

describe("an answer", () => {
  test.each([200, 201, 202, 204, 299])(
    "of %i says that all were taken, whatever its body is",
    async status => {
      const { write } = await receiver(response =>
        response.writeHead(status).end(status === 204 ? undefined : "<html>garbage"),
      )
      expect(await write()).toEqual({ all: "taken" })
    },
  )

  test.each([
    [410, "gone"],
    [401, "configuration"],
    [403, "configuration"],
    [404, "configuration"],
    [302, "configuration"],
    [408, "later"],
    [409, "later"],
    [425, "later"],
    [402, "configuration"],
    [407, "configuration"],
    [429, "later"],
    [500, "later"],
    [502, "later"],
  ])("of %i loses nothing: %s", async (status, trouble) => {
    const { write } = await receiver(response =>
      response.writeHead(status, { "retry-after": "7", location: "http://127.0.0.1:1/" }).end(),
    )
    await expect(write()).rejects.toMatchObject({ trouble, retryAfterMs: 7_000 })
  })

  test.each([400, 413, 415, 422])(
    "of %i refuses the events of the message, each with the reason",
    async status => {
      const { write } = await receiver(response => response.writeHead(status).end("no"))
      const refused = { refused: `Answered ${status}: no` }
      expect(await write(batchWith(2))).toEqual({ items: [refused, refused] })
    },
  )

  test("that leads elsewhere is not followed, and nothing of it is told", async () => {
    const { write } = await receiver(response =>
      response.writeHead(302, { location: "http://inside.example/" }).end("Found: inside.example"),
    )
    const error = await write().catch(thrown => thrown)
    expect(error).toMatchObject({ trouble: "configuration", message: expect.stringContaining("a redirect") })
    expect(error.message).not.toContain("inside")
  })

  test("of 2xx that does not end within 64 KiB is none: that is no receiver of webhooks", async () => {
    const { write } = await receiver(response => response.writeHead(200).end("a".repeat(65 * 1024)))
    await expect(write()).rejects.toMatchObject({
      trouble: "later",
      message: expect.stringContaining("64 KiB"),
    })
  })

  test("that does not come whole is none: the batch is sent again", async () => {
    const { write } = await receiver(response => {
      response.writeHead(200, { "content-length": "10" })
      response.write("abc", () => response.destroy())
    })
    await expect(write()).rejects.toMatchObject({ trouble: "later" })
  })
})

describe("one event a message", () => {
  const answerInTurn =
    (statuses: readonly number[]): Answering =>
    (response, count) =>
      response.writeHead(statuses[count - 1] ?? 500).end()

  it("is sent in the order of the log, each with an id of its own that stays in any other batch", async () => {
    const { received, write } = await receiver(undefined, { message: "event" })
    const batch = batchWith(3)
    expect(await write(batch)).toEqual({ all: "taken" })
    await write({ ...batch, id: "other", first: 1, events: batch.events.slice(1) })
    expect(received.map(({ body }) => JSON.parse(body).data.event.index)).toEqual([0, 1, 2, 1, 2])
    const ids = received.map(({ headers }) => headers["webhook-id"])
    expect(new Set(ids.slice(0, 3)).size).toBe(3)
    expect(ids.slice(3)).toEqual(ids.slice(1, 3))
    expect(JSON.parse(received[0]?.body ?? "")).toMatchObject({
      type: "audit.event",
      timestamp: batch.events[0]?.event.occurredAt,
    })
    for (const message of received) expect(signedBy(message, secret)).toEqual(JSON.parse(message.body))
  })

  it("has another id at another sink, in a replay, and in another organization with the same event id", async () => {
    const { received, write } = await receiver(undefined, { message: "event" })
    const batch = batchWith(1)
    const elsewhere = batch.events.map(event => ({ ...event, documentId: `other:${event.event.id}` }))
    await write(batch)
    await write({ ...batch, events: elsewhere })
    await write({ ...batch, sink: { id: randomUUID(), name: "Another" } })
    await write({ ...batch, replayId: randomUUID() })
    expect(new Set(received.map(({ headers }) => headers["webhook-id"])).size).toBe(4)
  })

  it("that fails keeps those before it, and holds back those after it", async () => {
    const { received, write } = await receiver(answerInTurn([200, 503]), { message: "event" })
    const retry = { retry: "Answered 503" }
    expect(await write(batchWith(4))).toEqual({ items: ["taken", retry, retry, retry] })
    expect(received).toHaveLength(2)
  })

  it("that is refused for good does not hold up the others", async () => {
    const { write } = await receiver(answerInTurn([200, 422, 200]), { message: "event" })
    expect(await write(batchWith(3))).toEqual({ items: ["taken", { refused: "Answered 422" }, "taken"] })
  })

  it("that is the first to fail fails the batch, with the pause that is asked for", async () => {
    const { write } = await receiver(answerInTurn([410]), { message: "event" })
    await expect(write(batchWith(2))).rejects.toMatchObject({ trouble: "gone" })
  })

  it("is not begun when those before it took half a minute", async () => {
    const now = steps(0, 6_000)
    const { received, write } = await receiver(undefined, { message: "event", now })
    const written = await write(batchWith(20))
    expect(written).toMatchObject({ items: expect.arrayContaining(["taken", { retry: expect.any(String) }]) })
    expect(received.length).toBeLessThan(10)
  })
})

describe("a secret", () => {
  const faultOf = (value: string) => webhook.credentials[0]?.fault?.(value) ?? null
  const keyFaultOf = (value: string) => webhook.credentials[2]?.fault?.(value) ?? null

  it.each([24, 32, 64])("of %i bytes fits", length => {
    expect(faultOf(`whsec_${randomBytes(length).toString("base64")}`)).toBeNull()
  })

  it.each([
    [`whsec_${randomBytes(23).toString("base64")}`, "23 bytes; at least 24"],
    [`whsec_${randomBytes(65).toString("base64")}`, "65 bytes; at most 64"],
    [randomBytes(32).toString("base64"), 'A secret is "whsec_"'],
    ["whsec_", 'A secret is "whsec_"'],
    ["whsec_not base64 at all, but long enough", 'A secret is "whsec_"'],
    [`whsec_${randomBytes(32).toString("base64")} `, 'A secret is "whsec_"'],
    [`whsec_${randomBytes(32).toString("hex").slice(1)}`, 'A secret is "whsec_"'],
    ["", 'A secret is "whsec_"'],
  ])("%j does not fit, and is not shown", (value, why) => {
    expect(faultOf(value)).toContain(why)
    if (value.length > 20) expect(faultOf(value)).not.toContain(value.slice(6))
  })

  it("is required, and a private key must be one", async () => {
    expect(webhook.credentials.filter(({ required }) => required).map(({ name }) => name)).toEqual(["secret"])
    const { settings } = await receiver()
    const opening = {
      settings,
      credentials: {},
      outbound: outbound({ allow: [] }),
      directory: null,
      now: () => new Date(),
    }
    await expect(webhook.open(opening)).rejects.toBeInstanceOf(SinkError)
    expect(keyFaultOf(`whsk_${randomBytes(32).toString("base64")}`)).toBeNull()
    for (const wrong of [
      `whsk_${randomBytes(64).toString("base64")}`,
      `whsk_${randomBytes(31).toString("base64")}`,
      secret,
    ])
      expect(keyFaultOf(wrong), wrong).toContain('A private key is "whsk_"')
  })
})

describe("the settings", () => {
  it.each([
    {},
    { url: "" },
    { url: "https://a.example", message: "some" },
    { url: "https://a.example", extra: 1 },
    { url: `https://a.example/${"a".repeat(2_000)}` },
  ])("%j do not fit", settings => {
    expect(webhook.settings.safeParse(settings).success).toBe(false)
  })

  it("are refused, with the place, where the guard would refuse the connection", () => {
    const way = outbound({ allow: [] })
    const faults = (url: string) => webhook.check(webhook.settings.parse({ url }), way)
    expect(faults("https://hooks.example.com/x")).toEqual([])
    for (const url of ["http://hooks.example.com/", "https://127.0.0.1/", "https://ada@hooks.example.com/"])
      expect(faults(url)).toEqual([{ pointer: "/url", message: expect.stringContaining("OUTBOUND_ALLOW") }])
  })

  it("hold a certificate, or nothing, as the one of the authority", () => {
    const way = outbound({ allow: [] })
    const faults = (ca: string) =>
      webhook.check(webhook.settings.parse({ url: "https://a.example", ca }), way)
    expect(faults("")).toEqual([])
    expect(faults("no certificate")).toEqual([{ pointer: "/ca", message: expect.any(String) }])
  })

  it("bind the secret to scheme, host and port, however they are spelled", () => {
    const hostOf = (url: string) => webhook.boundTo(webhook.settings.parse({ url }))
    expect(hostOf("https://Hooks.example.com:443/a?b")).toBe("https://hooks.example.com")
    const different = [
      "http://hooks.example.com",
      "https://hooks.example.com:8443",
      "https://hooks.example.org",
    ]
    for (const url of different) expect(hostOf(url)).not.toBe(hostOf("https://hooks.example.com"))
  })
})
