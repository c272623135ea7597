import { once } from "node:events"
import * as net from "node:net"
import { encode } from "@msgpack/msgpack"
import { afterEach, beforeEach, expect, it } from "vitest"
import { type Inbox, inboxOf } from "./inbox"

let server: net.Server
let peer: net.Socket
let inbox: Inbox
let ours: net.Socket

beforeEach(async () => {
  server = net.createServer()
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  ours = net.connect((server.address() as net.AddressInfo).port, "127.0.0.1")
  const [accepted] = await once(server, "connection")
  peer = accepted
  peer.on("error", () => {})
  inbox = inboxOf(ours)
})
afterEach(async () => {
  ours.destroy()
  peer.destroy()
  await new Promise(resolve => server.close(resolve))
})

const signal = () => new AbortController().signal
const next = (timeoutMs = 60_000, until = signal()) => inbox.next("Nothing came.", timeoutMs, until)
const text = (value: unknown) => Buffer.from(value as Uint8Array).toString()

it.each([1, 7, 20])("messages arrive whole, and once, in pieces of %i bytes", async size => {
  peer.setNoDelay(true)
  const messages = [{ ack: "one" }, ["PONG", true], { ack: "three" }]
  const bytes = Buffer.concat(messages.map(message => encode(message)))
  const reading = (async () => [await next(), await next(), await next()])()
  for (let at = 0; at < bytes.length; at += size) {
    const arrived = once(ours, "data")
    peer.write(bytes.subarray(at, at + size))
    await arrived
  }
  const [one, two, three] = (await reading) as [
    { ack: Uint8Array },
    [Uint8Array, boolean],
    { ack: Uint8Array },
  ]
  expect([text(one.ack), text(two[0]), two[1], text(three.ack)]).toEqual(["one", "PONG", true, "three"])
  expect(inbox.isQuiet()).toBe(true)
})

it("a message that nobody waits for is noticed", async () => {
  peer.write(Buffer.concat([encode({ ack: "one" }), encode({ ack: "one" })]))
  await next()
  expect(inbox.isQuiet()).toBe(false)
})

it.each([
  ["another protocol", Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n\xc1", "latin1")],
  ["a text of 4 GiB", Uint8Array.of(0xdb, 0xff, 0xff, 0xff, 0xff)],
  ["an array of 4,294,967,295 members", Uint8Array.of(0xdd, 0xff, 0xff, 0xff, 0xff)],
  ["a map of 4,294,967,295 members", Uint8Array.of(0xdf, 0xff, 0xff, 0xff, 0xff)],
  ["more than a hundred messages", Buffer.alloc(200)],
  ["arrays in arrays without end", Buffer.alloc(70_000, 0x91)],
])("a connection that sends %s is ended", async (_, bytes) => {
  const ended = new Promise(resolve => peer.once("close", resolve))
  peer.resume()
  peer.write(bytes)
  // What could be read before it may be delivered; then it ends.
  await expect(
    (async () => {
      for (;;) await next()
    })(),
  ).rejects.toMatchObject({ trouble: "later", message: expect.stringContaining("forward protocol") })
  await ended
  expect(inbox.isLeft()).toBe(false)
})

it("waiting ends with the connection, with the time, and with the attempt", async () => {
  const waiting = next()
  peer.destroy()
  await expect(waiting).rejects.toMatchObject({ trouble: "later" })
  expect(inbox.isLeft()).toBe(true)
  expect(inbox.isQuiet()).toBe(false)
  await expect(next()).rejects.toMatchObject({ trouble: "later" })
})

it("a connection that says nothing in time is ended", async () => {
  await expect(next(1)).rejects.toMatchObject({ trouble: "later", message: "Nothing came." })
  expect([inbox.isLeft(), ours.destroyed]).toEqual([false, true])
})

it("a connection whose attempt was ended is ended", async () => {
  await expect(next(60_000, AbortSignal.abort())).rejects.toMatchObject({ trouble: "later" })
  expect(ours.destroyed).toBe(true)
})
