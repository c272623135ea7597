import { createHash } from "node:crypto"
import * as fs from "node:fs"
import * as net from "node:net"
import * as os from "node:os"
import * as path from "node:path"
import { decodeMulti, encode } from "@msgpack/msgpack"
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest"
import type { Batch, SinkConnection } from "@/lib/sinks/sink"
import { type Certificates, freePort, listen, makeCertificates } from "@/sdk/test/proxy/peers"
import { batchOf } from "@/test/sinks/batch"
import { startFluentServer, type TestFluentServer } from "@/test/sinks/fluent-server"
import { outboundFor } from "@/test/sinks/outbound-for"
import { fluentd } from "./fluentd"

let certificates: Certificates
let other: Certificates
beforeAll(() => {
  const folder = () => fs.mkdtempSync(path.join(os.tmpdir(), "auditorium-fluentd-"))
  certificates = makeCertificates(folder())
  other = makeCertificates(folder())
})
afterAll(() => {
  for (const { folder } of [certificates, other]) fs.rmSync(folder, { recursive: true })
})

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function server(options: Omit<Parameters<typeof startFluentServer>[0], "port"> = {}) {
  const started = await startFluentServer({ ...options, port: await freePort() })
  closing.push(started.close)
  return started
}

/** A server that speaks by hand: it gets each message, with the number of its connection and its socket. */
async function byHand(
  answer: (message: unknown, connection: number, socket: net.Socket) => void,
  hello?: unknown,
) {
  const messages: unknown[] = []
  let connections = 0
  const listening = await listen(
    net.createServer(socket => {
      const connection = ++connections
      let buffered = Buffer.alloc(0)
      socket.on("error", () => {})
      if (hello !== undefined) socket.write(hello instanceof Uint8Array ? hello : encode(hello))
      socket.on("data", data => {
        buffered = Buffer.concat([buffered, data])
        try {
          const found = [...decodeMulti(buffered)]
          buffered = Buffer.alloc(0)
          messages.push(...found)
          for (const message of found) answer(message, connection, socket)
        } catch {
          // The message is not whole yet.
        }
      })
    }),
  )
  closing.push(listening.close)
  return { port: listening.port, messages, connections: () => connections }
}

const chunkOf = (message: unknown) => (message as [string, Uint8Array, { chunk: string }])[2].chunk

async function open(
  port: number,
  settings: object = {},
  credentials: Record<string, string> = {},
): Promise<SinkConnection> {
  const connection = await fluentd.open({
    settings: fluentd.settings.parse({ host: "localhost", port, tls: false, ...settings }),
    credentials,
    outbound: outboundFor([`localhost:${port}`]),
    directory: null,
    now: () => new Date(),
  })
  closing.push(() => connection.close())
  return connection
}

const send = async (connection: SinkConnection, batch: Batch = batchOf([{}, {}, {}])) =>
  connection.write(batch, new AbortController().signal)
const indexesAt = ({ entries }: TestFluentServer) => entries.map(({ record }) => record.index)

