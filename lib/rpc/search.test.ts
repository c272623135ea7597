import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest"
import { anEvent } from "@/app/api/fixtures/api"
import { type Gateway, openGateway } from "@/app/api/fixtures/gateway"
import { type Answered, encodeRequest } from "@/test/rpc/client"
import { startTransports, type Transports } from "@/test/rpc/transports"
import { mostRequestBytes } from "./search"

let both: Transports
let gateway: Gateway
beforeAll(async () => {
  both = await startTransports(async ({ applicationUrl }) => {
    const url = new URL(applicationUrl)
    gateway = await openGateway({ host: url.hostname, port: Number(url.port) })
    url.host = `127.0.0.1:${gateway.port}`
    return { DATABASE_URL: url.href }
  })
  const body = JSON.stringify([anEvent(), anEvent(), anEvent()])
  expect((await both.api.call("POST", "/api/v1/events", { body })).status).toBe(201)
})
afterAll(async () => {
  await both?.close()
  await gateway?.close()
})

const ask = (request: object | Uint8Array): Promise<Answered> =>
  both.client.search(request, { key: both.api.tenant.key })
const me = { user_app_id: { user_id: "me" } }
const query = (asked: object) => ({ ...me, query: asked })

/** A field of a message by hand: its number, and bytes behind a length. */
function field(number: number, bytes: Uint8Array): Uint8Array {
  if (number > 15 || bytes.length > 127) throw new Error("Only small fields are written here.")
  return Buffer.concat([Buffer.from([number * 8 + 2, bytes.length]), bytes])
}
const text = (value: string) => Buffer.from(value)

/** A request that is a little longer than the rest of the bytes that are wanted. */
function requestOf(bytes: number): Buffer {
  const empty = encodeRequest(query({ user_ids: [""] })).length
  // The lengths of both messages around the text grow to three bytes and more.
  let length = bytes - empty
  while (encodeRequest(query({ user_ids: ["x".repeat(length)] })).length > bytes) length--
  return encodeRequest(query({ user_ids: ["x".repeat(length)] }))
}

describe("a request that cannot be answered is refused in a response, with a pointer in the spelling of the protocol", () => {
  test.each([
    [
      "per_page of 4,294,967,295",
      { ...me, pagination: { per_page: 4_294_967_295 } },
      11_102,
      "/pagination/per_page",
    ],
    [
      "a page beyond the depth",
      { ...me, pagination: { page: 1_001, per_page: 101 } },
      11_105,
      "timestamp_to",
    ],
    [
      "seconds beyond 2^53",
      query({ timestamp_from: { seconds: "9007199254740993" } }),
      11_102,
      "/query/timestamp_from",
    ],
    [
      "the largest seconds",
      query({ timestamp_to: { seconds: "9223372036854775807" } }),
      11_102,
      "/query/timestamp_to",
    ],
    ["nanos of 10^9", query({ timestamp_to: { nanos: 1_000_000_000 } }), 11_102, "/query/timestamp_to"],
    ["nanos below 0", query({ timestamp_from: { nanos: -1 } }), 11_102, "/query/timestamp_from"],
    ["a target that names nothing", query({ targets: [{}] }), 11_102, "/query/targets/0"],
    [
      "a target without an id",
      query({ targets: [{ user: { id: "a" } }, { app: {} }] }),
      11_102,
      "/query/targets/1/app/id",
    ],
    [
      "a filter that is newer than we are",
      Buffer.concat([encodeRequest(me), field(2, field(9, text("x")))]),
      11_102,
      "/query",
    ],
    [
      "a type of target that is newer",
      Buffer.concat([encodeRequest(me), field(2, field(5, field(15, text("x"))))]),
      11_102,
      "/query/targets/0",
    ],
    ["bytes that are no message", Buffer.from([0xff, 0xff, 0xff]), 11_100, "not a message"],
    ["an unknown user", { user_app_id: { user_id: "nobody" } }, 11_101, ""],
    ["a byte more than 1 MiB", requestOf(mostRequestBytes + 1), 11_102, "1048576"],
  ] as const)("%s", async (_, request, code, mentions) => {
    const answered = await ask(request as object)
    expect(answered).toMatchObject({ grpc: "OK", code })
    expect(JSON.stringify(answered.response)).toContain(mentions)
    expect(answered.response.entries ?? []).toEqual([])
  })

  test("a request of 1 MiB is read", async () => {
    const whole = requestOf(mostRequestBytes)
    expect(whole.length).toBe(mostRequestBytes)
    expect(await ask(whole)).toMatchObject({ grpc: "OK", code: 10_000 })
  })

  test("unknown fields outside of the filter are let through, as every server of the protocol does", async () => {
    const sent = Buffer.concat([encodeRequest(me), field(9, text("x"))])
    expect(await ask(sent)).toMatchObject({ grpc: "OK", code: 10_000 })
  })
})

test("a refusal is not looked into before the caller is known", async () => {
  const unread = await both.client.search(Buffer.from([0xff]), { key: null })
  expect(unread).toMatchObject({ grpc: "OK", code: 11_002 })
})

test("both transports say the same of the same request", async () => {
  const requests = [
    {},
    { pagination: { per_page: 2 } },
    { sort_ascending: true },
    { query: { user_ids: ["nobody"] } },
  ]
  for (const request of requests) {
    const [http, grpc] = await Promise.all(
      [both.http, both.grpc].map(transport => transport.search({ key: both.api.tenant.key, request })),
    )
    const ids = (said: typeof http) =>
      said?.entries.map(({ req_id, operation }) => [req_id || undefined, operation ?? 0])
    expect(ids(grpc)).toEqual(ids(http))
    expect([grpc?.code, grpc?.description]).toEqual([http?.code, http?.description])
  }
})

describe("while the database cannot be reached", () => {
  afterEach(() => gateway.mend().catch(() => undefined))

  test("gRPC says UNAVAILABLE, HTTP 98006, and both answer again afterwards", async () => {
    expect(await ask(me)).toMatchObject({ grpc: "OK", code: 10_000 })
    await gateway.cut()
    expect(await ask(me)).toMatchObject({ grpc: "UNAVAILABLE", code: undefined })
    expect(await both.http.search({ key: both.api.tenant.key })).toMatchObject({ code: 98_006, entries: [] })
    await gateway.mend()
    expect(await ask(me)).toMatchObject({ grpc: "OK", code: 10_000 })
  })
})
