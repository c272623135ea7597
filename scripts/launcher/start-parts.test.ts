import * as fs from "node:fs"
import * as http from "node:http"
import * as net from "node:net"
import * as os from "node:os"
import * as path from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { closingBlock } from "./closing.mjs"
import { readConnection, readOrCreateSecret, removeConnection, writeConnection } from "./data-directory.mjs"
import { waitForHealth } from "./health.mjs"
import { probePort } from "./port.mjs"
import { readSettings, StartError } from "./settings.mjs"

let folder = ""
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "start-test-"))
})
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }))

const modeOf = (file: string) => (fs.statSync(path.join(folder, file)).mode & 0o777).toString(8)

async function listening<S extends net.Server>(server: S): Promise<{ server: S; port: number }> {
  server.listen(0, "127.0.0.1")
  await new Promise(resolve => server.once("listening", resolve))
  const address = server.address()
  return { server, port: typeof address === "object" && address !== null ? address.port : 0 }
}

describe("the data directory", () => {
  it("keeps one secret, long, and for this account only", () => {
    const secret = readOrCreateSecret(folder)
    expect(Buffer.from(secret, "base64url")).toHaveLength(48)
    expect(modeOf("secret")).toBe("600")
    fs.chmodSync(path.join(folder, "secret"), 0o644)
    expect(readOrCreateSecret(folder)).toBe(secret)
    expect(modeOf("secret")).toBe("600")
    expect(fs.readdirSync(folder)).toEqual(["secret"])
  })

  it("says what runs to this account only, because the one-time link is in it", () => {
    const connection = {
      baseUrl: "http://127.0.0.1:3000",
      auditLogsUrl: "http://127.0.0.1:3000/acme/admin/audit-logs",
      link: "http://127.0.0.1:3000/sign-in/link?token=t",
      email: "ada@acme.example",
      mail: null,
      pid: 1,
      webPid: 2,
      workerPid: null,
      databasePid: 3,
      databasePort: 4,
      startedAt: "2026-01-01T00:00:00.000Z",
    }
    expect(readConnection(folder)).toBeNull()
    writeConnection(folder, connection)
    expect(modeOf("connection.json")).toBe("600")
    expect(readConnection(folder)).toEqual(connection)
    removeConnection(folder)
    expect(fs.readdirSync(folder)).toEqual([])
  })
})

describe("the port", () => {
  it("0 becomes a free one", async () => {
    const found = await probePort("127.0.0.1", 0)
    expect(found).toEqual({ port: expect.any(Number) })
    expect("port" in found && found.port).toBeGreaterThan(0)
  })

  it("that is taken is explained with another one to try", async () => {
    const { server, port } = await listening(net.createServer())
    expect(await probePort("127.0.0.1", port)).toEqual({
      isTaken: true,
      problem: `Port ${port} on 127.0.0.1 is taken by another program. End that one, or choose another port: PORT=${port + 1} npm start`,
    })
    server.close()
  })

  it("on an address of another machine is explained", async () => {
    expect(await probePort("192.0.2.1", 0)).toMatchObject({
      isTaken: false,
      problem: expect.stringContaining("no address of this machine"),
    })
  })
})

