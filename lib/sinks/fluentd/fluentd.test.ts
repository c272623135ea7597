import * as fs from "node:fs"
import * as os from "node:os"
import * as path from "node:path"
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest"
import type { Batch, SinkConnection } from "@/lib/sinks/sink"
import { type Certificates, freePort, makeCertificates } from "@/sdk/test/proxy/peers"
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
