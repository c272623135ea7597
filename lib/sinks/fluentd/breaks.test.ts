import { encode } from "@msgpack/msgpack"
import { afterEach, describe, expect, it } from "vitest"
import type { Batch, SinkConnection } from "@/lib/sinks/sink"
import { batchOf } from "@/test/sinks/batch"
import { chunkOf, startFluentByHand, startKnowing } from "@/test/sinks/fluent-by-hand"
import { outboundFor } from "@/test/sinks/outbound-for"
import { fluentd } from "./fluentd"

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function byHand(...args: Parameters<typeof startFluentByHand>) {
  const started = await startFluentByHand(...args)
  closing.push(started.close)
  return started
}

async function knowing(...args: Parameters<typeof startKnowing>) {
  const started = await startKnowing(...args)
  closing.push(started.close)
  return started
}

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