describe("the server of the official library", () => {
  it.each([
    ["TCP", {}, {}, {}],
    ["TCP, gzip", {}, { compress: true }, {}],
    ["TCP, a shared key", { sharedKey: "a key" }, {}, { sharedKey: "a key" }],
    [
      "TCP, a shared key and a user",
      { sharedKey: "k", users: { ada: "word" } },
      { username: "ada" },
      { sharedKey: "k", password: "word" },
    ],
  ])("takes batches over %s", async (_, serverOptions, settings, credentials) => {
    const receiver = await server(serverOptions)
    const connection = await open(receiver.port, { ...settings, suffix: "monthly" }, credentials)
    expect(await send(connection)).toEqual({ all: "taken" })
    expect(await send(connection, batchOf([{}], { first: 3 }))).toEqual({ all: "taken" })
    expect(indexesAt(receiver)).toEqual([0, 1, 2, 3])
    const [first] = receiver.entries
    expect(first?.tag).toBe("clearml.apiserver.api-logs.202611")
    expect(first?.record).toEqual(batchOf([{}]).events[0]?.entry)
    expect(JSON.stringify(first?.time)).toMatch(/345678000/)
  })

  it.each([{}, { compress: true }])(
    "takes batches over TLS with our own authority and a shared key, %j",
    async settings => {
      const receiver = await server({ sharedKey: "a key", tls: certificates })
      const connection = await open(
        receiver.port,
        { ...settings, tls: true, ca: certificates.ca },
        { sharedKey: "a key" },
      )
      expect(await send(connection)).toEqual({ all: "taken" })
      expect(indexesAt(receiver)).toEqual([0, 1, 2])
    },
  )

  it("gets nothing when another authority has signed its certificate", async () => {
    const receiver = await server({ tls: certificates })
    for (const ca of [other.ca, ""]) {
      const connection = await open(receiver.port, { tls: true, ca })
      await expect(send(connection)).rejects.toMatchObject({ name: "SinkError", trouble: "configuration" })
    }
    expect(receiver.entries).toEqual([])
  })

  it("gets nothing when the shared key is wrong, and the error does not contain it", async () => {
    const receiver = await server({ sharedKey: "a key" })
    const connection = await open(receiver.port, {}, { sharedKey: "wrong-key-7" })
    const error = await send(connection).catch(failure => failure)
    expect(error).toMatchObject({ name: "SinkError", trouble: "configuration" })
    expect(error.message).not.toContain("wrong-key-7")
    expect(receiver.entries).toEqual([])
  })

  it("gets nothing when the password is wrong", async () => {
    const receiver = await server({ sharedKey: "k", users: { ada: "word" } })
    const connection = await open(receiver.port, { username: "ada" }, { sharedKey: "k", password: "other" })
    await expect(send(connection)).rejects.toMatchObject({ trouble: "configuration" })
    expect(receiver.entries).toEqual([])
  })

  it("that asks for a key, which the sink does not have, is named as the reason", async () => {
    const receiver = await server({ sharedKey: "a key" })
    const connection = await open(receiver.port)
    await expect(send(connection)).rejects.toMatchObject({
      trouble: "configuration",
      message: expect.stringContaining("shared key"),
    })
    expect(receiver.entries).toEqual([])
  })
})

describe("a server that breaks the protocol", () => {
  it.each([
    ["acknowledges another chunk", { ack: "AAAAAAAAAAAAAAAAAAAAAA==" }],
    ["answers something else", ["PONG", true]],
  ])("and %s: the connection is closed, and the same chunk is sent again", async (_, wrong) => {
    const receiver = await byHand((message, connection, socket) => {
      socket.write(encode(connection === 1 ? wrong : { ack: chunkOf(message) }))
    })
    const connection = await open(receiver.port)
    await expect(send(connection)).rejects.toMatchObject({ name: "SinkError", trouble: "later" })
    expect(await send(connection)).toEqual({ all: "taken" })
    expect(receiver.connections()).toBe(2)
    expect(receiver.messages[1]).toEqual(receiver.messages[0])
  })

  it("and acknowledges twice: the second answer is never taken for the next chunk", async () => {
    const receiver = await byHand((message, _, socket) => {
      const ack = encode({ ack: chunkOf(message) })
      socket.write(Buffer.concat([ack, ack]))
    })
    const connection = await open(receiver.port)
    for (const first of [0, 3])
      expect(await send(connection, batchOf([{}, {}, {}], { first }))).toEqual({ all: "taken" })
    expect(receiver.connections()).toBe(2)
    expect(new Set(receiver.messages.map(chunkOf)).size).toBe(2)
  })

  it("and acknowledges never: the connection is closed, and the same chunk is sent again", async () => {
    let closed = 0
    const receiver = await byHand((message, connection, socket) => {
      if (connection > 1) socket.write(encode({ ack: chunkOf(message) }))
      else socket.on("close", () => closed++)
    })
    const connection = await open(receiver.port, { ackSeconds: 1 })
    await expect(send(connection)).rejects.toMatchObject({
      trouble: "later",
      message: "No acknowledgement within 1 s.",
    })
    expect(await send(connection)).toEqual({ all: "taken" })
    expect(closed).toBe(1)
    expect(receiver.messages[1]).toEqual(receiver.messages[0])
  })

  it("and does not know the shared key gets no event", async () => {
    const receiver = await byHand(
      (_, __, socket) => socket.write(encode(["PONG", true, "", "fluentd.example.com", "0".repeat(128)])),
      ["HELO", { nonce: "abc", auth: "", keepalive: true }],
    )
    const connection = await open(receiver.port, {}, { sharedKey: "a key" })
    await expect(send(connection)).rejects.toMatchObject({ trouble: "configuration" })
    expect(receiver.messages.map(message => (message as unknown[])[0])).toEqual(["PING"])
  })

  it("and repeats the shared key in its refusal does not put it on the screen", async () => {
    const receiver = await byHand(
      (_, __, socket) => socket.write(encode(["PONG", false, "bad \u0007 key s3cret!", "", ""])),
      ["HELO", { nonce: "abc", auth: "", keepalive: true }],
    )
    const connection = await open(receiver.port, {}, { sharedKey: "s3cret!" })
    await expect(send(connection)).rejects.toMatchObject({
      message: "The receiver refused the shared key or the user: bad key [secret]",
    })
  })
})

