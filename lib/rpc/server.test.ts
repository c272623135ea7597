import * as http2 from "node:http2"
import { gzipSync } from "node:zlib"
import { afterEach, describe, expect, test, vi } from "vitest"
import { AppError } from "@/lib/errors"
import { encodeRequest, type RpcClient, rpcClient } from "@/test/rpc/client"
import { type Raw, rawCall } from "@/test/rpc/raw-call"
import type { RpcCall } from "./call"
import { type RpcOptions, type RpcServer, startRpc } from "./server"

const open: { close: () => unknown }[] = []
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close()
})

const ok = { status: { code: 10_000, description: "Ok", req_id: "1" }, entries: [] }

async function serve(given: Partial<RpcOptions> = {}): Promise<{ server: RpcServer; client: RpcClient }> {
  const server = await startRpc({
    host: "127.0.0.1",
    grpc: { port: 0, tls: null },
    trusts: () => false,
    mostInWork: 10,
    answer: async () => ok,
    ...given,
  })
  const client = rpcClient(server.port)
  open.push({ close: () => server.close(0) }, client)
  return { server, client }
}

/** A place where calls wait until they are let go. */
function held() {
  const waiting: (() => void)[] = []
  const seen: RpcCall[] = []
  let came = () => {}
  const arrival = new Promise<void>(resolve => {
    came = resolve
  })
  return {
    seen,
    arrival,
    letGo: () => {
      for (const go of waiting.splice(0)) go()
    },
    answer: async (call: RpcCall) => {
      seen.push(call)
      came()
      await new Promise<void>(resolve => waiting.push(resolve))
      return ok
    },
  }
}

test("what passes is UNAVAILABLE, and nothing else is", async () => {
  const errors = [
    new AppError("unavailable", "The database cannot be reached."),
    new AppError("internal", "no"),
    new Error("no"),
  ]
  const { client } = await serve({
    answer: async () => {
      throw errors.shift()
    },
  })
  const answers = [await client.search({}), await client.search({}), await client.search({})]
  expect(answers.map(({ grpc }) => grpc)).toEqual(["UNAVAILABLE", "INTERNAL", "INTERNAL"])
  expect(answers.map(({ details }) => details)).toEqual([
    "The database cannot be reached.",
    "Something went wrong here.",
    "Something went wrong here.",
  ])
})

test("other methods of the service, and other services, are UNIMPLEMENTED", async () => {
  const { client } = await serve()
  for (const path of ["/clarifai.api.V2/ListModels", "/other.V1/PostAuditLogSearches", "/x"]) {
    expect(await client.search({}, { path }), path).toMatchObject({ grpc: "UNIMPLEMENTED" })
  }
  expect(await client.search({})).toMatchObject({ grpc: "OK", code: 10_000 })
})

describe("the size of a message", () => {
  test("is for the operation to judge up to 4 MiB; beyond it is refused before it is taken", async () => {
    const sizes: number[] = []
    const { client } = await serve({
      answer: async ({ bytes }) => {
        sizes.push(bytes.length)
        return ok
      },
    })
    expect(await client.search(new Uint8Array(4 * 1_048_576))).toMatchObject({ grpc: "OK" })
    expect(await client.search(new Uint8Array(4 * 1_048_576 + 1))).toMatchObject({
      grpc: "RESOURCE_EXHAUSTED",
    })
    expect(sizes).toEqual([4 * 1_048_576])
  })

  test("is that of the decompressed message", async () => {
    const { server } = await serve()
    const bomb = gzipSync(new Uint8Array(16 * 1_048_576))
    expect(await sendRaw(server, { encoding: "gzip", flag: 1, body: bomb })).toMatchObject({
      "grpc-status": "8",
    })
  })
})

/** Sends a call as no library would, and returns what its headers and trailers say. */
async function sendRaw(server: RpcServer, raw: Raw) {
  return (await rawCall(http2.connect(`http://127.0.0.1:${server.port}`), raw)).heads
}

