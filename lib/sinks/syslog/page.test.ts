import { execFileSync } from "node:child_process"
import * as fs from "node:fs"
import * as os from "node:os"
import * as path from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { freePort } from "@/sdk/test/proxy/peers"
import { batchOf } from "@/test/sinks/batch"
import { outboundFor } from "@/test/sinks/outbound-for"
import { sinkPage } from "@/test/sinks/page"
import { noRsyslogTls, type RunningRsyslog, runRsyslog } from "@/test/sinks/rsyslog"
import { syslog } from "./syslog"

const page = sinkPage("syslog")

it("the page names every setting, and the settings that it shows fit", () => {
  expect([...page.documented].sort()).toEqual(syslog.fields.map(({ name }) => name).sort())
  expect(syslog.settings.safeParse(page.settings).success).toBe(true)
})

if (noRsyslogTls !== null)
  process.stderr.write(`docs/sinks/syslog.md is not run with rsyslog: ${noRsyslogTls}\n`)

describe.skipIf(noRsyslogTls !== null)("the page as it is written", () => {
  let folder: string
  let running: RunningRsyslog | undefined
  let port: number
  const file = (name: string) => path.join(folder, name)

  beforeAll(async () => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "auditorium-syslog-page-"))
    const [commands = ""] = page.blocks("sh")
    execFileSync("bash", ["-euc", commands.replaceAll("syslog.example.com", "localhost")], {
      cwd: folder,
      stdio: "pipe",
    })
    port = await freePort()
    const [configuration = ""] = page.blocks("conf")
    // The folders and the port of the page are those of a machine of its reader's.
    const here = configuration
      .replaceAll("/etc/auditorium", folder)
      .replaceAll("/var/log", folder)
      .replace('port="6514"', `port="${port}" address="127.0.0.1"`)
    running = await runRsyslog(folder, port, `global(workDirectory="${folder}")\n${here}`)
  })
  afterAll(async () => {
    await running?.close()
    fs.rmSync(folder, { recursive: true, force: true })
  })

  it("makes certificates and a receiver that takes events of 300 KB whole over TLS", async () => {
    const connection = await syslog.open({
      settings: syslog.settings.parse({
        ...page.settings,
        host: "localhost",
        port,
        ca: fs.readFileSync(file("ca.pem"), "utf8"),
      }),
      credentials: {},
      outbound: outboundFor([`localhost:${port}`]),
      directory: null,
      now: () => new Date(),
    })
    const batch = batchOf([{}, { description: "x".repeat(300_000) }, {}])
    expect(await connection.write(batch, new AbortController().signal)).toEqual({ all: "taken" })
    const written = () =>
      fs
        .readFileSync(file("auditorium.log"), "utf8")
        .split("\n")
        .filter(line => line !== "")
    // Its queue writes a moment after the messages were read.
    await expect.poll(() => written().length, { timeout: 60_000 }).toBe(3)
    for (const [index, { line }] of batch.events.entries()) {
      expect(written()[index]).toMatch(new RegExp(`^\\[auditorium@32473 id="[0-9a-f-]{36}" index="${index}"`))
      expect(written()[index]?.endsWith(line)).toBe(true)
    }
  })
})