describe("a connection", () => {
  it("is kept from batch to batch", async () => {
    const receiver = await byHand((message, _, socket) => socket.write(encode({ ack: chunkOf(message) })))
    const connection = await open(receiver.port)
    for (const first of [0, 1, 2]) await send(connection, batchOf([{}], { first }))
    expect([receiver.connections(), receiver.messages.length]).toEqual([1, 3])
  })

  it("that the server ended while nothing was sent is opened again, without a failed attempt", async () => {
    let closed = Promise.resolve<unknown>(null)
    const receiver = await byHand((message, _, socket) => {
      socket.end(encode({ ack: chunkOf(message) }))
      closed = new Promise(resolve => socket.once("close", resolve))
    })
    const connection = await open(receiver.port)
    for (const first of [0, 1, 2]) {
      expect(await send(connection, batchOf([{}], { first }))).toEqual({ all: "taken" })
      await closed
    }
    expect([receiver.connections(), receiver.messages.length]).toEqual([3, 3])
  })

  it("that the server ends while the next chunk leaves is opened again, with the same chunk", async () => {
    const receiver = await byHand((message, connection, socket) => {
      // The second chunk of the first connection is not read any more.
      if (connection === 1 && receiver.messages.length === 2) socket.destroy()
      else socket.write(encode({ ack: chunkOf(message) }))
    })
    const connection = await open(receiver.port)
    for (const first of [0, 1])
      expect(await send(connection, batchOf([{}], { first }))).toEqual({ all: "taken" })
    expect(receiver.connections()).toBe(2)
    expect(receiver.messages[2]).toEqual(receiver.messages[1])
  })

  it("is ended after each chunk where the server asks for it", async () => {
    const receiver = await knowing("a key", Buffer.from("abc"), false)
    const connection = await open(receiver.port, {}, { sharedKey: "a key" })
    for (const first of [0, 1]) await send(connection, batchOf([{}], { first }))
    expect(receiver.connections()).toBe(2)
  })

  it("is proved with the bytes of a nonce that is no text, though it is sent as one", async () => {
    const receiver = await knowing("a key", Buffer.from([0xff, 0x00, 0xc3, 0x28]), true)
    const connection = await open(receiver.port, {}, { sharedKey: "a key" })
    for (const first of [0, 1])
      expect(await send(connection, batchOf([{}], { first }))).toEqual({ all: "taken" })
    expect(receiver.connections()).toBe(1)
  })
})

