import { once } from "node:events"
import * as net from "node:net"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { sendAndClose } from "./send"

let server: net.Server
let ours: net.Socket
let theirs: net.Socket

beforeEach(async () => {
  server = net.createServer({ allowHalfOpen: true })
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  ours = net.connect((server.address() as net.AddressInfo).port, "127.0.0.1")
  const [accepted] = await once(server, "connection")
  theirs = accepted
  theirs.on("error", () => {})
})
afterEach(async () => {
  ours.destroy()
  theirs.destroy()
  await new Promise(resolve => server.close(resolve))
})

const minute = 60_000
const bytes = Buffer.from("3 abc")
/** The settle time is long where the receiver leaves by itself, and nothing where it must not matter. */
const send = (settleMs: number, timeoutMs = minute, signal = new AbortController().signal) =>
  sendAndClose(ours, bytes, { settleMs, timeoutMs, signal })

describe("bytes are taken", () => {
  it("when the receiver has read them and the end, and then ends its side", async () => {
    const order: string[] = []
    theirs.on("data", data => order.push(data.toString()))
    theirs.on("end", () => {
      order.push("end")
      theirs.end()
    })
    await send(0)
    expect(order).toEqual(["3 abc", "end"])
    expect(ours.destroyed).toBe(true)
  })
})

describe("bytes are not taken, and the socket is destroyed", () => {
  afterEach(() => expect(ours.destroyed).toBe(true))
  const later = (message: string) => ({ name: "SinkError", trouble: "later", message })

  it("when the receiver had ended its side before ours", async () => {
    theirs.end()
    await expect(send(minute)).rejects.toMatchObject(later("The receiver closed the connection too early."))
  })

  it("when the receiver has closed the connection before they were sent", async () => {
    theirs.destroy()
    await expect(send(minute)).rejects.toMatchObject({ trouble: "later" })
  })

  it("when the receiver resets the connection after it has read them", async () => {
    theirs.once("data", () => theirs.resetAndDestroy())
    await expect(send(minute)).rejects.toMatchObject(later("The connection broke (ECONNRESET)."))
  })

  it("when the receiver reads them and keeps its side open", async () => {
    theirs.resume()
    await expect(send(0, 1)).rejects.toMatchObject({
      trouble: "later",
      message: expect.stringContaining("did not read the messages and close the connection"),
    })
  })

  it("when the attempt is ended", async () => {
    const stop = new AbortController()
    const sending = send(0, minute, stop.signal)
    stop.abort()
    await expect(sending).rejects.toMatchObject(later("The attempt was ended."))
  })
})