describe("what is no message", () => {
  test.each([
    [
      "compressed bytes that are none",
      { encoding: "gzip", flag: 1, body: Buffer.from("no gzip at all") },
      "13",
    ],
    [
      "half of compressed bytes",
      { encoding: "gzip", flag: 1, body: gzipSync("x".repeat(1_000)).subarray(0, 12) },
      "13",
    ],
    ["deflate that is none", { encoding: "deflate", flag: 1, body: Buffer.from("no deflate") }, "13"],
    ["an unknown encoding", { encoding: "zstd", flag: 1, body: Buffer.from("x") }, "12"],
    ["a deadline that is none", { body: Buffer.alloc(0), headers: { "grpc-timeout": "soon" } }, "13"],
    [
      "metadata with control characters",
      { body: Buffer.alloc(0), headers: { authorization: "Key \u0080" } },
      "0",
    ],
  ] as const)("%s ends its own call only", async (_, raw, status) => {
    const { server, client } = await serve()
    const ended = await sendRaw(server, raw)
    expect(ended["grpc-status"]).toBe(status)
    expect(await client.search({})).toMatchObject({ grpc: "OK", code: 10_000 })
  })
})

test("what is sent as a key is not logged, however damaged it is", async () => {
  const { server } = await serve()
  const lines: string[] = []
  const keep = (line: unknown) => lines.push(String(line)) > 0
  const spies = [
    ...[process.stdout, process.stderr].map(stream => vi.spyOn(stream, "write").mockImplementation(keep)),
    vi.spyOn(console, "error").mockImplementation(keep),
  ]
  try {
    await sendRaw(server, { body: encodeRequest({}), headers: { authorization: "Key not-for-logs-\u0080" } })
  } finally {
    for (const spy of spies) spy.mockRestore()
  }
  expect(lines.join()).not.toContain("not-for-logs")
})

describe("a deadline", () => {
  test("of a millisecond ends the call, and what it asked for is known to be over", async () => {
    const place = held()
    const { server, client } = await serve({ answer: place.answer })
    const call = sendRaw(server, { body: encodeRequest({}), headers: { "grpc-timeout": "1m" } })
    expect(await call).toMatchObject({ "grpc-status": "4" })
    const [over] = place.seen
    if (over) expect(over.isOver()).toBe(true)
    place.letGo()
    const late = await client.search({}, { deadline: Date.now() + 1 })
    expect(late.grpc).toBe("DEADLINE_EXCEEDED")
    place.letGo()
  })

  test("that has not passed changes nothing", async () => {
    const { client } = await serve()
    expect(await client.search({}, { deadline: Date.now() + 60_000 })).toMatchObject({ grpc: "OK" })
  })
})

test("more calls than may be worked on are told to come again, and places become free", async () => {
  const place = held()
  const { client } = await serve({ answer: place.answer, mostInWork: 1 })
  const first = client.search({})
  await place.arrival
  expect(await client.search({})).toMatchObject({ grpc: "UNAVAILABLE" })
  place.letGo()
  expect(await first).toMatchObject({ grpc: "OK" })
  const next = client.search({})
  while (place.seen.length < 2) await new Promise(setImmediate)
  place.letGo()
  expect(await next).toMatchObject({ grpc: "OK" })
})

test("a call whose message does not arrive is not waited for", async () => {
  const { server } = await serve({ arrivalMs: 20 })
  expect(await sendRaw(server, { body: encodeRequest({}), ends: false })).toMatchObject({
    "grpc-status": "4",
  })
})

describe("the end of a process", () => {
  test("lets a running call finish, and takes no new one", async () => {
    const place = held()
    const { server, client } = await serve({ answer: place.answer })
    const running = client.search({})
    await place.arrival
    const closed = server.close(60_000)
    expect(await client.search({})).toMatchObject({ grpc: "UNAVAILABLE" })
    place.letGo()
    expect(await running).toMatchObject({ grpc: "OK", code: 10_000 })
    await closed
  })

  test("does not wait longer than its time", async () => {
    const place = held()
    const { server, client } = await serve({ answer: place.answer })
    const running = client.search({})
    await place.arrival
    await server.close(0)
    expect((await running).grpc).not.toBe("OK")
    place.letGo()
  })
})

test("a port that is taken is refused in words", async () => {
  const { server } = await serve()
  const again = startRpc({
    host: "127.0.0.1",
    grpc: { port: server.port, tls: null },
    trusts: () => false,
    mostInWork: 1,
    answer: async () => ok,
  })
  await expect(again).rejects.toThrow(`gRPC cannot be served on 127.0.0.1:${server.port}`)
})

test("nothing listens when no port is set", async () => {
  const { server } = await serve({ grpc: { port: null, tls: null } })
  expect([server.port, server.tlsPort]).toEqual([null, null])
})