/** A server that knows the key, and sends its nonce as `str`, as old ones do. */
function knowing(key: string, nonce: Buffer, keepalive: boolean) {
  const sha512 = (...parts: readonly (string | Uint8Array)[]) =>
    createHash("sha512")
      .update(Buffer.concat(parts.map(part => Buffer.from(part))))
      .digest("hex")
  const text = (value: string) => encode(value)
  const hello = Buffer.concat([
    ...[Buffer.of(0x92), text("HELO"), Buffer.of(0x82), text("nonce"), Buffer.of(0xa0 + nonce.length), nonce],
    ...[text("keepalive"), encode(keepalive)],
  ])
  return byHand((message, _, socket) => {
    const [kind, name, salt, proof] = message as [string, string, string, string]
    if (kind !== "PING") return socket.write(encode({ ack: chunkOf(message) }))
    const isRight = proof === sha512(salt, name, nonce, key)
    socket.write(
      encode(["PONG", isRight, isRight ? "" : "wrong", "server", sha512(salt, "server", nonce, key)]),
    )
  }, hello)
}

it("an event larger than a chunk is refused alone, and the others arrive", async () => {
  const receiver = await server()
  const connection = await open(receiver.port, { chunkBytes: 4096 })
  const written = await send(connection, batchOf([{}, { description: "x".repeat(5000) }, {}]))
  expect(written).toEqual({ items: ["taken", { refused: expect.stringContaining("4096") }, "taken"] })
  expect(indexesAt(receiver)).toEqual([0, 2])
})

it("a user name without the shared key is named before anything is connected", async () => {
  await expect(open(1, { username: "ada" })).rejects.toMatchObject({
    name: "SinkError",
    trouble: "credentials",
  })
})

describe("settings", () => {
  const wrong: readonly (readonly [string, readonly unknown[]])[] = [
    ["host", ["tcp://fluentd", "fluentd:24224", "fluentd/x", "a b", "", "ada@fluentd", "[::1]:24224", null]],
    ["port", [0, 65_536, 1.5, "24224"]],
    ["tag", ["", ".a", "a.", "a..b", "a b", "a\nb", "a*"]],
    ["suffix", ["weekly", null]],
    ["chunkBytes", [1023, 1e9]],
  ]

  it.each(wrong.flatMap(([name, values]) => values.map(value => ({ name, value }))))(
    "$name $value is refused with a pointer",
    ({ name, value }) => {
      const { error } = fluentd.settings.safeParse({ host: "fluentd.example.com", [name]: value })
      expect(error?.issues.map(issue => issue.path)).toEqual([[name]])
    },
  )

  it("have no place for a secret", () => {
    const { error } = fluentd.settings.safeParse({ host: "fluentd.example.com", sharedKey: "x" })
    expect(error?.issues).toMatchObject([{ code: "unrecognized_keys", keys: ["sharedKey"] }])
  })

  it("have ClearML's port and tag unless others are given", () => {
    expect(fluentd.settings.parse({ host: " [2001:db8::1] " })).toMatchObject({
      host: "2001:db8::1",
      port: 24_224,
      tag: "clearml.apiserver.api-logs",
      tls: true,
    })
  })

  it("with a private key, or something else than a certificate, are refused before anything is sent", () => {
    const check = (ca: string) =>
      fluentd
        .check(
          fluentd.settings.parse({ host: "localhost", port: 24_224, ca }),
          outboundFor(["localhost:24224"]),
        )
        .map(({ pointer }) => pointer)
    expect(check(certificates.ca)).toEqual([])
    expect(check(certificates.key)).toEqual(["/ca"])
    expect(check(`${certificates.ca}\n${certificates.key}`)).toEqual(["/ca"])
    expect(check("a certificate")).toEqual(["/ca"])
    expect(check(certificates.ca.replace(/[A-Z]{8}/, "AAAAAAAA"))).toEqual(["/ca"])
  })
})
