import { expect, it } from "vitest"
import { freePort } from "@/sdk/test/proxy/peers"
import { batchOf } from "@/test/sinks/batch"
import { startFluentServer } from "@/test/sinks/fluent-server"
import { outboundFor } from "@/test/sinks/outbound-for"
import { sinkPage } from "@/test/sinks/page"
import { fluentd } from "./fluentd"

const page = sinkPage("fluentd")

it("the page names every setting and credential, and the settings that it shows fit", () => {
  expect([...page.documented].sort()).toEqual(fluentd.fields.map(({ name }) => name).sort())
  expect(fluentd.credentials.map(({ name }) => name)).toEqual(["sharedKey", "password"])
  expect(fluentd.settings.safeParse(page.settings).success).toBe(true)
})

it("the settings of the page send to a receiver, with the tag and the suffix that they name", async () => {
  const server = await startFluentServer({ port: await freePort(), sharedKey: "a key" })
  const connection = await fluentd.open({
    settings: fluentd.settings.parse({ ...page.settings, host: "localhost", port: server.port, tls: false }),
    credentials: { sharedKey: "a key" },
    outbound: outboundFor([`localhost:${server.port}`]),
    directory: null,
    now: () => new Date(),
  })
  expect(await connection.write(batchOf([{}]), new AbortController().signal)).toEqual({ all: "taken" })
  expect(server.entries.map(({ tag }) => tag)).toEqual(["auditorium.acme.202611"])
  await connection.close()
  await server.close()
})