describe("the settings", () => {
  const root = process.cwd()

  it("leave the embedded database's address and secret for later", async () => {
    const settings = await readSettings(root, {
      ...process.env,
      DATABASE_URL: "",
      SECRET: "",
      PORT: "4000",
      HOST: "0.0.0.0",
    })
    expect(settings).toMatchObject({
      embedded: true,
      seedDemo: true,
      secret: null,
      port: 4000,
      host: "0.0.0.0",
    })
    expect(settings.baseUrlOn(4000)).toBe("http://127.0.0.1:4000")
  })

  it("seed nothing into somebody's own database unless told to", async () => {
    const own = {
      ...process.env,
      DATABASE_URL: "postgresql://app@db/x",
      SECRET: "0123456789abcdef0123456789abcdef",
    }
    expect(await readSettings(root, own)).toMatchObject({ embedded: false, seedDemo: false })
    expect(await readSettings(root, { ...own, SEED_DEMO: "1" })).toMatchObject({ seedDemo: true })
    expect(await readSettings(root, { ...process.env, DATABASE_URL: "", SEED_DEMO: "0" })).toMatchObject({
      seedDemo: false,
    })
  })

  it("leave the standard output to entries with raw_log, whoever sets it, and with nothing else", async () => {
    const own = { ...process.env, DATABASE_URL: "", SECRET: "" }
    const isForEntries = async (environment: Record<string, string>) =>
      (await readSettings(root, { ...own, ...environment })).entriesOnStdout
    const file = path.join(folder, "apiserver.conf")
    fs.writeFileSync(file, "apilog { adapter: raw_log }")
    expect(await isForEntries({ CLEARML__APISERVER__apilog__adapter: "raw_log" })).toBe(true)
    expect(await isForEntries({ TRAINS__apiserver__apilog__adapter: '"RAW_LOG"' })).toBe(true)
    expect(await isForEntries({ CAPTURE_FILE: file })).toBe(true)
    expect(await isForEntries({ CLEARML__APISERVER__log_calls: "true" })).toBe(false)
    expect(await isForEntries({ CLEARML__APISERVER__apilog__adapter: "elastic" })).toBe(false)
  })

  it("refuse a wrong environment in words, before anything has been started", async () => {
    const wrong = readSettings(root, {
      ...process.env,
      PORT: "eighty",
      DATABASE_URL: "postgresql://app@db/x",
    })
    await expect(wrong).rejects.toThrow(StartError)
    await expect(wrong).rejects.toThrow(/PORT: "eighty"[\s\S]*SECRET: is not set/)
  })

  it("take .env of the folder, and the process's own environment before it", async () => {
    fs.cpSync("lib/env", path.join(folder, "lib/env"), { recursive: true })
    fs.symlinkSync(path.resolve("node_modules"), path.join(folder, "node_modules"))
    fs.writeFileSync(path.join(folder, ".env"), "PORT=4001\nHOST=0.0.0.0\n")
    const settings = await readSettings(folder, { ...process.env, DATABASE_URL: "", HOST: "127.0.0.2" })
    expect(settings).toMatchObject({ port: 4001, host: "127.0.0.2" })
  })
})

describe("the wait for health", () => {
  it("ends with the first good answer", async () => {
    let asked = 0
    const { server, port } = await listening(
      http.createServer((_, response) => {
        asked++
        response.writeHead(asked < 3 ? 503 : 200).end()
      }),
    )
    await waitForHealth("127.0.0.1", port, { patienceMs: 5_000, isWanted: () => true })
    expect(asked).toBe(3)
    server.close()
  })

  it("tells the last answer when its patience is over", async () => {
    const { server, port } = await listening(
      http.createServer((_, response) => response.writeHead(503).end("no database")),
    )
    const waiting = waitForHealth("127.0.0.1", port, { patienceMs: 200, isWanted: () => true })
    await expect(waiting).rejects.toThrow("503 no database")
    server.close()
  })

  it("ends when nobody wants to know any more", async () => {
    await waitForHealth("127.0.0.1", 9, { patienceMs: 5_000, isWanted: () => false })
  })
})

describe("the closing words", () => {
  const closing = {
    baseUrl: "http://127.0.0.1:3000",
    auditLogsUrl: "http://127.0.0.1:3000/acme/admin/audit-logs",
    mailUrl: null,
    first: null,
    hasPeople: true,
    development: false,
    took: "3.0 s",
  }

  it("name the address of the audit logs and the one-time link", () => {
    const link = "http://127.0.0.1:3000/sign-in/link?token=t"
    const text = closingBlock({
      ...closing,
      first: { link, email: "ada@acme.example", expiresAt: "2026-01-01T00:00:00Z" },
    })
    expect(text).toContain(closing.auditLogsUrl)
    expect(text).toContain(`    ${link}\n`)
    expect(text).toContain("ada@acme.example")
  })

  it("name the command where nobody has been made yet", () => {
    expect(closingBlock({ ...closing, hasPeople: false })).toContain("npm run admin")
    expect(closingBlock(closing)).not.toContain("npm run admin")
  })

  it("warn where people would come without encryption", () => {
    expect(closingBlock({ ...closing, baseUrl: "http://192.0.2.7:3000" })).toContain("without encryption")
    for (const baseUrl of [
      "http://127.0.0.1:3000",
      "http://[::1]:3000",
      "http://localhost:3000",
      "https://audit.example.com",
    ]) {
      expect(closingBlock({ ...closing, baseUrl })).not.toContain("without encryption")
    }
  })
})
