import * as fs from "node:fs"
import * as net from "node:net"
import * as os from "node:os"
import * as path from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import type { Batch, SinkConnection } from "@/lib/sinks/sink"
import { freePort, listen, makeCertificates } from "@/sdk/test/proxy/peers"
import { batchOf } from "@/test/sinks/batch"
import { outboundFor } from "@/test/sinks/outbound-for"
import { noRsyslog, noRsyslogTls, type Rsyslog, startRsyslog } from "@/test/sinks/rsyslog"
import { syslog } from "./syslog"

let folder: string
const closing: (() => Promise<unknown>)[] = []
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "auditorium-syslog-"))
})
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
  fs.rmSync(folder, { recursive: true, force: true })
})

async function rsyslog(options: Partial<Parameters<typeof startRsyslog>[0]> = {}): Promise<Rsyslog> {
  const started = await startRsyslog({ folder, port: await freePort(), ...options })
  closing.push(started.close)
  return started
}

/** A receiver that speaks by hand, and the bytes that each connection brought. */
async function byHand(
  accept: (socket: net.Socket, connection: number) => void,
  options: net.ServerOpts = {},
) {
  const received: string[] = []
  const add = (connection: number, text: string) => {
    received[connection] = `${received[connection] ?? ""}${text}`
  }
  const listening = await listen(
    net.createServer(options, socket => {
      const connection = received.push("") - 1
      socket.on("error", () => {})
      accept(socket, connection)
      socket.on("data", data => add(connection, data.toString()))
    }),
  )
  closing.push(listening.close)
  return { port: listening.port, received }
}

async function open(port: number, settings: object = {}): Promise<SinkConnection> {
  return syslog.open({
    settings: syslog.settings.parse({ host: "localhost", port, tls: false, ...settings }),
    credentials: {},
    outbound: outboundFor([`localhost:${port}`]),
    directory: null,
    now: () => new Date(),
  })
}

const send = (connection: SinkConnection, batch: Batch, signal = new AbortController().signal) =>
  connection.write(batch, signal)
const bodies = (receiver: Rsyslog) =>
  receiver.records().map(({ message }) => JSON.parse(message.replace(/^\s*\ufeff?/, "")))
const entries = (batch: Batch) => batch.events.map(({ entry }) => entry)

const skipped = (reason: string | null) => {
  if (reason !== null) process.stderr.write(`Not run with rsyslog: ${reason}\n`)
  return reason !== null
}

describe.skipIf(skipped(noRsyslog))("rsyslog over TCP", () => {
  it("gets every part of a message as it was sent", async () => {
    const receiver = await rsyslog({ maxMessageSize: "512k" })
    const batch = batchOf([
      { actor: { type: "user", id: 'a "q" ] \\' }, description: "one\nline break inside" },
      { description: "äöü 漢字 😀", status: "denied" },
    ])
    expect(await send(await open(receiver.port), batch)).toEqual({ all: "taken" })
    const [first, second] = receiver.records()
    expect(first).toMatchObject({
      facility: "local5",
      severity: "info",
      timestamp: "2026-11-20T10:11:12.345678Z",
      hostname: "acme",
      appName: "auditorium",
      messageId: "workflow_version.create",
      structuredData: expect.stringContaining('actor="a \\"q\\" \\] \\\\"'),
    })
    expect(second?.severity).toBe("warning")
    expect(bodies(receiver)).toEqual(entries(batch))
  })

  it("gets a message of 100 KB whole", async () => {
    const receiver = await rsyslog({ maxMessageSize: "512k" })
    const batch = batchOf([{ description: "x".repeat(100_000) }, {}])
    expect(await send(await open(receiver.port, { messageBytes: 512 * 1024 }), batch)).toEqual({
      all: "taken",
    })
    expect(bodies(receiver)).toEqual(entries(batch))
  })

  it("with its own limit cuts nothing, because larger events are refused with both sizes", async () => {
    const receiver = await rsyslog()
    const batch = batchOf([{ description: "x".repeat(100_000) }, { description: "y".repeat(6_000) }])
    expect(await send(await open(receiver.port), batch)).toEqual({
      items: [{ refused: expect.stringMatching(/has 10\d{4} bytes.*has 8192\..*maxMessageSize/) }, "taken"],
    })
    expect(bodies(receiver)).toEqual(entries(batch).slice(1))
  })

  it("gets CEF as one line", async () => {
    const receiver = await rsyslog()
    await send(await open(receiver.port, { message: "cef" }), batchOf([{ description: "a|b\nc" }]))
    expect(receiver.records()[0]?.message).toMatch(
      /^\s*CEF:0\|Auditorium\|Auditorium\|1\|workflow_version\.create\|a\\\|b c\|3\|rt=/,
    )
  })
})

describe.skipIf(skipped(noRsyslogTls))("rsyslog over TLS", () => {
  const secured = async () => {
    const certificates = makeCertificates(folder)
    const file = (name: string) => path.join(folder, name)
    const tls = { ca: file("ca.pem"), certificate: file("server.pem"), key: file("server-key.pem") }
    return { certificates, receiver: await rsyslog({ tls, maxMessageSize: "512k" }) }
  }

  it("takes batch after batch, also of 500 events, all read to the end", async () => {
    const { certificates, receiver } = await secured()
    const connection = await open(receiver.port, { tls: true, ca: certificates.ca, messageBytes: 512 * 1024 })
    const batches = [
      batchOf(Array.from({ length: 500 }, () => ({}))),
      batchOf([{ description: "x".repeat(100_000) }], { first: 500 }),
      batchOf([{}], { first: 501 }),
    ]
    for (const batch of batches) expect(await send(connection, batch)).toEqual({ all: "taken" })
    expect(bodies(receiver)).toEqual(batches.flatMap(entries))
  })

  it("gets nothing when another authority has signed its certificate", async () => {
    const { receiver } = await secured()
    const elsewhere = fs.mkdtempSync(path.join(folder, "other-"))
    for (const ca of [makeCertificates(elsewhere).ca, ""]) {
      const writing = send(await open(receiver.port, { tls: true, ca }), batchOf([{}]))
      await expect(writing).rejects.toMatchObject({ name: "SinkError", trouble: "configuration" })
    }
    expect(receiver.records()).toEqual([])
  })
})

describe("a batch is not taken", () => {
  const isSentAgain = async (receiver: { readonly port: number; readonly received: readonly string[] }) => {
    const connection = await open(receiver.port, { closeSeconds: 1 })
    const batch = batchOf([{}, {}])
    await expect(send(connection, batch)).rejects.toMatchObject({ name: "SinkError", trouble: "later" })
    expect(await send(connection, batch)).toEqual({ all: "taken" })
    return receiver.received
  }

  it("when the receiver takes the bytes and does not read them", async () => {
    // The bytes are in its kernel: for the sender they are flushed, and the connection is alive.
    const received = await isSentAgain(
      await byHand((socket, connection) => {
        if (connection === 0) socket.pause()
      }),
    )
    expect(received[1]).toContain('index="1"')
  })

  it("when the receiver breaks the connection after it has read", async () => {
    const [first, second] = await isSentAgain(
      await byHand((socket, connection) => {
        if (connection === 0) socket.once("data", () => socket.resetAndDestroy())
      }),
    )
    expect(second).toBe(first)
  })

  it("when the receiver keeps the connection open, however long", async () => {
    const [first, second] = await isSentAgain(
      await byHand((socket, connection) => connection > 0 && socket.on("end", () => socket.end()), {
        allowHalfOpen: true,
      }),
    )
    expect(second).toBe(first)
  })

  it("when the receiver accepts and leaves at once", async () => {
    await isSentAgain(
      await byHand((socket, connection) => {
        if (connection === 0) socket.resetAndDestroy()
      }),
    )
  })

  it("when the attempt is ended, before and while it runs", async () => {
    const receiver = await byHand(() => {}, { allowHalfOpen: true })
    const connection = await open(receiver.port)
    await expect(send(connection, batchOf([{}]), AbortSignal.abort())).rejects.toMatchObject({
      trouble: "later",
    })
    const stop = new AbortController()
    const writing = send(connection, batchOf([{}]), stop.signal)
    setImmediate(() => stop.abort())
    await expect(writing).rejects.toMatchObject({ name: "SinkError", trouble: "later" })
  })

  it("when nobody listens", async () => {
    await expect(send(await open(await freePort()), batchOf([{}]))).rejects.toMatchObject({
      trouble: "later",
    })
  })
})

it("a batch of which every event is too large connects to nobody", async () => {
  const receiver = await byHand(() => {})
  const written = await send(await open(receiver.port, { messageBytes: 480 }), batchOf([{}, {}]))
  expect(written).toEqual({ items: [{ refused: expect.any(String) }, { refused: expect.any(String) }] })
  expect(receiver.received).toEqual([])
})

it("what a receiver answers is thrown away, however much it is", async () => {
  const receiver = await byHand(socket => {
    const more = () => socket.writable && socket.write(Buffer.alloc(1024 * 1024), more)
    more()
  })
  expect(await send(await open(receiver.port), batchOf([{}]))).toEqual({ all: "taken" })
})

describe("settings", () => {
  it.each([
    [{ facility: "kern" }, "facility"],
    [{ appName: "two words" }, "appName"],
    [{ appName: "" }, "appName"],
    [{ appName: "a".repeat(49) }, "appName"],
    [{ hostname: "ä" }, "hostname"],
    [{ hostname: "a\nb" }, "hostname"],
    [{ messageBytes: 479 }, "messageBytes"],
    [{ message: "xml" }, "message"],
    [{ protocol: "udp" }, ""],
  ])("%j are refused with a pointer", (settings, pointer) => {
    const { error } = syslog.settings.safeParse({ host: "syslog.example.com", ...settings })
    expect(error?.issues.map(issue => issue.path.join("/"))).toEqual([pointer])
  })

  it("are TLS on port 6514 and local5 unless others are given", () => {
    expect(syslog.settings.parse({ host: "syslog.example.com" })).toMatchObject({
      port: 6514,
      tls: true,
      facility: "local5",
      messageBytes: 8192,
    })
  })
})
